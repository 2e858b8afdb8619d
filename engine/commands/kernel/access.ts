import type { Backend } from '../../backend/backend.ts';
import type { KernelAccess, MemoryBlock, ThreadInfo } from '../../backend/types.ts';
import type { Processor } from '../../kernel/linux/located.ts';
import type { KernelMemory } from '../../kernel/linux/memory.ts';
import { isKernelAddress } from '../../kernel/paging/pages.ts';

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
  const asked = ['rip', 'cr3', 'cr4', 'pc', 'ttbr1_el1', 'tcr_el1', 'vbar_el1', 'sp_el0'];
  const names = [...known].filter((name) => asked.includes(name.toLowerCase()));
  const order = [thread, ...threads.map(({ index }) => index).filter((index) => index !== thread)];
  const processors: Processor[] = [];
  for (const index of order) {
    const found = await target.registers({ thread: index, frame: 0 }, names);
    const values = new Map([...found].map(([name, value]) => [name.toLowerCase(), value]));
    const [ttbr1, tcr] = [values.get('ttbr1_el1'), values.get('tcr_el1')];
    processors.push({
      ip: values.get('rip') ?? values.get('pc') ?? 0n,
      cr3: values.get('cr3') ?? null,
      cr4: values.get('cr4') ?? 0n,
      arm64: ttbr1 === undefined || tcr === undefined ? null : { ttbr1, tcr },
      // In the kernel it is its own pointer to the task.
      current: isKernelAddress(values.get('sp_el0') ?? 0n) ? (values.get('sp_el0') ?? null) : null,
      vectors: values.get('vbar_el1') ?? null,
    });
  }
  return processors;
}
