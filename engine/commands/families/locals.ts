import { engineErrors } from '../../errors.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { frameRegisters } from '../registers/block.ts';
import { framePlaces } from '../stack/places.ts';
import { frameLine } from '../stack/text.ts';
import { variableLines } from '../types/variables.ts';

async function locals(context: CommandContext, args: Args): Promise<Control | undefined> {
  const flags = new Set<string>();
  for (
    let match = args.match(/\/([itvVraAnNzZ])(?=\s|\/|$)/y);
    match;
    match = args.match(/\/([itvVraAnNzZ])(?=\s|\/|$)/y)
  ) {
    flags.add(match[1] ?? '');
  }
  if (args.text[args.position] === '/') args.fail();
  const pattern = args.word() ?? '*';
  args.expectEnd();
  const { state } = context;
  const all = await state.target.locals(state.context);
  const chosen = all.filter((variable) => matchesWildcard(pattern, variable.name));
  const sorted =
    flags.has('n') || flags.has('a') ? [...chosen].sort((a, b) => (a.name < b.name ? -1 : 1)) : chosen;
  const style = {
    types: flags.has('t'),
    places: flags.has('v') || flags.has('V'),
    kinds: flags.has('i'),
    ...(flags.has('V') ? { relative: await framePlaces(state) } : {}),
  };
  if (sorted.length === 0) await expectSymbols(context);
  else context.print(variableLines(sorted, style, state.pointerSize).join('\n'));
  return undefined;
}

/** Nothing to show because there are none, or because the code has no debug information. */
async function expectSymbols({ state }: CommandContext): Promise<void> {
  const frames = await state.target.frames(state.thread, state.frame + 1);
  if (frames[state.frame]?.source) return;
  throw engineErrors.unsupported(
    'dv',
    'Unable to enumerate locals, HRESULT 0x80004005',
    'The code of this frame has no debug information; .frame selects another one.',
  );
}

async function showFrame(context: CommandContext, wanted: bigint, at: number): Promise<void> {
  const { state } = context;
  const index = Number(wanted > 0xffffn ? 0xffffn : wanted);
  const frames = await state.target.frames(state.thread, index + 1);
  const frame = frames[index];
  if (!frame)
    throw engineErrors.badArgument(
      `Cannot find frame 0x${wanted.toString(16)}, previous scope unchanged`,
      at,
    );
  state.frame = index;
  context.print(frameLine(state, frame));
  context.host.stateChanged();
}

async function frame(context: CommandContext, args: Args): Promise<Control | undefined> {
  const withRegisters = args.match(/\/r(?=\s|$)/y) !== null;
  const at = args.next;
  if (args.text[at] === '/') args.fail(at);
  const wanted = args.done ? BigInt(context.state.frame) : await context.evaluate(args);
  args.expectEnd();
  await showFrame(context, wanted, at);
  if (withRegisters) context.host.output('prompt-registers', `${await frameRegisters(context.state)}\n`);
  return undefined;
}

function neighbour(step: 1 | -1): CommandEntry['run'] {
  return async (context, args) => {
    args.expectEnd();
    const wanted = context.state.frame + step;
    if (wanted < 0)
      throw engineErrors.badArgument('This is the innermost frame', args.end - context.name.length);
    await showFrame(context, BigInt(wanted), args.end - context.name.length);
    return undefined;
  };
}

const common = { family: 'Stack and locals', needs: 'any' } as const;

export const localCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'dv',
    syntax: ['[~Thread] dv [/t] [/v|/V] [/i] [/n] [Pattern]'],
    summary: 'Shows the local variables and parameters of the current frame.',
    help: '/t adds types, /v where each lives, /V that and its distance from the frame, /i whether it is a parameter, /n sorts by name.',
    example: 'dv /t /v',
    glue: /^\//,
    run: locals,
  },
  {
    ...common,
    name: '.frame',
    syntax: ['.frame [/r] [FrameNumber]'],
    summary: 'Shows the current frame, or makes another one the current.',
    help: 'The number is the one that k shows. Running the target, or a thread token, goes back to frame 0.',
    example: '.frame 1',
    run: frame,
  },
  {
    ...common,
    name: '.f+',
    syntax: ['.f+'],
    summary: 'Makes the caller of the current frame the current frame.',
    help: 'One step away from where the target stopped.',
    run: neighbour(1),
  },
  {
    ...common,
    name: '.f-',
    syntax: ['.f-'],
    summary: 'Makes the frame that the current frame called the current frame.',
    help: 'One step towards where the target stopped.',
    run: neighbour(-1),
  },
];
