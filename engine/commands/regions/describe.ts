import type { MemoryRegion, ModuleInfo } from '../../backend/types.ts';
import type { DebuggerState } from '../state.ts';

export type Usage = 'Free' | 'Image' | 'Stack' | 'Heap' | 'MappedFile' | 'Other' | '<unknown>';

/** A stretch of the address space in WinDbg's terms: mapped, or free between two that are. */
export interface Region {
  readonly start: bigint;
  /** First address after. */
  readonly end: bigint;
  readonly usage: Usage;
  readonly state: 'MEM_COMMIT' | 'MEM_RESERVE' | 'MEM_FREE';
  readonly type: 'MEM_IMAGE' | 'MEM_MAPPED' | 'MEM_PRIVATE' | '';
  readonly protect: string;
  /** Where what it belongs to begins: a module, or the mapping itself. */
  readonly allocation: bigint;
  readonly allocationProtect: string;
  readonly module: ModuleInfo | null;
  /** Thread whose stack it is. */
  readonly thread: number | null;
  readonly path: string;
}

export const PROTECT_BITS: Readonly<Record<string, number>> = {
  '': 0,
  PAGE_NOACCESS: 0x1,
  PAGE_READONLY: 0x2,
  PAGE_READWRITE: 0x4,
  PAGE_EXECUTE: 0x10,
  PAGE_EXECUTE_READ: 0x20,
  PAGE_EXECUTE_READWRITE: 0x40,
  PAGE_EXECUTE_WRITECOPY: 0x80,
};
export const STATE_BITS: Readonly<Record<Region['state'], number>> = {
  MEM_COMMIT: 0x1000,
  MEM_RESERVE: 0x2000,
  MEM_FREE: 0x1_0000,
};
export const TYPE_BITS: Readonly<Record<Region['type'], number>> = {
  '': 0,
  MEM_PRIVATE: 0x2_0000,
  MEM_MAPPED: 0x4_0000,
  MEM_IMAGE: 0x100_0000,
};

/** Where the addresses of programs end. */
function highest(state: DebuggerState): bigint {
  if (state.pointerSize === 4) return 0xffff_f000n;
  return state.isX64 ? 0x7fff_ffff_f000n : 0x1_0000_0000_0000n;
}

/** The whole address space in order, what is free included. @throws HawserError `UNSUPPORTED` */
export async function describeRegions(state: DebuggerState): Promise<readonly Region[]> {
  const mapped = await state.target.regions();
  const modules = await state.modules();
  const stacks = [...(await state.target.stackPointers())];
  const regions: Region[] = [];
  const end = highest(state);
  let at = 0n;
  for (const region of mapped) {
    // What the kernel keeps for itself is not free.
    const to = region.start > end && at < end ? end : region.start;
    if (to > at && at < end) regions.push(free(at, to));
    regions.push(describe(region, modules, stacks, regions.at(-1) ?? null));
    at = region.end;
  }
  if (at < end) regions.push(free(at, end));
  return regions;
}

function free(start: bigint, end: bigint): Region {
  return {
    start,
    end,
    usage: 'Free',
    state: 'MEM_FREE',
    type: '',
    protect: 'PAGE_NOACCESS',
    allocation: start,
    allocationProtect: '',
    module: null,
    thread: null,
    path: '',
  };
}

function protection({ read, write, execute }: MemoryRegion): string {
  if (execute) return write ? 'PAGE_EXECUTE_READWRITE' : read ? 'PAGE_EXECUTE_READ' : 'PAGE_EXECUTE';
  if (write) return 'PAGE_READWRITE';
  return read ? 'PAGE_READONLY' : 'PAGE_NOACCESS';
}

function describe(
  region: MemoryRegion,
  modules: readonly ModuleInfo[],
  stacks: readonly (readonly [number, bigint])[],
  before: Region | null,
): Region {
  const { start, end, path } = region;
  const protect = protection(region);
  const file = path.startsWith('/') || path.startsWith('[v');
  const own = modules.find((module) => start >= module.start && start < module.end) ?? null;
  // What is zero at first lies behind a module's file, without a name.
  const module =
    own ??
    (path === '' && before?.end === start && before.usage === 'Image' && region.write ? before.module : null);
  const thread = stacks.find(([, pointer]) => pointer >= start && pointer < end)?.[0] ?? null;
  const usage = usageOf(path, module !== null, thread !== null);
  const type = usage === 'Image' ? 'MEM_IMAGE' : file || region.shared ? 'MEM_MAPPED' : 'MEM_PRIVATE';
  return {
    start,
    end,
    usage,
    state: protect === 'PAGE_NOACCESS' ? 'MEM_RESERVE' : 'MEM_COMMIT',
    type,
    protect,
    allocation: usage === 'Image' && module ? module.start : start,
    allocationProtect: usage === 'Image' ? 'PAGE_EXECUTE_WRITECOPY' : protect,
    module: usage === 'Image' ? module : null,
    thread,
    path,
  };
}

function usageOf(path: string, inModule: boolean, isStack: boolean): Usage {
  if (isStack || path === '[stack]') return 'Stack';
  if (path === '[heap]') return 'Heap';
  if (inModule) return 'Image';
  if (path.startsWith('[')) return 'Other';
  return path === '' ? '<unknown>' : 'MappedFile';
}
