import type { Resume } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import type { Engine } from './parts.ts';
import { goneStop, type RawStop } from './stops.ts';
import type { Threads } from './threads.ts';

export interface Held {
  /** The debugger's index of the thread that is resumed. */
  readonly thread: number;
  readonly alone: boolean;
  /** GDB's numbers. */
  readonly parked: readonly number[];
}

/** How threads are kept still: one runs alone, or the others of several are sent to wait (python/holding.py). */
export async function heldThreads(
  { engine, threads }: { readonly engine: Engine; readonly threads: Threads },
  { kind, thread, onlyThread, hold = [] }: Resume,
): Promise<Held> {
  if (onlyThread || hold.length === 0) return { thread, alone: onlyThread === true, parked: [] };
  if (kind !== 'continue' && kind !== 'finish') return { thread, alone: true, parked: [] };
  const still = hold.map((each) => engine.gdbThread(each));
  const alive = await engine.helper.call<[number, ...unknown[]][]>('threads');
  const free = alive.map(([number]) => number).filter((number) => !still.includes(number));
  const [only] = free;
  if (only === undefined) throw engineErrors.allHeld();
  // One that runs alone would take its program's end along with it: GDB sees that only when all run.
  if (free.length > 1 || (await engine.helper.call<boolean>('can_park')))
    return { thread, alone: false, parked: still };
  return { thread: threads.index(String(only)), alone: true, parked: [] };
}

/** Runs the target while threads wait; they are put back before its stop is looked at. */
export async function whileParked(
  { helper }: Engine,
  parked: readonly number[],
  run: () => Promise<RawStop>,
): Promise<RawStop> {
  if (parked.length === 0) return run();
  await helper.call('park', { threads: parked });
  let gone = false;
  try {
    const raw = await run();
    gone = goneStop(raw) !== null;
    return raw;
  } finally {
    await helper.call('unpark').catch((error: unknown) => {
      if (!gone) throw error;
    });
  }
}
