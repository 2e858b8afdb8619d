import type { RunState, TargetState } from '../protocol/session.ts';
import type { TargetSpec } from './host.ts';
import type { DebuggerState } from './state.ts';

/** What fronts show of the state. */
export function targetState(state: DebuggerState, busy: boolean, queued: number): TargetState {
  const run: RunState = state.running
    ? 'running'
    : state.kind === 'none'
      ? 'noTarget'
      : busy
        ? 'busy'
        : 'stopped';
  const { process, threadInfo } = state;
  return {
    run,
    prompt: promptText(state),
    process: process && { index: 0, pid: process.pid, name: baseName(process.executable) },
    thread: threadInfo && { index: threadInfo.index, tid: threadInfo.tid, name: threadInfo.name },
    kind: state.kind,
    description: describe(state.spec, state),
    queued,
  };
}

function promptText(state: DebuggerState): string {
  if (state.running) return '*BUSY* ';
  return state.kind === 'none' ? 'NoTarget> ' : `0:${String(state.thread).padStart(3, '0')}> `;
}

function describe(spec: TargetSpec | null, state: DebuggerState): string {
  if (state.kind === 'none' || !spec) return '';
  const pid = `(pid ${state.process?.pid ?? 0})`;
  switch (spec.kind) {
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
