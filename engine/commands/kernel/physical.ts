import type { MemoryBlock } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { littleEndian } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';

export interface PhysicalMemory {
  read(address: bigint, length: number): Promise<MemoryBlock>;
  write(address: bigint, bytes: Uint8Array): Promise<void>;
}

/** @throws HawserError `UNSUPPORTED` where the target is no kernel */
export function expectKernel(state: DebuggerState, what: string): System {
  void state.target;
  if (!state.isKernel)
    throw engineErrors.unsupported(
      what,
      'it is for kernels, and this target is a process',
      'Use hawser kd -k.',
    );
  return state.current;
}

/**
 * The machine's memory: by the stub where it has a way, else where Linux maps all of it.
 * @throws HawserError `UNSUPPORTED` with the reason
 */
export async function physicalMemory(state: DebuggerState): Promise<PhysicalMemory> {
  const { target } = expectKernel(state, 'Physical memory');
  const { kernel } = target;
  const can = kernel ? await kernel.physical() : 'this engine has no way to physical memory';
  if (kernel && can === true)
    return {
      read: (address, length) => kernel.readPhysical(address, length),
      write: (address, bytes) => kernel.writePhysical(address, bytes),
    };
  const base = await directMap(state);
  if (base === null) throw engineErrors.unsupported('Physical memory', String(can));
  return {
    read: async (address, length) => ({ ...(await target.readMemory(base + address, length)), address }),
    write: (address, bytes) => target.writeMemory(base + address, bytes),
  };
}

/** Where Linux maps all physical memory (`page_offset_base`); null: not known. */
async function directMap({ target }: DebuggerState): Promise<bigint | null> {
  const at = await target.resolveSymbol(null, 'page_offset_base', null);
  if (at === null) return null;
  const block = await target.readMemory(at, 8);
  return block.readable === null ? littleEndian(block.bytes, 0, 8) : null;
}

/** A physical quad word; null: it cannot be read. */
export const quadReader =
  ({ read }: PhysicalMemory) =>
  async (address: bigint): Promise<bigint | null> => {
    const block = await read(address, 8);
    return block.readable === null ? littleEndian(block.bytes, 0, 8) : null;
  };

/** Little-endian, unsigned; null: the target is no kernel. Rejects with MEMORY_UNREADABLE. */
export async function readPhysicalNumber(
  state: DebuggerState,
  address: bigint,
  size: number,
): Promise<bigint | null> {
  if (!state.isKernel) return null;
  const block = await (await physicalMemory(state)).read(physicalAddress(address), size);
  if (block.readable !== null) throw engineErrors.memoryUnreadable(address);
  return littleEndian(block.bytes, 0, size);
}

/** As an expression gave it: what was typed with 32 bits had its sign extended, which no physical address has. */
export function physicalAddress(value: bigint): bigint {
  return value >> 32n === 0xffff_ffffn ? BigInt.asUintN(32, value) : value;
}
