import type { MemoryView, QueryOf } from '../../protocol/views.ts';
import { masmValue } from '../scope.ts';
import type { DebuggerState } from '../state.ts';
import { travelling } from './text.ts';

export async function memoryView(
  state: DebuggerState,
  { at, offset, length }: QueryOf<'memory'>,
): Promise<MemoryView> {
  const base = at.trim() === '' ? await masmValue(state, '@$csp') : await masmValue(state, at);
  const address = BigInt.asUintN(state.pointerSize * 8, base + BigInt(offset));
  // Up to the end of the addresses, where they begin anew.
  const left = (1n << BigInt(state.pointerSize * 8)) - address;
  const wanted = left < BigInt(length) ? Number(left) : length;
  const { bytes, readable } = await state.target.readMemory(address, wanted);
  const digits = Array.from(bytes, (byte, index) =>
    readable === null || readable[index] === 1 ? byte.toString(16).padStart(2, '0') : '??',
  );
  return { address: travelling(address), bytes: digits.join(''), pointerSize: state.pointerSize };
}
