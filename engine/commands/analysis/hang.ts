import type { Frame } from '../../backend/types.ts';
import { deadlocks } from '../locks/deadlock.ts';
import { readWaits, type Wait, type WaitKind } from '../locks/waits.ts';
import type { DebuggerState } from '../state.ts';
import { type Analysis, bucketOf } from './analyze.ts';
import { type Crash, type Finding, readThread } from './crash.ts';
import { culpritOf } from './runtime.ts';

/** What WinDbg's reports have in the place of an exception's code. */
const HANG = 0xcfffffff;

/** Why the current thread, or the one that waits longest for others, does not go on. */
export async function analyzeHang(state: DebuggerState): Promise<Analysis> {
  const waits = await readWaits(state);
  const chain = chainFrom(state, waits);
  const crash = await readThread(state, chain.at(-1)?.thread ?? state.thread, null);
  const culprit = chain.at(-1)?.frame ?? culpritOf(crash.frames, crash.modules);
  const finding = await findingOf(state, crash, chain, waits);
  return { crash, finding, culprit, bucket: await bucketOf(crash, finding, culprit) };
}

const indexOf = (state: DebuggerState, tid: number | null): number | undefined =>
  state.threads.find((thread) => thread.tid === tid)?.index;

/** Each waits for the next; in a circle the last one for the first. */
function chainFrom(state: DebuggerState, waits: readonly Wait[]): readonly Wait[] {
  const [circle] = deadlocks(waits, (tid) => indexOf(state, tid));
  const own = follow(state, waits, state.thread);
  if (circle && !own.some(({ thread }) => thread === circle[0]?.thread)) return stable(circle);
  if (own.length > 0)
    return own.some(({ thread }) => thread === circle?.[0]?.thread) && circle ? stable(circle) : own;
  const chains = waits.map(({ thread }) => follow(state, waits, thread));
  return chains.reduce((longest, each) => (each.length > longest.length ? each : longest), []);
}

function follow(state: DebuggerState, waits: readonly Wait[], thread: number): readonly Wait[] {
  const chain: Wait[] = [];
  for (
    let at: number | undefined = thread;
    at !== undefined;
    at = indexOf(state, chain.at(-1)?.owner ?? null)
  ) {
    const wait = waits.find((each) => each.thread === at);
    if (!wait || chain.includes(wait)) break;
    chain.push(wait);
  }
  return chain;
}

/** The same one last whichever thread came first: threads are numbered as they happened to start. */
function stable(circle: readonly Wait[]): readonly Wait[] {
  const name = ({ frame }: Wait): string =>
    `${frame?.symbol?.module}!${frame?.symbol?.name}+${frame?.symbol?.offset}`;
  const names = circle.map(name);
  const first = names.indexOf([...names].sort()[0] ?? '');
  const turned = [...circle.slice(first + 1), ...circle.slice(0, first + 1)];
  return turned;
}

const WAITS: Readonly<Record<WaitKind, readonly [type: string, problem: string]>> = {
  mutex: ['Critical Section', 'Mutex'],
  'condition variable': ['Condition Variable', 'ConditionVariable'],
  rwlock: ['Reader/Writer Lock', 'RwLock'],
  thread: ['Thread', 'Thread'],
  semaphore: ['Semaphore', 'Semaphore'],
  futex: ['Futex', 'Futex'],
};

async function findingOf(
  state: DebuggerState,
  crash: Crash,
  chain: readonly Wait[],
  waits: readonly Wait[],
): Promise<Finding> {
  const last = chain.at(-1);
  const owner = indexOf(state, last?.owner ?? null);
  const isCircle = chain.some(({ thread }) => thread === owner);
  const base = { code: HANG, ...(last?.frame ? { culprit: last.frame } : {}) };
  if (!last) return { ...base, ...(await idle(state, crash)) };
  const facts = chainFacts(state, chain, owner, isCircle);
  if (isCircle)
    return {
      ...base,
      problem: 'APPLICATION_HANG_DEADLOCK',
      cause: [
        chain.length === 1
          ? `Thread ${last.thread} waits for a lock that it holds itself.`
          : `${chain.length} threads wait for each other: ${chain.map(({ thread }) => thread).join(', ')}.`,
        ...others(chain, waits),
      ],
      facts,
    };
  const [, what] = WAITS[last.kind];
  const who =
    owner === undefined
      ? 'nobody who is known holds it'
      : `thread ${owner} ${last.kind === 'thread' ? 'has to end' : 'holds it'}, and does not wait for another thread`;
  return {
    ...base,
    problem: `APPLICATION_HANG_BlockedOn_${what}`,
    cause: [`Thread ${last.thread} waits for a ${last.kind}; ${who}.`, ...others(chain, waits)],
    facts,
  };
}

function others(chain: readonly Wait[], waits: readonly Wait[]): string[] {
  const more = waits.filter((wait) => !chain.includes(wait)).map(({ thread }) => thread);
  return more.length === 0 ? [] : [`Other threads wait too: ${more.join(', ')} (!locks).`];
}

function chainFacts(
  state: DebuggerState,
  chain: readonly Wait[],
  owner: number | undefined,
  isCircle: boolean,
): (readonly [string, string])[] {
  const threads = [
    ...chain.map(({ thread, kind }) => [thread, WAITS[kind][0].padEnd(24)] as const),
    ...(owner !== undefined && !isCircle ? [[owner, ''] as const] : []),
  ];
  const pid = (state.process?.pid ?? 0).toString(16);
  const tidOf = (index: number): string =>
    (state.threads.find((each) => each.index === index)?.tid ?? 0).toString(16);
  const lines = threads.map(([thread, type], at) => {
    const arrow = type === '' ? '' : isCircle && at === threads.length - 1 ? ' --^' : ' -->';
    return `${isCircle ? 'x' : ' '}  ${String(thread).padEnd(3)} ${`${pid}.${tidOf(thread)}`.padEnd(11)} ${type}${arrow}`.trimEnd();
  });
  return [
    [
      'DERIVED_WAIT_CHAIN',
      ['', '', 'Dl Eid Cid         WaitType', '-- --- ----------- --------------------------', ...lines].join(
        '\n',
      ),
    ],
    ['WAIT_CHAIN_COMMAND', threads.map(([thread]) => `~${thread}s;k;;`).join('')],
    ...(owner === undefined ? [] : [['BLOCKING_THREAD', tidOf(owner).padStart(8, '0')] as const]),
  ];
}

/** No thread waits for another one. */
async function idle(state: DebuggerState, crash: Crash): Promise<Pick<Finding, 'problem' | 'cause'>> {
  const call = state.isX64
    ? (await state.target.registers({ thread: crash.thread, frame: 0 }, ['orig_rax'])).get('orig_rax')
    : undefined;
  const inKernel = call !== undefined && BigInt.asIntN(64, call) >= 0n;
  const [name] = inKernel ? await state.target.syscallNames([Number(call)]) : [];
  if (!inKernel || !name)
    return {
      problem: 'APPLICATION_HANG_BusyHang',
      cause: [
        `No thread waits for another one. Thread ${crash.thread} is at work${topOf(crash.frames)}: in a loop, perhaps.`,
      ],
    };
  return {
    problem: `APPLICATION_HANG_BlockedOn_${name}`,
    cause: [`No thread waits for another one. Thread ${crash.thread} waits in the system call ${name}.`],
  };
}

function topOf([frame]: readonly Frame[]): string {
  return frame?.symbol ? ` in ${frame.symbol.module}!${frame.symbol.name}` : '';
}
