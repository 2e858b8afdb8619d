import { hostname } from 'node:os';
import type { RunState, TargetState } from '../protocol/session.ts';
import type { TargetSpec } from './host.ts';
import type { DebuggerState } from './state.ts';

/** What fronts show of the state. */
export function targetState(state: DebuggerState, busy: boolean, queued: number): TargetState {
  const { process, threadInfo, current } = state;
  const run: RunState = state.running
    ? 'running'
    : state.kind === 'none'
      ? 'noTarget'
      : busy
        ? 'busy'
        : 'stopped';
  return {
    run,
    prompt: promptText(state),
    process: process && { index: 0, pid: process.pid, name: baseName(process.executable) },
    thread: threadInfo && { index: threadInfo.index, tid: threadInfo.tid, name: threadInfo.name },
    kind: state.kind,
    ...(current.stub?.kernel && { kernel: true }),
    machine: state.kind === 'live' ? (current.stub?.machineName ?? hostname()) : '',
    description: describe(state.spec, state),
    ...progressOf(state, busy),
    queued,
  };
}

/** That the target runs freely is said already. */
function progressOf({ progress, running }: DebuggerState, busy: boolean): Pick<TargetState, 'progress'> {
  const isSaid = !busy || progress.text === null || (running && !progress.stepping);
  return isSaid || progress.text === null ? {} : { progress: progress.text };
}

/** `0:000> `. */
export function promptText(state: DebuggerState): string {
  if (state.running) return '*BUSY* ';
  if (state.pendingInput) return 'Input> ';
  if (state.kind === 'none') return 'NoTarget> ';
  if (state.current.isKernel) return kernelPrompt(state);
  const system = state.systems.length > 1 ? `||${state.current.index}:` : '';
  return `${system}0:${String(state.thread).padStart(3, '0')}> `;
}

/** `0: kd> ` with the processor; `kd> ` where there is only one. */
function kernelPrompt({ systems, current, threads, thread }: DebuggerState): string {
  const system = systems.length > 1 ? `||${current.index}:` : '';
  return `${system}${threads.length > 1 ? `${thread}: ` : ''}kd> `;
}

function describe(spec: TargetSpec | null, state: DebuggerState): string {
  if (state.kind === 'none' || !spec) return '';
  const pid = `(pid ${state.process?.pid ?? 0})`;
  switch (spec.kind) {
    case 'stub':
      if (spec.stub.kernel) return `kernel at ${spec.stub.connection}`;
      return `${state.process?.executable || spec.stub.connection} ${pid}`;
    case 'launch':
      return `${[spec.program, ...spec.args].join(' ')} ${pid}`;
    case 'attach':
      return `${state.process?.executable || 'process'} ${pid}`;
    case 'core':
      return `core file ${spec.core}`;
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
