import type { Stop } from '../../backend/types.ts';
import type { Breakpoint } from '../breakpoints/breakpoint.ts';
import { eventIds, remember, signalLines } from '../stops/event-text.ts';
import type { System } from '../system.ts';
import { type EventCommands, type EventFilter, EventFilters } from './filters.ts';

/** One event of a stop. */
export interface StopEvents {
  readonly filter: EventFilter;
  /** What its pattern is for. */
  readonly subject: string;
  /** What it is called, without who it is of; null for signals, which have texts of their own. */
  readonly text: string | null;
}

/** The events that a stop consists of; none for breakpoints, steps and break-ins. */
export function eventsOf(system: System, filters: EventFilters, stop: Stop): readonly StopEvents[] {
  if (stop.reason === 'interrupt') return occurredEvents(system, filters);
  if (stop.reason === 'modules') return moduleEvents(filters, stop);
  const filter = filters.forStop(stop);
  if (!filter) return [];
  const { event = {} } = stop;
  switch (stop.reason) {
    case 'forked':
      return [{ filter, subject: '', text: `Create process ${(event.pid ?? 0).toString(16)} (forked)` }];
    case 'exec': {
      const path = event.path ?? '';
      return [{ filter, subject: path, text: `Create process (exec ${path})` }];
    }
    case 'exiting':
      return [{ filter, subject: '', text: 'Exit process: the program is about to exit' }];
    case 'thrown':
      return [{ filter, subject: '', text: 'C++ EH exception - code e06d7363 (first chance)' }];
    default:
      return [{ filter, subject: '', text: null }];
  }
}

function moduleEvents(filters: EventFilters, { event = {} }: Stop): readonly StopEvents[] {
  const some = (code: string, what: string, paths: readonly string[] = []): StopEvents[] => {
    const filter = filters.get(code);
    return filter ? paths.map((path) => ({ filter, subject: path, text: `${what} module ${path}` })) : [];
  };
  return [...some('ld', 'Load', event.loaded), ...some('ud', 'Unload', event.unloaded)];
}

function occurredEvents(system: System, filters: EventFilters): readonly StopEvents[] {
  return system.occurred.flatMap(({ code, thread, text }) => {
    const filter = filters.get(code);
    if (!filter) return [];
    const tid = system.threads.find((each) => each.index === thread)?.tid;
    const name = `thread ${thread}${tid === undefined ? '' : `:${tid.toString(16)}`}`;
    const said = { ct: `Create ${name}`, et: `Exit ${name}`, out: 'Debuggee output' }[code];
    return [{ filter, subject: text ?? '', text: said }];
  });
}

/** Whether it stops the target. A throw has no second chance: where nobody catches it the program aborts. */
export function breaks({ filter, subject }: StopEvents): boolean {
  return filter.status === 'break' && EventFilters.matches(filter, subject);
}

/** The line of an event that stops the target; null: it has been said already. */
export function eventLine(system: System, { text }: StopEvents, stop: Stop): string | null {
  if (text === null) return null;
  const line = remember(system, stop.thread ?? 0, text);
  // The line of the module itself stands there.
  return stop.reason === 'modules' ? null : line;
}

/** The line of an event that the target goes on from; null: it is not told, or it has been. */
export function passedLine(system: System, event: StopEvents, stop: Stop): string | null {
  const { filter, text } = event;
  if (filter.status === 'ignore' || stop.reason === 'modules' || stop.reason === 'interrupt') return null;
  if (text === null)
    return stop.signal ? (signalLines(system, stop.thread ?? 0, stop.signal, 'first')[0] ?? null) : null;
  return filter.status === 'second' ? null : `(${eventIds(system, stop.thread ?? 0)}): ${text}`;
}

export function asCommands({ text, owner }: EventCommands): Pick<Breakpoint, 'commands' | 'owner'> {
  return { commands: text, owner };
}
