import { littleEndian } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';

/** `mov rax, [rip+N]; add rax, fs:[0]`, with or without endbr64 before it; `mov rax, N` in programs without libraries. */
const BY_TABLE = /^(?:f30f1efa)?488b05([0-9a-f]{8})64480304250{8}/;
const BY_NUMBER = /^(?:f30f1efa)?48c7c0([0-9a-f]{8})64480304250{8}/;
/** musl: `mov rax, fs:[0]; add rax, N`. */
const BY_SUM = /^64488b04250{8}4883c0([0-9a-f]{2})/;
const CODE_BYTES = 32;

/**
 * How far a thread's errno is from its thread pointer, the same for all of them: read out of the C library's own `__errno_location`,
 * which needs no symbols but the exported ones; else by debug information. Null: it cannot be told.
 */
export async function errnoOffset(state: DebuggerState): Promise<bigint | null> {
  return (await byCode(state)) ?? byDebugInformation(state);
}

async function byCode(state: DebuggerState): Promise<bigint | null> {
  if (!state.isX64) return null;
  const at = await state.target.resolveSymbol(null, '__errno_location', null);
  if (at === null) return null;
  const { bytes } = await state.target.readMemory(at, CODE_BYTES);
  const code = Buffer.from(bytes).toString('hex');
  const sum = BY_SUM.exec(code);
  if (sum) return BigInt.asIntN(8, BigInt(`0x${sum[1]}`));
  const number = BY_NUMBER.exec(code);
  if (number) return signed(number[1] ?? '');
  const table = BY_TABLE.exec(code);
  if (!table) return null;
  // Behind the first instruction of seven bytes.
  const next = at + (code.startsWith('f3') ? 11n : 7n);
  const slot = await state.target.readMemory(next + signed(table[1] ?? ''), 8);
  return slot.readable === null ? BigInt.asIntN(64, littleEndian(slot.bytes, 0, 8)) : null;
}

/** Four bytes in the order of memory. */
function signed(digits: string): bigint {
  return BigInt(Buffer.from(digits, 'hex').readInt32LE());
}

async function byDebugInformation(state: DebuggerState): Promise<bigint | null> {
  const { target } = state;
  const { integer } = await target
    .evaluate('&errno', { thread: state.thread, frame: 0 }, 1)
    .catch(() => ({ integer: undefined }));
  const pointer = (await target.threadPointers()).get(state.thread);
  return integer === undefined || pointer === undefined ? null : integer - pointer;
}

/** By thread index; one that cannot be read is left out. Null: where they are is not known. */
export async function errnoOfThreads(state: DebuggerState): Promise<ReadonlyMap<number, number> | null> {
  const offset = await errnoOffset(state);
  if (offset === null) return null;
  const pointers = [...(await state.target.threadPointers())];
  const pieces = pointers.map(([, pointer]) => ({
    address: BigInt.asUintN(64, pointer + offset),
    length: 4,
  }));
  const values = await state.target.readEach(pieces);
  const found = new Map<number, number>();
  for (const [at, [thread]] of pointers.entries()) {
    const bytes = values[at];
    if (bytes) found.set(thread, Buffer.from(bytes).readInt32LE());
  }
  return found;
}
