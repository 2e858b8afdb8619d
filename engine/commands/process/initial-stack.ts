import type { MemoryRegion } from '../../backend/types.ts';
import { littleEndian } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';

/** What the kernel has put at the beginning of the first thread's stack: it needs no symbols. */
export interface InitialStack {
  /** Where it begins: the number of arguments. */
  readonly address: bigint;
  readonly args: readonly string[];
  /** As at the start; what setenv changed since is elsewhere. */
  readonly environment: readonly string[];
  readonly environmentAt: bigint;
}

/** Arguments and environment may take so much. */
const MOST = 8 << 20;
const PIECE = 256 << 10;
const AT_PHDR = 3;
const AT_RANDOM = 25;
const LARGEST_TYPE = 64n;
const WORD = 8n;

/** Null: it was not found, because something has written over it, or the machine has words of another size. */
export async function initialStack(
  state: DebuggerState,
  auxv: ReadonlyMap<number, bigint>,
  regions: readonly MemoryRegion[],
): Promise<InitialStack | null> {
  const inside = auxv.get(AT_RANDOM);
  const headers = auxv.get(AT_PHDR);
  const stack = regions.find(({ start, end }) => inside !== undefined && inside >= start && inside < end);
  if (!stack || headers === undefined || state.pointerSize !== 8) return null;
  const wanted = Buffer.alloc(16);
  wanted.writeBigUInt64LE(BigInt(AT_PHDR));
  wanted.writeBigUInt64LE(headers, 8);
  for (let length = PIECE; length <= MOST; length *= 2) {
    const start = stack.end - BigInt(length) < stack.start ? stack.start : stack.end - BigInt(length);
    const { bytes } = await state.target.readMemory(start, Number(stack.end - start));
    const found = read(Buffer.from(bytes), start, wanted);
    if (found || start === stack.start) return found;
  }
  return null;
}

function read(data: Buffer, start: bigint, wanted: Buffer): InitialStack | null {
  const at = data.lastIndexOf(wanted);
  if (at < 0) return null;
  const word = (offset: number): bigint => (offset >= 0 ? littleEndian(data, offset, 8) : 0n);
  let auxv = at;
  while (auxv >= 16 && word(auxv - 16) > 0n && word(auxv - 16) <= LARGEST_TYPE) auxv -= 16;
  const environment = pointersBefore(word, auxv - 8);
  const args = pointersBefore(word, environment.from - 8);
  if (word(args.from - 8) !== BigInt(args.pointers.length)) return null;
  const text = (pointer: bigint): string => {
    const offset = Number(pointer - start);
    if (offset < 0 || offset >= data.length) return '';
    const end = data.indexOf(0, offset);
    return data.toString('utf8', offset, end < 0 ? data.length : end);
  };
  return {
    address: start + BigInt(args.from) - WORD,
    args: args.pointers.map(text),
    environment: environment.pointers.map(text),
    environmentAt: start + BigInt(environment.from),
  };
}

/** The pointers that end before a null pointer at `end`, and where they begin. */
function pointersBefore(
  word: (offset: number) => bigint,
  end: number,
): { readonly from: number; readonly pointers: readonly bigint[] } {
  const pointers: bigint[] = [];
  let from = end;
  // The number of arguments stands before theirs, and is no pointer.
  while (from >= 8 && word(from - 8) > 0xffffn) {
    from -= 8;
    pointers.unshift(word(from));
  }
  return { from, pointers };
}
