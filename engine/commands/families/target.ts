import { release, type as systemType } from 'node:os';
import { engineErrors } from '../../errors.ts';
import { longDate } from '../../format/time.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { stopDisplay } from '../stops/display.ts';
import { exceptionLines } from '../stops/exception-record.ts';
import { signalName } from '../stops/signals.ts';
import type { ExceptionRecord } from '../system.ts';
import { kernelText } from '../targets/announce.ts';

async function lastEvent(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { lastEvent: event, pending } = context.state;
  if (!event) {
    context.print('Last event: none');
    return undefined;
  }
  context.print(`Last event: ${event.text}\n  debugger time: ${longDate(event.time)}`);
  if (!pending) return undefined;
  const { signal } = pending;
  const where = signal.address === undefined ? '' : `, address 0x${signal.address.toString(16)}`;
  context.print(`  signal: ${signalName(signal)}${where}`);
  return undefined;
}

/** One line for each event, the newest last. */
async function eventLog(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { events, lastEvent } = context.state.current;
  for (const { text, time } of events) context.print(`${longDate(time)}: ${text}`);
  context.print(`Last event: ${lastEvent?.text ?? 'none'}`);
  return undefined;
}

/** `.exr -1`: the exception that came last. */
async function exceptionRecord(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  const at = args.next;
  if (!args.take('-1') || !args.done)
    throw engineErrors.badArgument(
      'Linux keeps no exception records in memory; .exr -1 shows the exception that came last',
      at,
    );
  context.print(await exceptionLines(state, lastException(state)));
  return undefined;
}

/** `.ecxr`: registers and frame of the thread as the exception found it. */
async function exceptionContext(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { state, host } = context;
  state.thread = lastException(state).thread;
  state.frame = 0;
  state.codeCursor = null;
  host.stateChanged();
  host.output('prompt-registers', `${await stopDisplay(state, true)}\n`);
  return undefined;
}

function lastException({ current, threads }: CommandContext['state']): ExceptionRecord {
  const last = current.lastException;
  if (last && threads.some(({ index }) => index === last.thread)) return last;
  throw engineErrors.badArgument(
    'Unable to get exception context: no signal has stopped the target yet (.lastevent tells what has)',
    0,
  );
}

async function input(context: CommandContext, args: Args): Promise<Control | undefined> {
  const backend = context.target;
  if (backend.capabilities.input !== true)
    throw engineErrors.unsupported("The target's input", backend.capabilities.input);
  backend.writeInput(`${args.rest()}\n`);
  return undefined;
}

async function restart(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { execution, targets } = context;
  const goes = await targets.restart();
  if (!goes && execution.openingCommands(true).length === 0) return undefined;
  return context.resume(() => execution.opened(goes, true));
}

/** `/h`, `/n`: what becomes of the signal that was reported; left out: as `g` has it. */
function readHandling(args: Args): 'handled' | 'pass' | undefined {
  const letter = args.match(/\/([hn])(?=\s|$)/iy)?.[1]?.toLowerCase();
  args.expectEnd();
  return letter === undefined ? undefined : letter === 'h' ? 'handled' : 'pass';
}

async function detach(context: CommandContext, args: Args): Promise<Control | undefined> {
  const signal = readHandling(args);
  await context.targets.detach(context.state.current, signal);
  return undefined;
}

async function kill(context: CommandContext, args: Args): Promise<Control | undefined> {
  readHandling(args);
  await context.targets.kill();
  return undefined;
}

async function targetVersion(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const { state } = context;
  const machine = state.target.architecture || 'unknown machine';
  if (state.isKernel) context.print(kernelText(state));
  else context.print(`Linux target, ${machine}, ${state.pointerSize * 8}-bit`);
  const { stub } = state.current;
  if (stub) context.print(`Target machine: ${stub.machineName} (${stub.connection})`);
  context.print(`Debugger runs on ${systemType()} ${release()}`);
  context.print(`Debug session time: ${longDate(new Date())}`);
  return undefined;
}

