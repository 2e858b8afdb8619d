import type { BreakpointSpec } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import { deferrable, deferredLine, mayCome } from '../breakpoints/place.ts';
import { readPlace } from '../breakpoints/read-place.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { currentRegister, setInstructionPointer } from '../registers/write.ts';
import type { How } from '../stops/execution.ts';

/** WinDbg's own limit. */
const MAX_STOPS = 10;

interface GoKind {
  /** Left out: as the event's filter says (`sx`). */
  readonly signal?: 'pass' | 'handled';
  /** Break addresses are for the current thread alone. */
  readonly ownThread?: boolean;
}

/** `g[a] [= Start] [Break…]`: runs, with breakpoints that last until the next stop. */
async function go(context: CommandContext, args: Args, kind: GoKind): Promise<Control> {
  const { state } = context;
  if (args.take('=')) await setInstructionPointer(state, await context.evaluate(args));
  const stops: BreakpointSpec[] = [];
  while (!args.done && stops.length < MAX_STOPS) {
    args.take(',');
    const where = await readStop(context, args, /a$/i.test(context.name));
    const pending = where.kind === 'symbol' || where.kind === 'line';
    const thread = kind.ownThread ? { thread: state.thread } : {};
    stops.push({ where, oneShot: true, pending, ...thread });
  }
  args.expectEnd();
  const signal = kind.signal === undefined ? {} : { signal: kind.signal };
  const how = { kind: 'continue', ...signal, ...onlyThread(context) } as const;
  return context.resume(() => runTo(context, stops, how));
}

/** A name of a module that is not loaded yet is waited for; what nothing can come for is an error. */
async function readStop(
  context: CommandContext,
  args: Args,
  hardware: boolean,
): Promise<BreakpointSpec['where']> {
  const at = args.next;
  const { expression, address } = await readPlace(context, args);
  if (address !== null) return { kind: hardware ? 'hardwareExecute' : 'address', address };
  const where = hardware || !(await mayCome(context.state, expression)) ? null : deferrable(expression);
  if (!where) throw engineErrors.unresolved(args.text.slice(at).trimEnd(), at);
  context.print(deferredLine(expression));
  return where;
}

async function runTo(context: CommandContext, stops: readonly BreakpointSpec[], how: How): Promise<void> {
  // When it has stopped another system may be the current one.
  const { current } = context.state;
  const numbers: number[] = [];
  try {
    for (const stop of stops) numbers.push((await current.target.insertBreakpoint(stop)).number);
    await context.execution.go(how);
  } finally {
    // The one that was hit is gone already.
    for (const number of numbers) {
      if (current.kind === 'live') await current.target.deleteBreakpoint(number).catch(() => {});
    }
  }
}

/** Where the target stands at a breakpoint there is nothing that the program could be left to handle. */
async function goUnhandled(context: CommandContext, args: Args): Promise<Control> {
  const forced = context.name.endsWith('N');
  if (!forced && context.state.current.lastStop?.reason === 'breakpoint') {
    throw engineErrors.badArgument(
      'The target stands at a breakpoint, which the program has no handler for; g goes on, gN does all the same',
      args.next,
    );
  }
  return go(context, args, { signal: 'pass', ownThread: true });
}

/** In the way that led to the stop. */
async function goConditional(context: CommandContext, args: Args): Promise<Control> {
  args.expectEnd();
  const { execution } = context;
  const kind = execution.lastKind === 'finish' ? 'continue' : execution.lastKind;
  return context.resume(() => execution.go({ kind, ...onlyThread(context) }));
}

/** With a thread prefix the others stay where they are. */
export function onlyThread(context: CommandContext): { thread?: number; onlyThread?: boolean } {
  const { prefix } = context;
  if (!prefix || prefix.all) return {};
  const [thread, more] = prefix.threads;
  if (thread === undefined || more !== undefined) return {};
  return { thread, onlyThread: true };
}

async function goUp(context: CommandContext, args: Args): Promise<Control> {
  args.expectEnd();
  const { frame } = context.state;
  if ((await currentRegister(context.state, 'ip')) === null) throw engineErrors.noTarget();
  return context.resume(() => context.execution.go({ kind: 'finish', frame, ...onlyThread(context) }));
}

const common = { family: 'Execution', needs: 'live', threads: 'own' } as const;

export const goCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'g',
    differences:
      'A name that is not known is an error unless its module is still to come: a slip would run the program to its end. Signals are passed to the program; WinDbg takes some exceptions for handled.',
    aliases: ['ga'],
    syntax: ['[~Thread] g[a] [= Start] [BreakAddress …]'],
    summary: 'Runs the target until it stops.',
    help:
      'Break addresses (at most ten) are breakpoints for this run only, with `ga` in the CPU; a name of a module that is not loaded yet is waited for. A signal that was reported is ' +
      'passed to the program; when nobody would handle it, its second chance is reported first. ' +
      'With a thread before it, only that thread runs.',
    example: 'g loop!main',
    glue: /^[@$=`.(]/,
    run: (context, args) => go(context, args, {}),
  },
  {
    ...common,
    name: 'gh',
    syntax: ['[~Thread] gh [= Start] [BreakAddress …]'],
    summary: 'Runs the target with the signal that was reported taken as handled.',
    help: 'The program does not get the signal. Break addresses are for the current thread.',
    example: 'gh',
    run: (context, args) => go(context, args, { signal: 'handled', ownThread: true }),
  },
  {
    ...common,
    name: 'gn',
    aliases: ['gN'],
    syntax: ['[~Thread] gn [= Start] [BreakAddress …]'],
    summary: 'Runs the target and passes on the signal that was reported.',
    help: 'As `g`, which passes signals too; but where the target stands at a breakpoint only `gN` goes on. Break addresses are for the current thread.',
    example: 'gN',
    run: goUnhandled,
  },
  {
    ...common,
    name: 'gc',
    secure: 'allowed',
    syntax: ['gc'],
    summary: 'Goes on in the way that led here: runs, or makes one more step.',
    help: 'It is for the commands of breakpoints with conditions: the run goes on, and a step is not made a run.',
    example: "bp loop!helper \"j (@edi = 2) '' ; 'gc'\"",
    run: goConditional,
  },
  {
    ...common,
    name: 'gu',
    syntax: ['[~Thread] gu'],
    summary: 'Runs until the current function returns.',
    help: 'It is this call that has to return: recursion does not end it early.',
    example: 'gu',
    run: goUp,
  },
];
