import type { Backend } from '../../backend/backend.ts';
import type { BackendEvent } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { longDate } from '../../format/time.ts';
import { EventFilters } from '../events/filters.ts';
import type { CommandHost } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import { dropSystem } from '../stops/report.ts';
import type { OccurredEvent, System } from '../system.ts';
import { moduleLoadLine } from './announce.ts';
import { isChatter } from './stub-chatter.ts';
import type { Transfers } from './transfers.ts';

/** Of those that come before the target has stopped, so many are told. */
const MOST_OCCURRED = 20;

export interface EventSurroundings {
  readonly state: DebuggerState;
  readonly host: CommandHost;
  readonly transfers: Transfers;
}

/** Passes on what a system's back end tells by itself. The answer ends it. */
export function followEvents(
  backend: Backend,
  system: System,
  { state, host, transfers }: EventSurroundings,
): () => void {
  return backend.onEvent((event) => {
    if (event.type === 'transfer') host.transfer(transfers.numbered(backend, event.transfer));
    else take(event, system, state, host);
  });
}

type Taken = Exclude<BackendEvent, { type: 'transfer' }>;

function take(event: Taken, system: System, state: DebuggerState, host: CommandHost): void {
  switch (event.type) {
    case 'output':
      host.output('debuggee', event.text);
      occurred(system, state, { code: 'out', text: event.text });
      return;
    case 'message':
      if (event.kind === 'stub' && isChatter(event.text)) return;
      host.output(event.kind === 'warning' ? 'warning' : 'verbose', withNewline(event.text));
      return;
    case 'moduleLoaded':
    case 'moduleUnloaded':
      moduleEvent(event, system, state, host);
      return;
    case 'threadCreated':
    case 'threadExited':
      system.threadsStale = true;
      host.threadsChanged();
      threadEvent(event.type === 'threadCreated' ? 'ct' : 'et', event.thread, system, state, host);
      return;
    case 'breakpointChanged':
      breakpointChanged(event.breakpoint, system, host);
      return;
    case 'died':
      lost(engineErrors.engineDied(event.text).text, diedLine(system), system, state, host);
      return;
    case 'symbolsLoaded':
      system.forgetModules();
      host.modulesChanged();
      return;
    case 'stubEnded':
      lost(event.error.text, detachedLine(system), system, state, host);
      return;
    case 'running':
      return;
  }
}

/** The way to a target ended. */
function lost(
  text: string,
  consequence: string,
  system: System,
  state: DebuggerState,
  host: CommandHost,
): void {
  const opened = system.kind !== 'none';
  const which = state.systems.length > 1 ? `System ${system.index}: ` : '';
  host.output('error', `${which}${text}\n`);
  state.told = text;
  if (opened && consequence !== '') host.output('normal', `${consequence}\n`);
  system.clearTarget();
  host.stateChanged();
  // While it is being opened, whoever opens it takes it out again.
  if (opened) void dropSystem(state, host, system).catch(() => {});
}

/** What has become of the target of a GDB that has died. */
function diedLine({ spec, stub, process, isKernel }: System): string {
  if (spec?.kind === 'core' || isKernel || !process) return '';
  if (spec?.kind === 'launch' && !stub) return 'The program has ended with it: .restart starts it again.';
  const where = stub ? `-premote ${stub.connection} ` : '';
  return `The process has been let go: .attach ${where}0n${process.pid} attaches again, where it has survived that.`;
}

function detachedLine({ stub, process, isKernel }: System): string {
  if (isKernel) return 'The target counts as detached. When its stub answers again, it is met again.';
  const again = process ? ` .attach -premote ${stub?.connection ?? ''} 0n${process.pid} attaches again.` : '';
  return `The target counts as detached: it was not killed from here.${again}`;
}

/** GDB does not stop for these, so the target is told to. */
function occurred(system: System, state: DebuggerState, event: OccurredEvent): void {
  const filter = state.filters.get(event.code);
  if (!filter || !system.running || (filter.status !== 'break' && !filter.first)) return;
  if (!EventFilters.matches(filter, event.text ?? '')) return;
  if (system.occurred.length < MOST_OCCURRED) system.occurred.push(event);
  void system.backend?.interrupt().catch(() => {});
}

function threadEvent(
  code: 'ct' | 'et',
  thread: number,
  system: System,
  state: DebuggerState,
  host: CommandHost,
): void {
  if (system.kind === 'none') return;
  const { status } = state.filters.get(code) ?? {};
  if (status === 'output') host.output('normal', `${code === 'ct' ? 'Create' : 'Exit'} thread ${thread}\n`);
  occurred(system, state, { code, thread });
}

function moduleEvent(
  event: BackendEvent & { type: 'moduleLoaded' | 'moduleUnloaded' },
  system: System,
  state: DebuggerState,
  host: CommandHost,
): void {
  system.forgetModules();
  // Before the target is there, its modules are listed together, at the initial break.
  if (system.kind === 'none') return;
  if (event.type === 'moduleLoaded' && state.echoTimestamps)
    host.output('normal', `${longDate(new Date())}\n`);
  const loaded = event.type === 'moduleLoaded';
  if (event.type === 'moduleLoaded') system.unloadedModules.seen(event.path, event.start, event.end);
  else {
    system.unloaded.add(event.path);
    system.unloadedModules.left(event.path);
  }
  // Let go, the target unloads nothing: GDB forgets.
  if ((loaded || system.running) && state.filters.get(loaded ? 'ld' : 'ud')?.status !== 'ignore') {
    const line = loaded ? moduleLoadLine(event, system.pointerSize) : `Unload module ${event.path}`;
    host.output('normal', `${line}\n`);
  }
  host.modulesChanged();
}

function breakpointChanged(
  info: (BackendEvent & { type: 'breakpointChanged' })['breakpoint'],
  system: System,
  host: CommandHost,
): void {
  const breakpoint = system.breakpoints.byBackendNumber(info.number);
  if (!breakpoint) return;
  breakpoint.info = info;
  host.breakpointsChanged();
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