async function version(context: CommandContext, args: Args): Promise<Control | undefined> {
  if (context.state.kind !== 'none') await targetVersion(context, args);
  args.expectEnd();
  context.print(`Hawser ${context.host.version}`);
  context.print(`Engine: ${context.state.backend?.version ?? 'none started yet'}`);
  return undefined;
}

const common = { family: 'Session' } as const;

export const targetCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.lastevent',
    differences: 'Lines with the Linux name of the signal and its address follow.',
    needs: 'none',
    syntax: ['.lastevent'],
    summary: 'Shows what made the target stop last.',
    help: 'For a signal its Linux name and the address that it names too.',
    example: '.lastevent',
    run: lastEvent,
  },
  {
    ...common,
    name: '.eventlog',
    differences: 'The last 200 events, each with its time.',
    needs: 'none',
    secure: 'allowed',
    syntax: ['.eventlog'],
    summary: 'Shows the events of the current target, the newest last.',
    help: 'The last 200 of them, with their times.',
    example: '.eventlog',
    run: eventLog,
  },
  {
    ...common,
    name: '.exr',
    needs: 'any',
    secure: 'allowed',
    syntax: ['.exr -1'],
    summary: 'Shows the exception that came last.',
    help: 'Where it was, and of a signal its code of what happened (si_code) and the address that it names. Linux has no exception records at addresses.',
    example: '.exr -1',
    run: exceptionRecord,
  },
  {
    ...common,
    name: '.ecxr',
    aliases: ['.excr'],
    needs: 'any',
    secure: 'allowed',
    syntax: ['.ecxr'],
    summary: 'Goes to the thread of the exception that came last, and shows its registers.',
    help: 'In a core file that is the thread which ended the program. The stack of the signal is the thread’s own, so nothing else has to be switched.',
    example: '.ecxr',
    run: exceptionContext,
  },
  {
    ...common,
    name: '.input',
    needs: 'none',
    syntax: ['.input Text'],
    summary: "Types a line at the target's terminal.",
    help: 'The program reads it from its standard input when it runs. All of the line counts, semicolons too. Alone on its line it does not wait until a running program stops. Hawser’s own: windows have a box for it, and a console gives what is typed while the program runs to the program.',
    example: '.input yes',
    wholeLine: true,
    whileRunning: true,
    run: input,
  },
  {
    ...common,
    name: '.restart',
    changes: true,
    needs: 'none',
    syntax: ['.restart'],
    summary: 'Starts the program again from its beginning.',
    help: 'Only a program that the debugger started. Breakpoints stay.',
    once: true,
    example: '.restart',
    run: restart,
  },
  {
    ...common,
    name: '.detach',
    changes: true,
    needs: 'any',
    syntax: ['.detach [/h|/n]'],
    summary: 'Lets the target go; it runs on without a debugger.',
    help: 'Of the current system. The session stays, and goes on with the next system or without a target. A signal that was reported is kept from the program with /h, and given to it with /n; without either it is as `g` would have it (sx).',
    once: true,
    example: '.detach',
    run: detach,
  },
  {
    ...common,
    name: '.kill',
    changes: true,
    needs: 'any',
    syntax: ['.kill [/h|/n]'],
    summary: 'Ends the target.',
    help:
      'That of the current system, at once: on Linux nothing is left of it to look at. The session stays, and goes on with ' +
      'the next system or without a target. /h and /n are taken and change nothing: no program sees its end.',
    once: true,
    example: '.kill',
    run: kill,
  },
  {
    ...common,
    name: 'vertarget',
    needs: 'any',
    syntax: ['vertarget'],
    summary: 'Shows what machine the target runs on.',
    help: 'And the time.',
    example: 'vertarget',
    run: targetVersion,
  },
  {
    ...common,
    name: 'version',
    needs: 'none',
    syntax: ['version'],
    summary: 'Shows the versions of the target, of Hawser and of the engine.',
    help: 'What vertarget shows, Hawser’s own version, and the GDB that drives the target.',
    example: 'version',
    run: version,
  },
];
