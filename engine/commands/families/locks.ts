import { symbol, address as wide } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { deadlocks } from '../locks/deadlock.ts';
import { type Mutex, readMutexes, readWaits, type Wait } from '../locks/waits.ts';
import { expectUser } from '../process/proc-files.ts';
import type { DebuggerState } from '../state.ts';

/** Variables of these types are mutexes, or begin with one. */
const MUTEX_TYPES = ['pthread_mutex_t', 'std::mutex', 'std::recursive_mutex'];

/** `!locks [-v]`. */
async function locks(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  let verbose = false;
  let orphaned = false;
  for (let option = args.match(/-([vo])(?=\s|$)/y); option; option = args.match(/-([vo])(?=\s|$)/y)) {
    if (option[1] === 'v') verbose = true;
    else orphaned = true;
  }
  args.expectEnd();
  expectUser(state, '!locks');
  const waits = await readWaits(state);
  const wanted = waits.filter(({ kind }) => kind === 'mutex').map(({ address }) => address);
  const globals = verbose || orphaned ? await globalMutexes(state) : [];
  const addresses = [...new Set([...wanted, ...globals])];
  const mutexes = (await readMutexes(state, addresses)).filter((each) => each !== null);
  const shown = mutexes.filter((each) => (orphaned ? isOrphaned(state, each) : verbose || each.locked));
  const names = await namesOf(state, [
    ...shown.map(({ address }) => address),
    ...waits.map(({ address }) => address),
  ]);
  for (const mutex of shown) context.print(`${mutexLines(state, mutex, waits, names).join('\n')}\n`);
  if (shown.length > 0 || verbose) context.print(`Scanned ${addresses.length} critical sections\n`);
  for (const wait of waits) context.print(waitLine(state, wait, names));
  for (const circle of deadlocks(waits, indexOf(state)))
    context.print(`\n${circleText(state, circle, names)}`);
  if (shown.length === 0 && waits.length === 0)
    context.print(
      verbose ? 'No mutexes were found.' : 'No thread waits for another one. -v looks at global mutexes too.',
    );
  return undefined;
}

function globalMutexes(state: DebuggerState): Promise<readonly bigint[]> {
  const found = state.target
    .variablesOfType(MUTEX_TYPES, 'mutex')
    .then((all) => all.map(({ address }) => address));
  return state.cancel.during(found, () => void state.target.interrupt().catch(() => {}));
}

const indexOf =
  ({ threads }: DebuggerState) =>
  (id: number): number | undefined =>
    threads.find(({ tid }) => tid === id)?.index;

/** Its owner is no thread any more. */
function isOrphaned(state: DebuggerState, { owner, locked }: Mutex): boolean {
  return locked && owner !== null && indexOf(state)(owner) === undefined;
}

type Names = ReadonlyMap<bigint, string>;

async function namesOf(state: DebuggerState, addresses: readonly bigint[]): Promise<Names> {
  const hits = await state.target.symbolize(addresses);
  return new Map(
    addresses.map((address, at) => {
      const hit = hits[at];
      const number = wide(address, state.pointerSize);
      return [address, hit ? `${symbol(hit)} at ${number}` : `at ${number}`];
    }),
  );
}

function mutexLines(state: DebuggerState, mutex: Mutex, waits: readonly Wait[], names: Names): string[] {
  const { address, locked, owner, count, users } = mutex;
  const waiting = waits.filter((wait) => wait.kind === 'mutex' && wait.address === address);
  const rows: (readonly [string, string])[] = [
    ['LockCount', waiting.length.toString(16)],
    ['RecursionCount', count.toString(16)],
    ['OwningThread', (owner ?? 0).toString(16)],
    ['EntryCount', users.toString(16)],
    ['ContentionCount', waiting.length.toString(16)],
  ];
  const gone = isOrphaned(state, mutex) ? ' (its owner has ended)' : '';
  return [
    `CritSec ${names.get(address)}`,
    ...rows.map(([name, value]) => `${name.padEnd(19)}${value}`),
    ...(locked ? [`*** Locked${gone}`] : ['Not locked']),
  ];
}

const threadText = (state: DebuggerState, index: number): string => {
  const tid = state.threads.find((each) => each.index === index)?.tid ?? 0;
  return `thread ${index} (${tid.toString(16)})`;
};

function waitLine(state: DebuggerState, wait: Wait, names: Names): string {
  const at = wait.frame?.symbol ? ` in ${symbol(wait.frame.symbol)}` : '';
  return `${capital(threadText(state, wait.thread))} waits for ${objectText(state, wait, names)}${at}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `mutex loop!g_a at …, owned by thread 1 (1a2e)`. */
function objectText(state: DebuggerState, { kind, address, owner }: Wait, names: Names): string {
  const index = owner === null ? undefined : indexOf(state)(owner);
  if (kind === 'thread')
    return index === undefined ? 'a thread to end' : `${threadText(state, index)} to end`;
  const who =
    owner === null
      ? kind === 'mutex' || kind === 'rwlock'
        ? ', which nobody owns'
        : ''
      : `, owned by ${index === undefined ? `a thread that has ended (${owner.toString(16)})` : threadText(state, index)}`;
  return `${kind} ${names.get(address)}${who}`;
}

function circleText(state: DebuggerState, circle: readonly Wait[], names: Names): string {
  const lines = circle.map((wait) => `    ${waitLine(state, wait, names)}`);
  const how =
    circle.length === 1 ? 'a thread waits for itself' : `${circle.length} threads wait for each other`;
  return [`*** DEADLOCK: ${how}`, ...lines].join('\n');
}

export const lockCommands: readonly CommandEntry[] = [
  {
    name: '!locks',
    family: 'Threads and processes',
    needs: 'any',
    secure: 'allowed',
    threads: 'none',
    syntax: ['!locks [-v] [-o]'],
    summary: 'Shows which threads wait for which locks, who owns them, and whether they wait for each other.',
    help: 'Threads that stand in the kernel and wait for another one: for a mutex, a condition variable, a rwlock, a semaphore or the end of a thread. Mutexes that are held are shown with their owner; circles are named as deadlocks. -v shows global mutexes (pthread_mutex_t, std::mutex) of the debug information too, held or not, -o those whose owner has ended; both read all debug information, which takes its time. No debug information of the C library is needed.',
    differences:
      'Linux keeps no list of mutexes: without -v those are shown that threads wait for. LockCount and ContentionCount count the threads that wait now, EntryCount is the mutex’s number of users. Waits for other things, and deadlocks, are added.',
    example: '!locks',
    run: locks,
  },
];
