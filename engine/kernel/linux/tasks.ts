import type { Bytes } from './bytes.ts';
import { Shape } from './layouts.ts';
import { physicalOf } from './physical.ts';
import { type LinuxTarget, readBytes, readWord, walkList } from './target.ts';

export interface Task {
  /** Of its task_struct. */
  readonly address: bigint;
  /** Of the thread; a process has that of its first thread. */
  readonly pid: number;
  readonly tgid: number;
  readonly parent: bigint;
  /** As ps shows it: `R`, `S`, `D`, `T`, `t`, `X`, `Z`, `P`, `I`. */
  readonly state: string;
  readonly name: string;
  /** 0: a kernel thread has none. */
  readonly mm: bigint;
  /** Of its kernel stack, the lowest address. */
  readonly stack: bigint;
  /** Processor that it runs on now; null: it does not run, or that is not known. */
  readonly runsOn: number | null;
  /** Its signal_struct, which its threads share. */
  readonly signal: bigint;
}

const MEMBERS = {
  state: ['__state', 'state'],
  exitState: 'exit_state',
  stack: 'stack',
  tasks: 'tasks',
  mm: 'mm',
  pid: 'pid',
  tgid: 'tgid',
  parent: ['real_parent', 'parent'],
  signal: 'signal',
  thread: 'thread_node',
  comm: 'comm',
  onCpu: 'on_cpu',
  cpu: ['thread_info.cpu', 'cpu', 'recent_used_cpu'],
} as const;
type Name = keyof typeof MEMBERS;
const NAME_LENGTH = 16;

/** The kernel's tasks. */
export class Tasks {
  readonly #target: LinuxTarget;
  readonly #shape: Shape<Name>;
  readonly #span: { readonly from: number; readonly length: number };
  readonly #seen = new Map<bigint, Task>();

  private constructor(target: LinuxTarget, shape: Shape<Name>) {
    this.#target = target;
    this.#shape = shape;
    this.#span = shape.span(Object.keys(MEMBERS) as Name[], NAME_LENGTH);
  }

  /** Null: the kernel's types are not known. */
  static async of(target: LinuxTarget): Promise<Tasks | null> {
    const shape = await Shape.of<Name>(target.layouts, 'task_struct', MEMBERS);
    const needed: readonly Name[] = ['state', 'tasks', 'mm', 'pid', 'tgid', 'comm', 'stack', 'parent'];
    return needed.every((name) => shape.has(name)) ? new Tasks(target, shape) : null;
  }

  /** Every process by its first thread, in the order of the kernel's list; without the idle tasks. */
  async *processes(): AsyncIterable<Task> {
    const init = this.#target.symbol('init_task');
    if (init === null) return;
    const offset = this.#shape.at('tasks');
    for await (const { address, bytes } of walkList(this.#target, init + BigInt(offset), offset, this.#span))
      yield this.#task(address, bytes);
  }

  /** The task that the list of all begins with (`init_task`, number 0), from any task in it; null: it is not found. */
  async firstOfAll(from: bigint): Promise<bigint | null> {
    const offset = this.#shape.at('tasks');
    if ((await this.at(from))?.pid === 0) return from;
    for await (const { address, bytes } of walkList(this.#target, from + BigInt(offset), offset, this.#span))
      if (this.#task(address, bytes).pid === 0) return address;
    return null;
  }

  /** All threads of a process, the first one first. */
  async threads(process: Task): Promise<readonly Task[]> {
    const head = await this.#target.layouts.offset('signal_struct', 'thread_head');
    if (head === null || !this.#shape.has('thread') || process.signal === 0n) return [process];
    const threads: Task[] = [];
    const offset = this.#shape.at('thread');
    for await (const { address, bytes } of walkList(
      this.#target,
      process.signal + BigInt(head),
      offset,
      this.#span,
    ))
      threads.push(this.#task(address, bytes));
    return threads.length === 0 ? [process] : threads;
  }

  /** The task at an address; null: nothing can be read there, or it is none. */
  async at(address: bigint): Promise<Task | null> {
    const bytes = await readBytes(this.#target.memory, address + BigInt(this.#span.from), this.#span.length);
    if (bytes === null) return null;
    const task = this.#task(address, bytes);
    return /^[\x20-\x7e]+$/.test(task.name) && task.pid >= 0 && task.pid < 1 << 22 ? task : null;
  }

  /** As {@link at}, without a read for one that was come across before. */
  async known(address: bigint): Promise<Task | null> {
    return this.#seen.get(address) ?? this.at(address);
  }

  /** A thread by its own number. */
  async byPid(pid: number): Promise<Task | null> {
    for await (const process of this.processes()) if (process.pid === pid) return process;
    // One of a process beside its first: they are looked through only then.
    for await (const process of this.processes())
      for (const thread of await this.threads(process)) if (thread.pid === pid) return thread;
    return null;
  }

  #task(address: bigint, bytes: Bytes): Task {
    const at = (name: Name): number => this.#shape.at(name) - this.#span.from;
    const word = (name: Name): bigint => (this.#shape.has(name) ? bytes.u64(at(name)) : 0n);
    const small = (name: Name): number => (this.#shape.has(name) ? bytes.u32(at(name)) : 0);
    const task: Task = {
      address,
      pid: bytes.s32(at('pid')),
      tgid: bytes.s32(at('tgid')),
      parent: word('parent'),
      state: stateLetter(small('state'), small('exitState')),
      name: bytes.text(at('comm'), NAME_LENGTH),
      mm: word('mm'),
      stack: word('stack'),
      runsOn: small('onCpu') !== 0 && this.#shape.has('cpu') ? small('cpu') : null,
      signal: word('signal'),
    };
    this.#seen.set(address, task);
    return task;
  }
}

const IDLE = 0x402;
const REPORTED = 0x7f;
/** By the highest bit that is reported, from none on. */
const LETTERS = 'RSDTtXZP';

export function stateLetter(state: number, exitState: number): string {
  if ((state & IDLE) === IDLE && exitState === 0) return 'I';
  return LETTERS[32 - Math.clz32((state | exitState) & REPORTED)] ?? '?';
}

/** Physical address of a task's page tables; null: a kernel thread, or it cannot be found out. */
export async function pageTablesOf(target: LinuxTarget, { mm }: Task): Promise<bigint | null> {
  if (mm === 0n) return null;
  const { memory, layouts } = target;
  const offset = await layouts.offset('mm_struct', 'pgd');
  const table = offset === null ? null : await readWord(memory, mm + BigInt(offset));
  return table === null ? null : physicalOf(target, table);
}
