import type { Backend } from '../../backend/backend.ts';
import { address } from '../../format/address.ts';
import { quote } from '../../format/values.ts';
import type { CommandContext } from '../entry.ts';

const PER_LINE = 48;
const READ_AT_ONCE = 512;
/** A string without an end is shown this far. */
const LONGEST = 0x10000;

interface Characters {
  readonly codes: readonly number[];
  /** The end was seen: a NUL, or the limit that was asked for. */
  readonly whole: boolean;
}

const UNREADABLE = 0x3f;

/**
 * `da` and `du`: characters up to the NUL, at most as many as asked for. Where memory cannot be read, question
 * marks fill the line.
 */
export async function displayText(
  context: CommandContext,
  start: bigint,
  limit: number | null,
  width: 1 | 2,
  perLine = PER_LINE,
): Promise<void> {
  const { lines, next } = await textLines(context, context.target, start, limit, width, perLine);
  context.print(lines.join('\n'));
  context.state.dataCursor = next;
}

/** Where characters are read: the target's memory, or the machine's. */
type Memory = Pick<Backend, 'readMemory'>;

/** What {@link displayText} shows; `next`: where the next text begins. */
export async function textLines(
  context: CommandContext,
  memory: Memory,
  start: bigint,
  limit: number | null,
  width: 1 | 2,
  perLine = PER_LINE,
): Promise<{ readonly lines: readonly string[]; readonly next: bigint }> {
  const read = await readCharacters(context, start, limit ?? LONGEST, width, memory);
  const unread = read.whole ? 0 : Math.min(limit ?? LONGEST, roundUp(read.codes.length + 1, perLine));
  const codes = [
    ...read.codes,
    ...new Array<number>(Math.max(0, unread - read.codes.length)).fill(UNREADABLE),
  ];
  const { state } = context;
  const lines: string[] = [];
  for (let first = 0; first === 0 || first < codes.length; first += perLine) {
    const text = String.fromCharCode(...codes.slice(first, first + perLine));
    lines.push(`${address(start + BigInt(first * width), state.pointerSize)}  ${quote(text)}`);
  }
  return { lines, next: start + BigInt((codes.length + 1) * width) };
}

function roundUp(count: number, unit: number): number {
  return Math.ceil(count / unit) * unit;
}

export async function readCharacters(
  context: CommandContext,
  start: bigint,
  limit: number,
  width: 1 | 2,
  memory: Memory = context.target,
): Promise<Characters> {
  const codes: number[] = [];
  while (codes.length < limit) {
    context.state.cancel.check();
    const count = Math.min(READ_AT_ONCE, limit - codes.length);
    const from = BigInt.asUintN(64, start + BigInt(codes.length * width));
    const block = await memory.readMemory(from, count * width);
    for (let index = 0; index < count; index++) {
      const at = index * width;
      const code = (block.bytes[at] ?? 0) | (width === 2 ? (block.bytes[at + 1] ?? 0) << 8 : 0);
      const readable = block.readable === null || block.readable[at + width - 1] === 1;
      if (!readable || code === 0) return { codes, whole: readable };
      codes.push(code);
    }
  }
  return { codes, whole: true };
}
