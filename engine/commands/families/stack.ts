import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { stackLines } from '../kernel/task-text.ts';
import { displayPointers } from '../memory/pointers.ts';
import { pseudoRegister } from '../pseudo.ts';
import { MAX_FRAMES, stackRequest } from '../stack/request.ts';
import { showStacks } from '../stack/stacks.ts';
import { RAW_WORDS } from '../stack/text.ts';
import { chosenStack } from './linux.ts';

async function stack(context: CommandContext, args: Args): Promise<Control | undefined> {
  const request = await stackRequest(context, args);
  const { state, prefix } = context;
  const { style, count, start } = request;
  const details = { args: style.parameters !== 'none', words: style.words ? RAW_WORDS : 0 };
  const chosen = prefix || start ? null : await chosenStack(context, { limit: count, details });
  if (chosen) context.print(stackLines(state, chosen, style).join('\n'));
  else await showStacks(context, prefix?.threads ?? [state.thread], request, prefix?.all === true);
  // A thread before a command goes back to where threads stand.
  if (prefix) state.frame = 0;
  return undefined;
}

async function rawStack(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const count = args.done ? BigInt(state.defaultFrames) : await context.evaluate(args);
  args.expectEnd();
  const start = (await pseudoRegister(state, '$csp')) ?? 0n;
  await displayPointers(context, start, count, state.pointerSize, 's', 1);
}

async function defaultFrames(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const at = args.next;
  const count = args.done ? null : await context.evaluate(args);
  args.expectEnd();
  if (count !== null && (count === 0n || count > MAX_FRAMES)) args.fail(at);
  if (count !== null) state.defaultFrames = Number(count);
  context.print(`Default stack trace depth is 0n${state.defaultFrames} frames`);
}

const common = { family: 'Stack and locals' } as const;

export const stackCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'k',
    syntax: [
      '[~Thread] k[b|p|P|v][c][n][f][L][M] [FrameCount]',
      '[~Thread] k[b|p|P|v][c][n][f][L][M] = StackPtr [FrameCount]',
      '[~Thread] k[b|p|P|v][c][n][f][L][M] = StackPtr InstructionPtr FrameCount',
    ],
    summary: 'Shows the call stack.',
    help:
      'b and v add the raw words that a caller left on the stack (b in place of the stack pointer), p parameters with their values, P ' +
      'each parameter on a line of its own, f the stack that each frame takes, c shows names only, ' +
      'L leaves out source lines. Frame numbers and FrameCount are hexadecimal; without one .kframes counts. Behind `=` stands where the stack ' +
      'begins, in place of what the registers say. What has no symbol is shown by its place in its module. `~*k` shows the stacks of all threads.',
    example: 'kL 5',
    differences:
      'kv shows no FPO data: code of Linux has none. Where `=` gives an address, ' +
      'registers that code keeps are taken from the thread, the frame pointer from the stack.',
    needs: 'any',
    threads: 'own',
    glue: /^(?:[bcfLMnpPv]*(?:[0-9@$(=]|\s|$))/,
    run: stack,
  },
  {
    ...common,
    name: 'kd',
    syntax: ['[~Thread] kd [WordCount]'],
    summary: 'Shows the words of the stack, with the symbols that they are addresses of.',
    help: 'From the stack pointer up, as dps does. Without WordCount .kframes counts.',
    example: 'kd 4',
    differences:
      'Words are as wide as pointers, so that those with symbols are seen; WinDbg’s are of 32 bits.',
    needs: 'any',
    run: rawStack,
  },
  {
    ...common,
    name: '.kframes',
    syntax: ['.kframes [FrameCount]'],
    summary: 'Says how many frames k shows, and words kd, unless they are told.',
    help: 'Alone it shows the number.',
    example: '.kframes 20',
    needs: 'none',
    secure: 'allowed',
    run: defaultFrames,
  },
];
