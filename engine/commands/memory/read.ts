import type { Backend } from '../../backend/backend.ts';
import { engineErrors } from '../../errors.ts';

/** Little-endian, unsigned; rejects with MEMORY_UNREADABLE. */
export async function readNumber(backend: Backend, address: bigint, size: number): Promise<bigint> {
  const block = await backend.readMemory(address, size);
  if (block.readable !== null) throw engineErrors.memoryUnreadable(address);
  return littleEndian(block.bytes, 0, size);
}

export function littleEndian(bytes: Uint8Array, at: number, size: number): bigint {
  let value = 0n;
  for (let index = size - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[at + index] ?? 0);
  return value;
}

const ELF_MAGIC = 0x464c457fn;
const POSITION_INDEPENDENT = 3n;

/** The entry point in the ELF header at `start`; null when there is none. */
export async function elfEntryPoint(backend: Backend, start: bigint): Promise<bigint | null> {
  const header = await backend.readMemory(start, 0x20);
  if (header.readable !== null || littleEndian(header.bytes, 0, 4) !== ELF_MAGIC) return null;
  const wide = header.bytes[4] === 2;
  const entry = littleEndian(header.bytes, 0x18, wide ? 8 : 4);
  return littleEndian(header.bytes, 0x10, 2) === POSITION_INDEPENDENT ? start + entry : entry;
}
