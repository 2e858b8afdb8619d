import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Backend } from '../../backend/backend.ts';
import type { Frame, ModuleInfo, StackDetails } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { parseSymbolPath } from '../../images/symbol-path.ts';
import { Bytes } from '../../kernel/linux/bytes.ts';
import { readProgram } from '../../kernel/linux/program.ts';
import type { LinuxTarget } from '../../kernel/linux/target.ts';
import type { Task, Tasks } from '../../kernel/linux/tasks.ts';
import { type UserRegisters, userRegisters } from '../../kernel/linux/user-registers.ts';
import { isKernelAddress } from '../../kernel/paging/pages.ts';
import { StillStub } from '../../stub/still/still-stub.ts';
import type { DebuggerState } from '../state.ts';
import type { Targets } from '../targets/targets.ts';
import type { ProgramLook, ProgramStack } from './program-look.ts';
import { TaskMachine } from './task-machine.ts';
import { type TaskPages, taskPages } from './task-pages.ts';
import { UnwindTables } from './unwind-tables.ts';

const SURE = { guessedFrom: null, missing: [], lostIn: null } as const;
const MOST_GUESSED = 64;

/** Whether how it unwinds is known. */
const hasFile = (module: ModuleInfo | null): boolean =>
  module !== null && (module.symbols === 'dwarf' || module.symbols === 'exports');

/** A task of a Linux kernel as a program: its files, symbols and stacks, by a debugger of its own. */
export class TaskProgram implements ProgramLook {
  readonly #backend: Backend;
  readonly #threads: ReadonlyMap<number, number>;
  readonly #pages: TaskPages;
  readonly #tables: UnwindTables;
  readonly mm: bigint;

  private constructor(backend: Backend, threads: ReadonlyMap<number, number>, pages: TaskPages, mm: bigint) {
    this.#backend = backend;
    this.#threads = threads;
    this.#pages = pages;
    this.#tables = new UnwindTables(backend);
    this.mm = mm;
  }

  /**
   * Takes as long as a GDB needs to start.
   * @throws HawserError `UNSUPPORTED` where the kernel tells too little of it
   */
  static async open(
    state: DebuggerState,
    targets: Targets,
    target: LinuxTarget,
    tasks: Tasks,
    task: Task,
  ): Promise<TaskProgram> {
    const pages = await taskPages(state, target, task);
    const program = await readProgram(target, task);
    if (!program || program.mappings.length === 0)
      throw engineErrors.unsupported(
        'The program of a task',
        'how this kernel keeps mappings is not known here',
      );
    const threads = new Map((await tasks.threads(task)).map((thread) => [thread.pid, thread]));
    const machine = new TaskMachine(task, program, {
      threads: threads.size,
      architecture: target.machine === 'x86-64' ? 'x86_64' : 'aarch64',
      read: pages.read,
    });
    const stub = new StillStub({
      name: `task 0n${task.pid} (${task.name})`,
      pid: task.tgid,
      threads: [task.pid, ...[...threads.keys()].filter((pid) => pid !== task.pid)],
      architecture: target.machine,
      auxiliary: program.auxiliary,
      machine,
      registers: async (tid) => {
        const thread = threads.get(tid);
        return thread ? registersOf(state, target, thread) : null;
      },
      read: pages.read,
    });
    const [facts] = await machine.images(null, [program.executable]);
    const image = facts?.buildId === null ? await namedFile(state, pages, program, facts.path) : null;
    const backend = await targets.look(stub, image);
    const found = await backend.threads();
    const indexes = new Map(found.map(({ tid, index }) => [tid, index]));
    return new TaskProgram(backend, indexes, pages, task.mm);
  }

  get backend(): Backend {
    return this.#backend;
  }

