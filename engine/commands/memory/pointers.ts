import type { SymbolHit } from '../../backend/types.ts';
import { joined, linked, type Marked } from '../../dml/marked.ts';
import { address, symbol } from '../../format/address.ts';
import { quote } from '../../format/values.ts';
import type { CommandContext } from '../entry.ts';
import { littleEndian } from './read.ts';
import { readCharacters } from './text.ts';

const AT_ONCE = 512;
const LONGEST_TEXT = 256;

/** What stands beside each value: its symbol, the string or the pointer it points to. */
export type Pointee = 's' | 'a' | 'u' | 'p';

/** `dps`, `dpa`, `dpu`, `dpp` and their kin with other sizes: one value a line. */
export async function displayPointers(
  context: CommandContext,
  start: bigint,
  count: bigint,
  size: 4 | 8,
  pointee: Pointee,
  columns: number,
): Promise<void> {
  const { state } = context;
  const atOnce = BigInt(Math.ceil(AT_ONCE / columns) * columns);
  for (let done = 0n; done < count; done += atOnce) {
    state.cancel.check();
    const elements = Number(count - done < atOnce ? count - done : atOnce);
    const from = BigInt.asUintN(64, start + done * BigInt(size));
    context.print(joined(await lines(context, from, elements, size, pointee, columns), '\n'));
  }
  state.dataCursor = BigInt.asUintN(64, start + count * BigInt(size));
}

async function lines(
  context: CommandContext,
  from: bigint,
  count: number,
  size: 4 | 8,
  pointee: Pointee,
  columns: number,
): Promise<Marked[]> {
  const { state } = context;
  const block = await state.target.readMemory(from, count * size);
  const readable = (index: number): boolean => block.readable === null || block.readable[index * size] === 1;
  const values = Array.from({ length: count }, (_, index) => littleEndian(block.bytes, index * size, size));
  const hits = pointee === 's' ? await state.target.symbolize(values) : [];
  const sources = await linesOf(context, values, hits);
  const shown: (string | Marked)[][] = [];
  for (const [index, value] of values.entries()) {
    if (index % columns === 0) shown.push([]);
    const cells = shown.at(-1) ?? [];
    if (!readable(index)) {
      cells.push(size === 8 ? '????????`????????' : '????????');
      continue;
    }
    const beside = await besideText(context, value, pointee, hits[index] ?? null, sources.get(value) ?? '');
    const cell = `${address(value, size)}${beside && ` ${beside}`}`;
    // What has a symbol may be code.
    cells.push(hits[index] ? linked(cell, address(value, size), `u 0x${value.toString(16)}`) : cell);
    state.lastDisplayed = value;
  }
  const start = (line: number): string => address(from + BigInt(line * columns * size), state.pointerSize);
  return shown.map((cells, line) => joined([`${start(line)} `, ...cells], ' '));
}

/** ` [file @ line]` of those values that lead to code. */
async function linesOf(
  { state }: CommandContext,
  values: readonly bigint[],
  hits: readonly (SymbolHit | null)[],
): Promise<ReadonlyMap<bigint, string>> {
  const named = [...new Set(values.filter((_, index) => hits[index]))];
  if (named.length === 0) return new Map();
  const found = await state.target.lines(named);
  return new Map(
    named.flatMap((value, index) => {
      const line = found[index];
      return line ? [[value, ` [${line.file} @ ${line.line}]`] as const] : [];
    }),
  );
}

async function besideText(
  context: CommandContext,
  value: bigint,
  pointee: Pointee,
  hit: SymbolHit | null,
  source: string,
): Promise<string> {
  if (pointee === 's') return hit ? `${symbol(hit)}${source}` : '';
  if (pointee === 'p') return pointerBeside(context, value);
  const { codes, whole } = await readCharacters(context, value, LONGEST_TEXT, pointee === 'a' ? 1 : 2);
  return whole || codes.length > 0 ? quote(String.fromCharCode(...codes)) : '????????';
}

async function pointerBeside({ state }: CommandContext, value: bigint): Promise<string> {
  const size = state.pointerSize;
  const block = await state.target.readMemory(value, size);
  if (block.readable !== null) return size === 8 ? '????????`????????' : '????????';
  const target = littleEndian(block.bytes, 0, size);
  const [hit] = await state.target.symbolize([target]);
  return `${address(target, size)}${hit ? ` ${symbol(hit)}` : ''}`;
}
