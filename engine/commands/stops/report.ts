import type { Stop } from '../../backend/types.ts';
import { longDate } from '../../format/time.ts';
import type { Breakpoint } from '../breakpoints/breakpoint.ts';
import { eventLine, type StopEvents } from '../events/judge.ts';
import type { CommandHost } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';
import { breakInLine, remember, rememberQuietly, signalLines } from './event-text.ts';
import { describeSignal, signalName } from './signals.ts';

/** The event lines of a stop, before its registers. */
export function reportStop(
  state: DebuggerState,
  host: CommandHost,
  stop: Stop,
  hit: readonly Breakpoint[],
  quiet: boolean,
  events: readonly StopEvents[] = [],
): void {
  const thread = stop.thread ?? 0;
  const print = (line: string): void => host.output('normal', `${line}\n`);
  if (state.echoTimestamps) print(longDate(new Date()));
  // A breakpoint with commands speaks through them alone.
  if (!quiet) for (const breakpoint of hit) print(`Breakpoint ${breakpoint.id} hit`);
  for (const breakpoint of hit) remember(state, thread, `Hit breakpoint ${breakpoint.id}`);
  if (stop.reason === 'signal' && stop.signal)
    signalLines(state, thread, stop.signal, 'first').forEach(print);
  for (const event of events) {
    const line = eventLine(state.current, event, stop);
    if (line !== null) print(line);
  }
  if (hit.length === 0 && events.length === 0) rememberQuietly(state.current, thread, stop.reason);
  if (stop.reason === 'threadEnded') {
    print(remember(state, thread, `Exit thread ${stop.event?.thread ?? 0}`));
    print('Only that thread ran, and the others stand; g lets all go on.');
  }
  if (stop.reason === 'interrupt' && events.length === 0) print(breakInLine(state, thread));
}

/** A system's target is gone: says with what code, and forgets it; without other systems there is none any more. */
export function reportEnd(state: DebuggerState, host: CommandHost, system: System, stop: Stop): void {
  const pid = system.process?.pid ?? 0;
  const code = stop.signal ? describeSignal(stop.signal).code : (stop.exitCode ?? 0);
  const text = `Exit process 0:${pid.toString(16)}, code ${code.toString(16)}`;
  host.output('normal', `${remember(system, system.eventThread, text)}\n`);
  const how = stop.signal
    ? `was ended by ${signalName(stop.signal)}`
    : `has exited with code ${stop.exitCode ?? 0}`;
  const last = state.systems.length === 1;
  const again = system.spec?.kind === 'launch' ? ' .restart starts it again.' : '';
  // WinDbg would stop inside the exiting process; on Linux nothing of it is left.
  const left = last ? `there is no debuggee any more.${again}` : `system ${system.index} has ended.`;
  host.output('normal', `The program ${how}; ${left}\n`);
  system.clearTarget();
  host.breakpointsChanged();
  if (last && system.options?.ignoreFinalBreak) host.endSession('quit');
}

/** A system that has no target any more is taken out, unless it is the last; says where the session goes on. */
export async function dropSystem(state: DebuggerState, host: CommandHost, system: System): Promise<void> {
  if (state.systems.length === 1) return;
  const wasCurrent = state.current === system;
  state.removeSystem(system);
  if (wasCurrent) host.output('normal', `The session goes on with system ${state.current.index}.\n`);
  await system.release();
  for (const changed of [host.modulesChanged, host.threadsChanged, host.breakpointsChanged]) changed();
  host.stateChanged();
}
