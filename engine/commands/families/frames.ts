import type { Frame } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { mayHoldCommands } from '../flow/frame.ts';
import { frameRegisters } from '../registers/block.ts';
import { frameLine } from '../stack/text.ts';
import type { DebuggerState } from '../state.ts';
import { runNext } from '../threads/each.ts';

/** `!for_each_frame` goes so far. */
const MOST = 256;

/** @throws HawserError `BAD_ARGUMENT` where there is no such frame; the scope stays as it is */
async function showFrame(context: CommandContext, wanted: bigint, at: number): Promise<void> {
  const { state } = context;
  const index = Number(wanted > 0xffffn ? 0xffffn : wanted);
  const frames = await state.target.frames(state.thread, index + 1);
  const frame = frames[index];
  if (!frame) throw noFrame(wanted, at);
  state.frame = index;
  context.print(frameLine(state, frame));
  context.host.stateChanged();
}

function noFrame(wanted: bigint, at: number): Error {
  return engineErrors.badArgument(`Cannot find frame 0x${wanted.toString(16)}, previous scope unchanged`, at);
}

async function frame(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  const flags = new Set<string>();
  for (let match = args.match(/\/([cr])(?=\s|$)/y); match; match = args.match(/\/([cr])(?=\s|$)/y))
    flags.add(match[1] ?? '');
  const at = args.next;
  if (args.text[at] === '/') args.fail(at);
  const wanted = args.take('=')
    ? await frameAt(context, args, at)
    : args.done
      ? BigInt(state.frame)
      : await context.evaluate(args);
  args.expectEnd();
  await showFrame(context, wanted, at);
  if (flags.has('c')) state.current.registerFrame = state.frame;
  if (flags.size > 0) context.host.output('prompt-registers', `${await frameRegisters(state)}\n`);
  return undefined;
}

/** `= BasePtr [Increment]`, `= BasePtr StackPtr InstructionPtr`: of the stack that there is, as `k` shows it. */
async function frameAt(context: CommandContext, args: Args, at: number): Promise<bigint> {
  const numbers: bigint[] = [];
  while (!args.done && numbers.length < 3) numbers.push(await context.evaluate(args));
  const [base = args.fail(), second, address] = numbers;
  const pointer = address === undefined ? base : (second ?? base);
  const frames = await context.target.frames(context.state.thread, context.state.defaultFrames);
  const found = frames.findIndex(
    (each) => holds(each, frames, pointer) && (address ?? each.address) === each.address,
  );
  if (found < 0) throw noFrame(pointer, at);
  return BigInt(found) + (address === undefined ? (second ?? 0n) : 0n);
}

/** Whether a stack pointer lies in the part of the stack that is the frame's. */
function holds({ level, stackPointer }: Frame, frames: readonly Frame[], pointer: bigint): boolean {
  if (stackPointer === null || pointer < stackPointer) return false;
  const next = frames.slice(level + 1).find((each) => each.stackPointer !== null)?.stackPointer;
  return next === undefined || next === null
    ? pointer === stackPointer
    : pointer < next || pointer === stackPointer;
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

/** What is to be run each time; '' where nothing is; null: help was asked for. */
function commandString(args: Args): string | null {
  if (args.match(/-\?(?=\s|$)/y)) return null;
  const text = args.quoted() ?? args.rest();
  args.expectEnd();
  return text;
}

async function forEachFrame(context: CommandContext, args: Args): Promise<Control | undefined> {
  const commands = commandString(args);
  if (commands === null) return help(context, '!for_each_frame');
  const { state } = context;
  const before = state.frame;
  const frames = await state.target.frames(state.thread, MOST);
  let leave = false;
  try {
    for (const each of frames) {
      state.cancel.check();
      context.print(frameLine(state, each));
      if (commands === '') continue;
      state.frame = each.level;
      leave = (await runNext(context, () => context.run(commands))).leave === true || leave;
    }
  } finally {
    restoreFrame(state, before, frames);
  }
  return { leave };
}

/** The commands may have run the target: then the scope is where it stands. */
function restoreFrame(state: DebuggerState, before: number, frames: readonly Frame[]): void {
  if (state.kind !== 'none' && before < frames.length) state.frame = before;
}

async function forEachLocal(context: CommandContext, args: Args): Promise<Control | undefined> {
  const commands = commandString(args);
  if (commands === null) return help(context, '!for_each_local');
  const { state } = context;
  const names = new Set((await state.target.locals(state.context)).map(({ name }) => name));
  let leave = false;
  for (const name of names) {
    state.cancel.check();
    // Names come from the target's files: what could be more than a name is only shown.
    if (commands === '' || mayHoldCommands(name)) {
      context.print(name);
      continue;
    }
    const local = new Map([['@#Local', name]]);
    leave = (await runNext(context, () => context.run(commands, local))).leave === true || leave;
  }
  return { leave };
}

function help(context: CommandContext, name: string): undefined {
  const entry = context.commands.find((each) => each.name === name);
  context.print([...(entry?.syntax ?? []), entry?.help ?? ''].join('\n'));
}

const common = { family: 'Stack and locals', needs: 'any' } as const;

export const frameCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.frame',
    syntax: [
      '.frame [/c] [/r] [FrameNumber]',
      '.frame [/c] [/r] = BasePtr [Increment]',
      '.frame [/c] [/r] = BasePtr StackPtr InstructionPtr',
    ],
    summary: 'Shows the current frame, or makes another one the current.',
    help:
      'The number is the one that k shows, or it is the frame that a stack pointer belongs to. /r shows the registers as they are in that frame, /c makes them those that ' +
      'r, @rip and their like mean. Running the target, or a thread token, goes back to frame 0.',
    example: '.frame 1',
    differences:
      'Behind `=` only frames of the thread’s own stack are found. k begins where the thread stands, with /c too.',
    run: frame,
  },
  {
    ...common,
    name: '.f+',
    syntax: ['.f+'],
    summary: 'Makes the caller of the current frame the current frame.',
    help: 'One step away from where the target stopped.',
    example: '.f+; dv; .f-',
    run: neighbour(1),
  },
  {
    ...common,
    name: '.f-',
    syntax: ['.f-'],
    summary: 'Makes the frame that the current frame called the current frame.',
    help: 'One step towards where the target stopped.',
    example: '.frame 1; .f-',
    run: neighbour(-1),
  },
  {
    ...common,
    name: '!for_each_frame',
    syntax: ['!for_each_frame ["Commands"]', '!for_each_frame -?'],
    summary: 'Runs commands once for each frame of the stack, or lists the frames.',
    help:
      'Each frame is shown, and is the current one while the commands run; then the one from before is again. Several commands stand in quotes. ' +
      'It goes through 256 frames at most. `@$frame` is the number of the frame.',
    example: '!for_each_frame dv',
    run: forEachFrame,
  },
  {
    ...common,
    name: '!for_each_local',
    syntax: ['!for_each_local ["Commands"]', '!for_each_local -?'],
    summary: 'Runs commands once for each local variable of the current frame, or lists them.',
    help: '`@#Local`, between blanks or in `${}`, stands for the name of the variable. Several commands stand in quotes.',
    example: '!for_each_local dt @#Local',
    run: forEachLocal,
  },
];