  async stack(task: Task, limit: number, details: StackDetails): Promise<ProgramStack> {
    const thread = this.#threads.get(task.pid);
    if (thread === undefined) return { frames: [], ...SURE };
    const [frames = []] = await this.#backend.stacks([thread], limit, details);
    const modules = await this.#backend.modules();
    const moduleOf = ({ address }: Frame) =>
      modules.find(({ start, end }) => address >= start && address < end) ?? null;
    const last = await this.#lastSure(frames, moduleOf);
    const bottom = frames[last];
    if (!bottom) return { frames, ...SURE };
    const sure = frames.slice(0, last + 1);
    const guessed = await this.#byFramePointers(thread, bottom, limit - sure.length);
    const all = [...sure.slice(0, -1), { ...bottom, returnAddress: guessed[0]?.address ?? 0n }, ...guessed];
    const missing = new Map(
      all.flatMap((frame) => {
        const module = moduleOf(frame);
        return module && !hasFile(module) ? [[module.path, module.buildId]] : [];
      }),
    );
    return {
      frames: all,
      guessedFrom: guessed.length === 0 ? null : sure.length,
      missing: [...missing],
      lostIn: guessed.length === 0 ? (moduleOf(bottom)?.path ?? '') : null,
    };
  }

  /** Index of the first frame of code that nothing is known of, so that its caller is a guess; -1: there is none. */
  async #lastSure(frames: readonly Frame[], moduleOf: (frame: Frame) => ModuleInfo | null): Promise<number> {
    for (const [index, frame] of frames.entries()) {
      const module = moduleOf(frame);
      if (!module || !hasFile(module)) return index;
      // The end of a stack needs no description of how it goes on.
      if (module.path.startsWith('[') || frame.returnAddress === 0n) continue;
      const inside = index === 0 ? frame.address : frame.address - 1n;
      if (!(await this.#tables.describes(inside, module))) return index;
    }
    return -1;
  }

  /** Beyond code that nothing is known of: as if all of it kept frame pointers. */
  async #byFramePointers(thread: number, { level }: Frame, limit: number): Promise<readonly Frame[]> {
    const names = ['rbp', 'x29'];
    const registers = await this.#backend.registers({ thread, frame: level }, names);
    let pointer = registers.get('rbp') ?? registers.get('x29') ?? 0n;
    const places: { readonly address: bigint; readonly stackPointer: bigint }[] = [];
    while (places.length < Math.min(limit, MOST_GUESSED)) {
      const bytes = await this.#pages.read(pointer, 16);
      if (!bytes) break;
      const words = new Bytes(bytes);
      const [next, address] = [words.u64(0), words.u64(8)];
      if (address === 0n || isKernelAddress(address)) break;
      places.push({ address, stackPointer: pointer + 16n });
      if (next <= pointer) break;
      pointer = next;
    }
    const symbols = await this.#backend.symbolize(places.map(({ address }) => address));
    return places.map((place, index) => ({
      ...place,
      level: level + 1 + index,
      returnAddress: places[index + 1]?.address ?? 0n,
      inlined: false,
      symbol: symbols[index] ?? null,
      source: null,
    }));
  }

  dispose(): Promise<void> {
    return this.#backend.dispose();
  }
}

/** What a thread's program has: on its stack, or in the processor that it is on, unless that is in the kernel for it. */
async function registersOf(
  state: DebuggerState,
  target: LinuxTarget,
  thread: Task,
): Promise<UserRegisters | null> {
  const { runsOn } = thread;
  if (runsOn !== null && state.threads.some(({ index }) => index === runsOn)) {
    const names = await state.current.target.registerNames();
    const live = await state.current.target.registers({ thread: runsOn, frame: 0 }, names);
    const ip = live.get('rip') ?? live.get('pc');
    if (ip !== undefined && !isKernelAddress(ip)) return live;
  }
  return userRegisters(target, thread);
}

const COMPARED = 4096;

/** A program without a build id is the file of its name on the symbol path that begins as it does in memory. */
async function namedFile(
  state: DebuggerState,
  pages: TaskPages,
  program: NonNullable<Awaited<ReturnType<typeof readProgram>>>,
  path: string,
): Promise<string | null> {
  const start = program.mappings.find((one) => one.path === path && one.offset === 0n)?.start;
  const head = start === undefined ? null : await pages.read(start, COMPARED);
  if (head === null) return null;
  for (const folder of parseSymbolPath(state.symbolPath).folders)
    for (const file of [join(folder, basename(path)), join(folder, path)]) {
      const bytes = await readFile(file).catch(() => null);
      if (bytes && Buffer.compare(bytes.subarray(0, COMPARED), head) === 0) return file;
    }
  return null;
}
