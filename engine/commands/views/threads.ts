import { symbolOr } from '../../format/address.ts';
import type { QueryOf, SystemRow, ThreadRow, ThreadsView } from '../../protocol/views.ts';
import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';
import { placeOf } from './text.ts';

export async function threadsView(
  state: DebuggerState,
  { from, count }: QueryOf<'threads'>,
): Promise<ThreadsView> {
  const threads = await state.refreshThreads();
  const asked = threads.slice(from, from + count).map(({ index }) => index);
  const places = await placesOf(state, asked);
  const { process, current } = state;
  const executable = process?.executable ?? '';
  return {
    process: process && {
      pid: process.pid,
      name: executable.slice(executable.lastIndexOf('/') + 1),
    },
    kernel: state.isKernel,
    current: state.thread,
    event: state.eventThread,
    system: current.index,
    ...(state.systems.length > 1 && { systems: state.systems.flatMap(systemRow) }),
    threads: threads.map(({ index, tid, name }) => ({
      index,
      tid,
      name,
      frozen: current.frozen.has(index),
      suspended: 1 + (current.suspended.get(index) ?? 0),
      place: null,
      ...places.get(index),
    })),
  };
}

function systemRow({ index, kind, process }: System): SystemRow[] {
  if (kind === 'none') return [];
  const executable = process?.executable ?? '';
  return [{ index, pid: process?.pid ?? 0, name: executable.slice(executable.lastIndexOf('/') + 1) }];
}

type Place = Pick<ThreadRow, 'place' | 'source'>;

async function placesOf(
  state: DebuggerState,
  threads: readonly number[],
): Promise<ReadonlyMap<number, Place>> {
  if (threads.length === 0) return new Map();
  const stacks = await state.target.stacks(threads, 1);
  return new Map(
    stacks.flatMap(([frame], at) => {
      const thread = threads[at];
      if (!frame || thread === undefined) return [];
      const source = placeOf(frame.source);
      const place = symbolOr(frame.address, frame.symbol, state.pointerSize);
      return [[thread, { place, ...(source && { source }) }] as const];
    }),
  );
}
