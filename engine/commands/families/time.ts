import { engineErrors } from '../../errors.ts';
import { longDate, shortDate } from '../../format/time.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { processTimes, spanText, systemUptime, threadTimes } from '../systems/times.ts';

/** `.time [-h Hours]`: Hours from UTC instead of the local zone; a negative number stands in brackets. */
async function time(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  let hours: number | null = null;
  if (args.match(/-h(?=\s)/y)) hours = Number(BigInt.asIntN(16, await context.evaluate(args)));
  args.expectEnd();
  context.print(`Debug session time: ${hours === null ? longDate(new Date()) : longDate(new Date(), hours)}`);
  if (state.kind !== 'live' || state.isKernel) return undefined;
  context.print(`System Uptime: ${spanText(await systemUptime(state))}`);
  const { uptime, kernel, user } = await processTimes(state);
  context.print(`Process Uptime: ${spanText(uptime)}`);
  context.print(`  Kernel time: ${spanText(kernel)}\n  User time: ${spanText(user)}`);
  return undefined;
}

async function threadTime(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { state } = context;
  if (state.kind !== 'live' || state.isKernel)
    throw engineErrors.unsupported(
      '.ttime',
      'only a live process has times of its threads',
      '.time shows the time.',
    );
  const { started, kernel, user } = await threadTimes(state);
  context.print(
    [
      `Created: ${longDate(started).replace(/ \(.*/, '')}`,
      `Kernel:  ${spanText(kernel)}`,
      `User:    ${spanText(user)}`,
    ].join('\n'),
  );
  return undefined;
}

async function echoTime(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  context.print(`Current time: ${shortDate(new Date())}`);
  return undefined;
}

async function echoTimestamps(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  state.echoTimestamps = args.done ? !state.echoTimestamps : (await context.evaluate(args)) !== 0n;
  args.expectEnd();
  context.print(`Event timestamps ${state.echoTimestamps ? 'enabled' : 'disabled'}`);
  return undefined;
}

/** A day: longer is nobody's wish. */
const LONGEST_SLEEP = 86_400_000n;

async function sleep(context: CommandContext, args: Args): Promise<Control | undefined> {
  const at = args.next;
  const milliseconds = await context.evaluate(args);
  args.expectEnd();
  if (milliseconds > LONGEST_SLEEP)
    throw engineErrors.badArgument('.sleep waits for a day (0n86400000) at most', at);
  const ending = new AbortController();
  const waited = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, Number(milliseconds));
    ending.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  await context.state.cancel.during(waited, () => ending.abort());
  return undefined;
}

const common = { family: 'Session', needs: 'none', secure: 'allowed' } as const;

export const timeCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.time',
    syntax: ['.time [-h Hours]'],
    summary: 'Shows the time, and how long system and process have been running.',
    help: 'And how much of it the process has used. Of the machine that it runs on. -h takes hours from UTC instead of the local zone; a negative number stands in brackets: `-h (-5)`.',
    example: '.time',
    run: time,
  },
  {
    ...common,
    name: '.ttime',
    needs: 'any',
    syntax: ['[~Thread] .ttime'],
    summary: 'Shows when the current thread began and how much time it has used.',
    help: 'In the kernel, and by itself.',
    example: '.ttime',
    run: threadTime,
  },
  {
    ...common,
    name: '.echotime',
    syntax: ['.echotime'],
    summary: 'Shows the time of the machine where the engine runs.',
    help: 'For scripts: it takes no look at the target.',
    example: '.echotime',
    run: echoTime,
  },
  {
    ...common,
    name: '.echotimestamps',
    syntax: ['.echotimestamps [0|1]'],
    summary: 'Turns the time before events on or off.',
    help: 'Events are breaks, signals, breakpoints hit, modules loaded. Without a number it changes to the other.',
    example: '.echotimestamps 1',
    run: echoTimestamps,
  },
  {
    ...common,
    name: '.sleep',
    syntax: ['.sleep Milliseconds'],
    summary: 'Waits.',
    help: 'The number is in the current base (n): 0n for decimal. A break-in ends it.',
    example: '.sleep 0n10',
    run: sleep,
  },
];
