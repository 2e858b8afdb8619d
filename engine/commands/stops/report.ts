import type { Stop } from '../../backend/types.ts';
import type { Breakpoint } from '../breakpoints/breakpoint.ts';
import type { CommandHost } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import { breakInLine, remember, signalLines } from './event-text.ts';
import { describeSignal, signalName } from './signals.ts';

/** The event lines of a stop, before its registers. */
export function reportStop(
  state: DebuggerState,
  host: CommandHost,
  stop: Stop,
  hit: readonly Breakpoint[],
  quiet: boolean,
): void {
  const thread = stop.thread ?? 0;
  const print = (line: string): void => host.output('normal', `${line}\n`);
  // A breakpoint with commands speaks through them alone.
  if (!quiet) for (const breakpoint of hit) print(`Breakpoint ${breakpoint.id} hit`);
  for (const breakpoint of hit) remember(state, thread, `Hit breakpoint ${breakpoint.id}`);
  if (stop.reason === 'signal' && stop.signal)
    signalLines(state, thread, stop.signal, 'first').forEach(print);
  if (stop.reason === 'interrupt') print(breakInLine(state, thread));
}

/** The target is gone: says with what code, and forgets it. */
export function reportEnd(state: DebuggerState, host: CommandHost, stop: Stop): void {
  const pid = state.process?.pid ?? 0;
  const code = stop.signal ? describeSignal(stop.signal).code : (stop.exitCode ?? 0);
  const text = `Exit process 0:${pid.toString(16)}, code ${code.toString(16)}`;
  host.output('normal', `${remember(state, state.eventThread, text)}\n`);
  const how = stop.signal
    ? `was ended by ${signalName(stop.signal)}`
    : `has exited with code ${stop.exitCode ?? 0}`;
  const again = state.spec?.kind === 'launch' ? ' .restart starts it again.' : '';
  // WinDbg would stop inside the exiting process; on Linux nothing of it is left.
  host.output('normal', `The program ${how}; there is no debuggee any more.${again}\n`);
  for (const breakpoint of state.breakpoints.all()) breakpoint.info = null;
  state.clearTarget();
  host.breakpointsChanged();
  if (state.options?.ignoreFinalBreak) host.endSession('kill');
}
