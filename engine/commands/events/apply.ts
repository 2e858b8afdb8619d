import type { EventStops } from '../../backend/types.ts';
import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';
import { noChildren } from '../targets/children.ts';

const NONE: EventStops = {
  forks: false,
  execs: false,
  exits: false,
  throws: false,
  modules: false,
  silentSignals: [],
};

/** Tells a target's back end what to stop for. A machine has none of these events. */
export async function applyFilters(state: DebuggerState, system: System): Promise<void> {
  if (!system.runnable || system.isKernel || !system.backend?.setEventStops) return;
  const wanted = state.filters.stops(state.childDebugging && noChildren(system) === null);
  // Nothing to be said to a back end that has been told nothing yet.
  if (!system.eventStops && JSON.stringify({ ...wanted, silentSignals: [] }) === JSON.stringify(NONE)) {
    if (wanted.silentSignals.every((name) => USUAL.has(name))) return;
  }
  system.eventStops = wanted;
  await system.backend.setEventStops(wanted);
}

/** GDB does not stop for these by itself. */
const USUAL: ReadonlySet<string> = new Set(
  'SIGALRM SIGURG SIGIO SIGPOLL SIGVTALRM SIGPROF SIGWINCH SIGCHLD SIGPRIO'.split(' '),
);
