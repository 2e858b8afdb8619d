import { symbol } from '../../format/address.ts';
import type { MemoryView, QueryOf } from '../../protocol/views.ts';
import type { DebuggerState } from '../state.ts';
import type { Evaluate } from './evaluate.ts';
import { travelling } from './text.ts';

export async function memoryView(
  state: DebuggerState,
  { at, offset, length, symbols }: QueryOf<'memory'>,
  evaluate: Evaluate,
): Promise<MemoryView> {
  const base = BigInt.asUintN(state.pointerSize * 8, await evaluate(state, at.trim() === '' ? '@$csp' : at));
  // Addresses have a beginning and an end, and nothing is read across them.
  const end = 1n << BigInt(state.pointerSize * 8);
  const wanted = base + BigInt(offset);
  const address = wanted < 0n ? 0n : wanted >= end ? end - 1n : wanted;
  const left = end - address;
  const { bytes, readable } = await state.target.readMemory(
    address,
    left < BigInt(length) ? Number(left) : length,
  );
  const digits = Array.from(bytes, (byte, index) =>
    readable === null || readable[index] === 1 ? byte.toString(16).padStart(2, '0') : '??',
  );
  return {
    base: travelling(base),
    address: travelling(address),
    bytes: digits.join(''),
    pointerSize: state.pointerSize,
    ...(symbols === true && { names: await namesOf(state, address, bytes) }),
  };
}

/** Names of what pointers lead to, by where they stand. */
async function namesOf(
  state: DebuggerState,
  address: bigint,
  bytes: Uint8Array,
): Promise<Record<string, string>> {
  const size = state.pointerSize;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: bigint[] = [];
  for (let at = 0; at + size <= bytes.length; at += size)
    values.push(size === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true)));
  const hits = await state.target.symbolize(values);
  return Object.fromEntries(
    hits.flatMap((hit, index) =>
      hit ? [[travelling(address + BigInt(index * size)), symbol(hit)] as const] : [],
    ),
  );
}
