import type { Backend } from '../../backend/backend.ts';
import type { BackendEvent } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { CommandHost } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import { moduleLoadLine } from './announce.ts';

/** Passes on what the back end tells by itself. The answer ends it. */
export function followEvents(backend: Backend, state: DebuggerState, host: CommandHost): () => void {
  return backend.onEvent((event) => take(event, state, host));
}

function take(event: BackendEvent, state: DebuggerState, host: CommandHost): void {
  switch (event.type) {
    case 'output':
      host.output('debuggee', event.text);
      return;
    case 'message':
      host.output(event.kind === 'warning' ? 'warning' : 'verbose', withNewline(event.text));
      return;
    case 'moduleLoaded':
    case 'moduleUnloaded':
      moduleEvent(event, state, host);
      return;
    case 'threadCreated':
    case 'threadExited':
      state.threadsStale = true;
      host.threadsChanged();
      return;
    case 'breakpointChanged':
      breakpointChanged(event.breakpoint, state, host);
      return;
    case 'died':
      host.output('error', `${engineErrors.engineDied(event.text).text}\n`);
      state.clearTarget();
      host.stateChanged();
      return;
    case 'running':
      return;
  }
}

function moduleEvent(
  event: BackendEvent & { type: 'moduleLoaded' | 'moduleUnloaded' },
  state: DebuggerState,
  host: CommandHost,
): void {
  state.forgetModules();
  // Before the target is there, its modules are listed together, at the initial break.
  if (state.kind === 'none') return;
  if (event.type === 'moduleLoaded') host.output('normal', `${moduleLoadLine(event, state.pointerSize)}\n`);
  host.modulesChanged();
}

function breakpointChanged(
  info: (BackendEvent & { type: 'breakpointChanged' })['breakpoint'],
  state: DebuggerState,
  host: CommandHost,
): void {
  const breakpoint = state.breakpoints.byBackendNumber(info.number);
  if (!breakpoint) return;
  breakpoint.info = info;
  host.breakpointsChanged();
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
