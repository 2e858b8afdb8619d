import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';

/** `.  0 Live user mode: <Local>  0n6700 loop`: `.` marks the current one, `#` that of the last event. */
export function systemLine(state: DebuggerState, system: System): string {
  const mark = system === state.current ? '.' : system === state.eventSystem ? '#' : ' ';
  const runs = system.running ? ' (running)' : '';
  return `${mark}${String(system.index).padStart(3)} ${kindOf(system)}${runs}`;
}

function kindOf(system: System): string {
  const { spec, stub } = system;
  if (spec?.kind === 'core') return `User mini dump: ${spec.core}`;
  if (stub?.kernel) return `Remote KD: ${stub.connection}`;
  const where = stub
    ? `Remote user mode: ${stub.machineName} (${stub.connection})`
    : 'Live user mode: <Local>';
  const process = processText(system);
  return process === '' ? where : `${where} ${process}`;
}

/** `0n6700 loop`, as `.tlist` has it; '' where there is no process. */
export function processText({ process }: System): string {
  if (!process) return '';
  const name = process.executable.slice(process.executable.lastIndexOf('/') + 1);
  return `0n${process.pid} ${name}`.trimEnd();
}
