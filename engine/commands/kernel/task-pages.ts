import { engineErrors } from '../../errors.ts';
import type { LinuxTarget } from '../../kernel/linux/target.ts';
import { pageTablesOf, type Task } from '../../kernel/linux/tasks.ts';
import { halfOf, walkArm64 } from '../../kernel/paging/arm64.ts';
import { inPages, PAGE } from '../../kernel/paging/pages.ts';
import type { ReadQuad, Walk } from '../../kernel/paging/walk.ts';
import { walkX64 } from '../../kernel/paging/x64.ts';
import { readRegister } from '../registers/read.ts';
import type { DebuggerState } from '../state.ts';
import { USUAL_TCR } from './page-tables.ts';
import { type PhysicalMemory, physicalMemory } from './physical.ts';

/** A task's own memory. */
export interface TaskPages {
  /** Of its page tables, a physical address. */
  readonly root: bigint;
  /** Physical address of a page; null: it is not there. */
  translate(page: bigint): Promise<bigint | null>;
  /** Null: not all of it is there. */
  read(address: bigint, length: number): Promise<Uint8Array | null>;
}

/**
 * By a task's page tables; what was read of them is kept.
 * @throws HawserError `UNSUPPORTED` where its page tables or physical memory cannot be had
 */
export async function taskPages(state: DebuggerState, target: LinuxTarget, task: Task): Promise<TaskPages> {
  const root = await pageTablesOf(target, task);
  const unsupported = (why: string) => engineErrors.unsupported('.process', why);
  if (root === null) throw unsupported('the task’s page tables were not found');
  const memory = await physicalMemory(state);
  const walk = await walker(state, root, wholeTables(memory));
  if (walk === null) throw unsupported(`page tables of ${state.target.architecture} are not known here`);
  const known = new Map<bigint, bigint | null>();
  const translate = async (page: bigint): Promise<bigint | null> => {
    const before = known.get(page);
    if (before !== undefined) return before;
    const { physical } = await walk(page);
    known.set(page, physical);
    return physical;
  };
  return { root, translate, read: (address, length) => inPages(memory, translate, address, length) };
}

async function walker(
  state: DebuggerState,
  root: bigint,
  read: ReadQuad,
): Promise<((address: bigint) => Promise<Walk>) | null> {
  if (state.isX64) {
    const fiveLevels = (((await readRegister(state, 'cr4')) ?? 0n) >> 12n) % 2n === 1n;
    return (address) => walkX64(read, root, fiveLevels, address);
  }
  if (!state.isArm64) return null;
  const tcr = (await readRegister(state, 'tcr_el1')) ?? USUAL_TCR;
  return (address) => walkArm64(read, halfOf({ ttbr0: root, ttbr1: root, tcr }, address), address);
}

/** Entries of page tables: each table is read once, whole. */
function wholeTables(memory: PhysicalMemory): ReadQuad {
  const tables = new Map<bigint, Promise<DataView | null>>();
  const load = async (at: bigint): Promise<DataView | null> => {
    const { bytes, readable } = await memory.read(at, Number(PAGE));
    return readable === null ? new DataView(bytes.buffer, bytes.byteOffset, bytes.length) : null;
  };
  return async (at) => {
    const start = at & ~(PAGE - 1n);
    const table = tables.get(start) ?? load(start);
    tables.set(start, table);
    return (await table)?.getBigUint64(Number(at - start), true) ?? null;
  };
}

/** From here on a task's memory is what addresses of programs mean. A kernel thread has none, and the processor's stays. */
export async function choosePages(state: DebuggerState, target: LinuxTarget, task: Task): Promise<void> {
  const system = state.current;
  system.choosePages(null, null);
  if (task.mm === 0n) {
    system.chosenTask = task.address;
    return;
  }
  const { root, translate } = await taskPages(state, target, task);
  system.choosePages({ task: task.address, root }, translate);
}
