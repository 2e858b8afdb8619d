import { littleEndian } from '../memory/read.ts';
import { type Crash, type Finding, isIn, regionAt } from './crash.ts';

const PANIC = 0xe0525354;
const PANICS =
  /^(?:std::panicking|core::panicking|std::rt::|rust_panic|std::process::abort|__rust_start_panic|_?_*rust)/;
const LONGEST = 4096n;
const MOST_WORDS = 4096;

/** A panic of Rust's that ends the program (`panic=abort`, or one that may not unwind); null: it is none. */
export async function rustPanic(crash: Crash): Promise<Finding | null> {
  const { frames } = crash;
  const first = frames.findIndex((frame) => isIn(frame, PANICS));
  if (first < 0) return null;
  const last = frames.findLastIndex((frame) => isIn(frame, /^(?:std|core)::panicking::(?!catch_unwind|try)/));
  const stop = frames.findIndex(
    ({ symbol }, index) =>
      index > first && symbol !== null && !/^(?:std|core|alloc|rust|__)/.test(symbol.name.replace(/^<+/, '')),
  );
  const end = stop < 0 ? last : Math.min(last < 0 ? stop : last, stop);
  const message = await findMessage(crash, first, Math.max(first, end));
  if (!message && last < 0) return null;
  return {
    problem: 'RUST_PANIC',
    code: PANIC,
    cause: [
      message === null ? 'The program has panicked (Rust).' : `The program has panicked (Rust): ${message}`,
    ],
    ...(message === null ? {} : { facts: [['PANIC_MESSAGE', message] as const] }),
  };
}

/**
 * The message lies on the stack of the functions that panic, as a String (capacity, pointer, length) or as a &str (pointer, length);
 * names of source files, which lie there too, are none.
 */
async function findMessage(crash: Crash, first: number, last: number): Promise<string | null> {
  const { frames, state } = crash;
  const start = frames[first]?.stackPointer ?? crash.registers.get('rsp');
  const end = frames.slice(last + 1).find(({ stackPointer }) => stackPointer !== null)?.stackPointer;
  if (state.pointerSize !== 8 || !start || !end) return null;
  const words = Math.min(Number((end - start) / 8n), MOST_WORDS);
  const { bytes } = await state.target.readMemory(start, words * 8);
  const at = (index: number): bigint => littleEndian(bytes, index * 8, 8);
  const texts: { text: string; owned: boolean }[] = [];
  for (let index = 0; index + 1 < words; index++) {
    const [pointer, length] = [at(index), at(index + 1)];
    const region = length > 1n && length <= LONGEST ? regionAt(crash, pointer) : null;
    if (!region?.read || region.execute || region.path === '[stack]') continue;
    const text = await utf8At(crash, pointer, Number(length));
    if (text === null || /\.rs$/.test(text)) continue;
    const capacity = index > 0 ? at(index - 1) : 0n;
    texts.push({ text, owned: region.write && capacity >= length && capacity <= LONGEST * 2n });
  }
  return (texts.find(({ owned }) => owned) ?? texts[0])?.text ?? null;
}

async function utf8At({ state }: Crash, pointer: bigint, length: number): Promise<string | null> {
  const { bytes, readable } = await state.target.readMemory(pointer, length);
  if (readable !== null) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell text from other data
    return /[\x00-\x08\x0e-\x1f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}
