import type { Backend } from '../../backend/backend.ts';
import type { KernelAccess, MemoryBlock, ThreadInfo } from '../../backend/types.ts';
import type { Processor } from '../../kernel/linux/locate.ts';
import type { KernelMemory } from '../../kernel/linux/memory.ts';

/** The system whose target is a kernel, as far as that matters here. */
export interface Kernel {
  readonly target: Backend;
  readonly isX64: boolean;
  /** The current processor, and all. */
  readonly thread: number;
  readonly threads: readonly ThreadInfo[];
  forgetModules(): void;
}

const whole = ({ bytes, readable }: MemoryBlock): Uint8Array | null => (readable === null ? bytes : null);

/** The memory of a kernel as those who know its structures read it. */
export async function kernelMemory(target: Backend, access: KernelAccess): Promise<KernelMemory> {
  const physical = (await access.physical()) === true;
  return {
    read: async (address, length) => whole(await target.readMemory(BigInt.asUintN(64, address), length)),
    physical: physical ? async (address, length) => whole(await access.readPhysical(address, length)) : null,
  };
}

/** Where each processor is, and by which page tables; the current one first. */
export async function processorsOf(system: Kernel): Promise<readonly Processor[]> {
  const { target, threads, thread } = system;
  const known = new Set(await target.registerNames());
  const names = ['rip', 'cr3', 'cr4'].filter((name) => known.has(name));
  const order = [thread, ...threads.map(({ index }) => index).filter((index) => index !== thread)];
  const processors: Processor[] = [];
  for (const index of order) {
    const values = await target.registers({ thread: index, frame: 0 }, names);
    processors.push({
      ip: values.get('rip') ?? 0n,
      cr3: values.get('cr3') ?? null,
      cr4: values.get('cr4') ?? 0n,
    });
  }
  return processors;
}
