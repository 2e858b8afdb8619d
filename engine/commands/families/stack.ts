import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { type StackStyle, stackText } from '../stack/text.ts';

/** `.kframes` in WinDbg. */
const DEFAULT_FRAMES = 256;
const MAX_FRAMES = 0x10000;

async function stack(context: CommandContext, args: Args): Promise<Control | undefined> {
  const flags = args.match(/[bcfLMnpPv]+/y)?.[0] ?? '';
  const style: StackStyle = {
    rawArguments: /[bv]/.test(flags),
    memory: flags.includes('f'),
    symbolsOnly: flags.includes('c'),
    source: !flags.includes('L'),
    parameters: flags.includes('P') ? 'lines' : flags.includes('p') ? 'inline' : 'none',
  };
  const wanted = args.done ? DEFAULT_FRAMES : Number(await context.evaluate(args));
  args.expectEnd();
  const { state } = context;
  const limit = Math.min(wanted, MAX_FRAMES);
  const frames = await state.target.frames(state.thread, limit, style.parameters !== 'none');
  context.print(await stackText(state, frames, style));
  return undefined;
}

export const stackCommands: readonly CommandEntry[] = [
  {
    name: 'k',
    family: 'Stack and locals',
    syntax: ['[~Thread] k[b|c|p|P|v][n][f][L] [FrameCount]'],
    summary: 'Shows the call stack.',
    help:
      'b and v add the raw words that a caller left on the stack, p parameters with their values, P ' +
      'each parameter on a line of its own, f the stack that each frame takes, c shows names only, ' +
      'L leaves out source lines. Frame numbers and FrameCount are hexadecimal.',
    example: 'kL 5',
    needs: 'any',
    glue: /^(?:[bcfLMnpPv]*(?:[0-9@$(]|\s|$))/,
    run: stack,
  },
];
