import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { currentRegister, setInstructionPointer } from '../registers/write.ts';
import type { How } from '../stops/execution.ts';

/** WinDbg's own limit. */
const MAX_STOPS = 10;

/** `g [= Start] [Break…]`: runs, with breakpoints that last until the next stop. */
async function go(context: CommandContext, args: Args, signal: How['signal']): Promise<Control> {
  if (args.take('=')) await setInstructionPointer(context.state, await context.evaluate(args));
  const stops: bigint[] = [];
  while (!args.done && stops.length < MAX_STOPS) {
    args.take(',');
    stops.push(await context.evaluate(args));
  }
  args.expectEnd();
  const how = { kind: 'continue', signal: signal ?? 'pass', ...onlyThread(context) } as const;
  return context.resume(() => runTo(context, stops, how));
}

async function runTo(context: CommandContext, stops: readonly bigint[], how: How): Promise<void> {
  const { state } = context;
  const numbers: number[] = [];
  for (const address of stops) {
    const placed = await state.target.insertBreakpoint({
      where: { kind: 'address', address },
      oneShot: true,
    });
    numbers.push(placed.number);
  }
  try {
    await context.execution.go(how);
  } finally {
    // The one that was hit is gone already.
    for (const number of numbers) {
      if (state.kind === 'live') await state.target.deleteBreakpoint(number).catch(() => {});
    }
  }
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
    syntax: ['[~Thread] g [= Start] [BreakAddress …]'],
    summary: 'Runs the target until it stops.',
    help:
      'Break addresses (at most ten) are breakpoints for this run only. A signal that was reported is ' +
      'passed to the program; when nobody would handle it, its second chance is reported first. ' +
      'With a thread before it, only that thread runs.',
    example: 'g loop!main',
    glue: /^[@$=`.(]/,
    run: (context, args) => go(context, args, 'pass'),
  },
  {
    ...common,
    name: 'gh',
    syntax: ['[~Thread] gh [= Start] [BreakAddress …]'],
    summary: 'Runs the target with the signal that was reported taken as handled.',
    help: 'The program does not get the signal.',
    run: (context, args) => go(context, args, 'handled'),
  },
  {
    ...common,
    name: 'gn',
    aliases: ['gN'],
    syntax: ['[~Thread] gn [= Start] [BreakAddress …]'],
    summary: 'Runs the target and passes on the signal that was reported.',
    help: 'The same as `g`, which passes signals too.',
    run: (context, args) => go(context, args, 'pass'),
  },
  {
    ...common,
    name: 'gu',
    syntax: ['[~Thread] gu'],
    summary: 'Runs until the current function returns.',
    help: 'It is this call that has to return: recursion does not end it early.',
    run: goUp,
  },
];
