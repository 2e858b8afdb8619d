import { engineErrors } from '../../errors.ts';
import { address as addressText } from '../../format/address.ts';
import { memoryLines } from '../../format/memory.ts';
import { quote } from '../../format/values.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { formatOf } from './formats.ts';
import { littleEndian } from './read.ts';
import { readableRuns, type Span } from './scan.ts';

/** What is looked for. `align`: hits stand at multiples of it. */
export interface Needle {
  readonly bytes: Buffer;
  readonly align: number;
}

export interface SearchFlags {
  /** Only writable memory. */
  readonly writable: boolean;
  /** Nothing but addresses, one a line. */
  readonly bare: boolean;
  /** Keeps the hits for a search with `restrict`. */
  readonly save: boolean;
  /** Only where the last search that saved had its hits. */
  readonly restrict: boolean;
  /** Hits that are kept. */
  readonly most: number;
}

/** Bytes that the line of a hit shows. */
const SHOWN = 16;

/** Where a needle stands, one hit after the other; they may overlap, and lie wholly within the span. */
export async function* hits(
  context: CommandContext,
  span: Span,
  needle: Needle,
  flags: SearchFlags,
): AsyncGenerator<bigint> {
  const accept = flags.writable ? ({ write }: { write: boolean }) => write : null;
  for await (const run of readableRuns(context, span, needle.bytes.length - 1, accept)) {
    for (
      let at = run.bytes.indexOf(needle.bytes);
      at >= 0 && at < run.own;
      at = run.bytes.indexOf(needle.bytes, at + 1)
    ) {
      const hit = run.address + BigInt(at);
      if (hit % BigInt(needle.align) === 0n) yield hit;
    }
  }
}

/** Of addresses that an earlier search has saved, those where the needle stands. */
export async function* savedHits(
  context: CommandContext,
  needle: Needle,
  saved: readonly bigint[],
): AsyncGenerator<bigint> {
  for (const at of saved) {
    context.state.cancel.check();
    const block = await context.target.readMemory(at, needle.bytes.length);
    if (block.readable === null && needle.bytes.equals(block.bytes)) yield at;
  }
}

/** Shows hits as the display command of their type does, and keeps them where that is wanted. */
export async function showHits(
  context: CommandContext,
  found: AsyncIterable<bigint>,
  type: string,
  flags: SearchFlags,
  show: (context: CommandContext, hit: bigint, type: string) => Promise<void> = showMemory,
): Promise<void> {
  const { state } = context;
  const saved: bigint[] = [];
  for await (const hit of found) {
    if (flags.save && saved.length >= flags.most) {
      state.savedHits = saved;
      throw engineErrors.tooManyHits(flags.most);
    }
    saved.push(hit);
    state.lastDisplayed = hit;
    if (flags.bare) context.print(`0x${addressText(hit, state.pointerSize)}`);
    else await show(context, hit, type);
  }
  if (flags.save) state.savedHits = saved;
}

async function showMemory(context: CommandContext, hit: bigint, type: string): Promise<void> {
  const format = formatOf(type);
  const block = await context.target.readMemory(hit, SHOWN);
  context.print(memoryLines(block, SHOWN / format.size, format, context.state.pointerSize).join('\n'));
}

/** So far a string may reach over the border of two runs. */
const LONGEST_STRING = 0x1000;

/** `-sa`, `-su`: texts of printable characters, at least so many, in a row. */
export async function showStrings(
  context: CommandContext,
  span: Span,
  width: 1 | 2,
  least: number,
  flags: SearchFlags,
): Promise<void> {
  const { pointerSize } = context.state;
  const texts = new Map<bigint, string>();
  const found = strings(context, span, width, least, flags, texts);
  await showHits(context, found, '', flags, async (_, hit) => {
    context.print(`${addressText(hit, pointerSize)}  ${quote(texts.get(hit) ?? '')}`);
    texts.delete(hit);
  });
}

async function* strings(
  context: CommandContext,
  span: Span,
  width: 1 | 2,
  least: number,
  { writable }: SearchFlags,
  texts: Map<bigint, string>,
): AsyncGenerator<bigint> {
  const pattern = new RegExp(`(?:[\\t -~]${width === 2 ? '\\0' : ''}){${least},}`, 'g');
  // The end of one that began in the run before is none of its own.
  let next = 0n;
  const accept = writable ? ({ write }: { write: boolean }) => write : null;
  for await (const run of readableRuns(context, span, LONGEST_STRING * width, accept)) {
    for (const { 0: text, index } of run.bytes.toString('latin1').matchAll(pattern)) {
      const hit = run.address + BigInt(index);
      if (index >= run.own) break;
      if (hit < next) continue;
      next = hit + BigInt(text.length);
      texts.set(hit, text.replaceAll('\0', ''));
      yield hit;
    }
  }
}

/** `-v`: the objects of the class of the one at an address, by the pointer to their functions. */
export async function searchObjects(
  context: CommandContext,
  span: Span,
  object: bigint,
  flags: SearchFlags,
  args: Args,
  at: number,
): Promise<void> {
  const { state } = context;
  const size = state.pointerSize;
  const block = await context.target.readMemory(object, size);
  if (block.readable !== null) throw engineErrors.memoryUnreadable(object);
  const table = littleEndian(block.bytes, 0, size);
  const [symbol] = await context.target.symbolize([table]);
  const type = /^vtable for (.+)$/.exec(symbol?.name ?? '')?.[1];
  if (!symbol || type === undefined)
    throw engineErrors.badArgument(`No object with virtual functions at '${args.text.slice(at).trim()}'`, at);
  const needle = { bytes: Buffer.from(block.bytes), align: size };
  await showHits(context, hits(context, span, needle, flags), '', flags, async (_, hit) => {
    context.print(`0x${addressText(hit, size)} ${symbol.module}!${type}`);
    await context.run(`dt ${symbol.module}!${/\s/.test(type) ? `(${type})` : type} 0x${hit.toString(16)}`);
  });
}
