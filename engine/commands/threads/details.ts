import type { SymbolHit, ThreadInfo } from '../../backend/types.ts';
import { address, symbol } from '../../format/address.ts';
import { elfEntryPoint } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';
import { readText } from '../systems/times.ts';

/** So many threads' files are read at once: each is a round trip to a machine that may be far. */
const AT_ONCE = 32;

/** Frames of a thread that are gone through to where it began. */
const DEEPEST = 256;

/** What threads of the C libraries begin in, before the function that they were made with. */
const BEGIN: ReadonlySet<string> = new Set(['start_thread', 'start', 'start_c11']);

const POLICIES: Readonly<Record<number, string>> = {
  0: 'SCHED_OTHER',
  1: 'SCHED_FIFO',
  2: 'SCHED_RR',
  3: 'SCHED_BATCH',
  5: 'SCHED_IDLE',
  6: 'SCHED_DEADLINE',
};

/** What stands below threads' own lines: where each began and how it is scheduled, as far as can be known. */
export async function threadDetails(
  state: DebuggerState,
  threads: readonly ThreadInfo[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const starts = await startLines(state, threads);
  const lines = new Map<number, readonly string[]>();
  for (let from = 0; from < threads.length; from += AT_ONCE) {
    state.cancel.check();
    const some = threads.slice(from, from + AT_ONCE);
    const scheduled = await Promise.all(some.map((thread) => scheduling(state, thread).catch(() => null)));
    for (const [at, thread] of some.entries())
      lines.set(thread.index, [
        ...(starts.get(thread.index) ?? []),
        ...(scheduled[at] ? [scheduled[at]] : []),
      ]);
  }
  return lines;
}

/** ``      Start: loop!thread_main (00005555`55555281)``, by index. */
export async function startLines(
  state: DebuggerState,
  threads: readonly ThreadInfo[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const starts = new Map<number, bigint>();
  const stacks = await state.target.stacks(
    threads.map(({ index }) => index),
    DEEPEST,
  );
  for (const [at, frames] of stacks.entries()) {
    const outside = frames.findIndex(({ symbol: hit }) => hit !== null && BEGIN.has(hit.name));
    const start = frames[outside - 1]?.symbol?.address;
    const index = threads[at]?.index;
    if (start !== undefined && index !== undefined) starts.set(index, start);
  }
  const [program] = await state.modules();
  for (const { index, tid } of threads) {
    if (tid !== state.process?.pid || !program) continue;
    const entry = await elfEntryPoint(state.target, program.start).catch(() => null);
    if (entry !== null) starts.set(index, entry);
  }
  const known = threads.flatMap(({ index }) => starts.get(index) ?? []);
  const hits = known.length > 0 ? await state.target.symbolize(known) : [];
  const named = new Map(known.map((at, index) => [at, hits[index] ?? null]));
  return new Map(
    threads.flatMap(({ index }) => {
      const at = starts.get(index);
      return at === undefined ? [] : [[index, [startLine(state, at, named.get(at) ?? null)]] as const];
    }),
  );
}

function startLine({ pointerSize }: DebuggerState, at: bigint, hit: SymbolHit | null): string {
  const place = address(hit?.address ?? at, pointerSize);
  return hit ? `      Start: ${symbol({ ...hit, offset: 0n })} (${place})` : `      Start: ${place}`;
}

/** Of a live process on a machine whose files can be read. */
async function scheduling(state: DebuggerState, { tid }: ThreadInfo): Promise<string | null> {
  if (state.kind !== 'live' || state.isKernel) return null;
  const folder = `/proc/${state.process?.pid ?? 0}/task/${tid}`;
  const [stat, status] = await Promise.all([
    readText(state, `${folder}/stat`),
    readText(state, `${folder}/status`),
  ]);
  // The name, in brackets, may hold anything; the third field comes after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [nice, realTime, policy] = [19, 40, 41].map((field) => Number(fields[field - 3]));
  const priority = policy === 1 || policy === 2 ? realTime : nice;
  const affinity = /^Cpus_allowed:\s*([0-9a-f,]+)$/m
    .exec(status)?.[1]
    ?.replace(/,/g, '')
    .replace(/^0+(?=.)/, '');
  return `      Priority: ${priority}  Priority class: ${POLICIES[policy ?? 0] ?? policy}  Affinity: ${affinity ?? '?'}`;
}
