import { engineErrors } from '../../errors.ts';
import { parseNumber } from '../../expressions/numbers.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { differences, pieces } from '../memory/compare.ts';
import { walkLinks } from '../memory/links.ts';
import { type Range, readRange } from '../memory/range.ts';
import {
  hits,
  type Needle,
  type SearchFlags,
  savedHits,
  searchObjects,
  showHits,
  showStrings,
} from '../memory/search.ts';
import { readIntegers } from '../memory/values.ts';
import { instructionPointer } from '../pseudo.ts';

/** A range that has to be given, with its length. */
export async function wholeRange(
  context: CommandContext,
  args: Args,
  size = 1,
): Promise<{ readonly start: bigint; readonly count: bigint }> {
  if (args.done) args.fail();
  const range: Range = await readRange(context, args, size, () => instructionPointer(context.state));
  const { start, count } = range;
  if (count === null) args.fail();
  return { start, count };
}

async function compare(context: CommandContext, args: Args): Promise<undefined> {
  const { start, count } = await wholeRange(context, args);
  args.take(',');
  const other = await context.evaluate(args);
  args.expectEnd();
  for await (const piece of pieces(context, start, count)) {
    const at = other + (piece.at - start);
    for await (const second of pieces(context, at, BigInt(piece.bytes.length)))
      differences(context, piece, second);
  }
}

/** Written at a time. */
const CHUNK = 0x8000n;

async function move(context: CommandContext, args: Args): Promise<undefined> {
  const { start, count } = await wholeRange(context, args);
  args.take(',');
  const to = await context.evaluate(args);
  args.expectEnd();
  const { target, state } = context;
  // From the end where it would write over what is still to be read.
  const backwards = to > start && to < start + count;
  for (let done = 0n; done < count; done += CHUNK) {
    const length = count - done < CHUNK ? count - done : CHUNK;
    const at = backwards ? count - done - length : done;
    for await (const { bytes } of pieces(context, start + at, length))
      await target.writeMemory(to + at, bytes);
  }
  state.forgetCode();
}

const SIZES: Readonly<Record<string, 1 | 2 | 4 | 8>> = { b: 1, w: 2, d: 4, q: 8 };
const MOST_HITS = 1024;
const LEAST_TEXT = 3;

async function search(context: CommandContext, args: Args): Promise<undefined> {
  const at = args.next;
  const option = args.match(/-(?:\[([^\]]*)\])?([bwdquav]|s[au])?(?=\s|$)/y);
  if (!option && args.text[at] === '-') args.fail(at);
  const type = option?.[2] ?? 'b';
  if (option?.[1] !== undefined && option[2] === undefined) args.fail(at);
  const { flags, least } = readFlags(context, args, option?.[1] ?? '', at);
  const { start, count } = await wholeRange(context, args, SIZES[type] ?? 1);
  const span = { start, end: start + count * BigInt(SIZES[type] ?? 1) };
  if (type === 'sa' || type === 'su') {
    args.expectEnd();
    return showStrings(context, span, type === 'sa' ? 1 : 2, least, flags).then(() => undefined);
  }
  const where = args.next;
  if (type === 'v') {
    const object = await context.evaluate(args);
    args.expectEnd();
    await searchObjects(context, span, object, flags, args, where);
    return undefined;
  }
  const needle = await readNeedle(context, args, type);
  const found = flags.restrict
    ? savedHits(context, needle, context.state.savedHits)
    : hits(context, span, needle, flags);
  await showHits(context, found, type, flags);
}

/** The letters in brackets: `s`, `r`, `w`, `1`, `l Length`, and last `n Hits`. */
function readFlags(
  { state }: CommandContext,
  args: Args,
  text: string,
  at: number,
): { readonly flags: SearchFlags; readonly least: number } {
  const match = /^\s*((?:[srw1]|l\s*[0-9a-fx]+|\s)*)(?:n\s*([0-9a-fx]+)\s*)?$/i.exec(text);
  if (!match) args.fail(at);
  const letters = (match[1] ?? '').toLowerCase();
  const number = (digits: string | undefined, otherwise: number): number => {
    const value = digits === undefined ? null : parseNumber(digits, state.radix);
    return value === null ? otherwise : Number(value);
  };
  const length = /l\s*([0-9a-fx]+)/.exec(letters)?.[1];
  const plain = letters.replace(/l\s*[0-9a-fx]+/g, '');
  return {
    flags: {
      writable: plain.includes('w'),
      bare: plain.includes('1'),
      save: plain.includes('s'),
      restrict: plain.includes('r'),
      most: number(match[2], MOST_HITS),
    },
    least: Math.max(1, number(length, LEAST_TEXT)),
  };
}

async function readNeedle(context: CommandContext, args: Args, type: string): Promise<Needle> {
  if (type === 'a' || type === 'u') {
    const at = args.next;
    const text = args.quoted() ?? args.word() ?? args.fail(at);
    args.expectEnd();
    if (text === '') args.fail(at);
    return { bytes: Buffer.from(text, type === 'a' ? 'utf8' : 'utf16le'), align: 1 };
  }
  const size = SIZES[type] ?? 1;
  const at = args.next;
  // `'DCBA'` is the number whose bytes are A B C D.
  const characters = args.match(/'([^']+)'/y)?.[1];
  if (characters !== undefined) {
    const bytes =
      size === 1 ? Buffer.from(characters, 'utf8') : Buffer.from([...characters].reverse().join(''), 'utf8');
    args.expectEnd();
    if (size > 1 && bytes.length !== size)
      throw engineErrors.badArgument(`There are ${size} characters in one: '${characters}'`, at);
    return { bytes, align: size };
  }
  const text = size === 1 ? args.quoted() : null;
  const bytes = text === null ? await readIntegers(context, args, size) : Buffer.from(text, 'utf8');
  args.expectEnd();
  return { bytes: Buffer.from(bytes), align: size };
}

async function list(context: CommandContext, args: Args): Promise<undefined> {
  const start = args.done ? args.fail() : await context.evaluate(args);
  const most = args.done ? null : await context.evaluate(args);
  const size = args.done ? null : await context.evaluate(args);
  args.expectEnd();
  await walkLinks(context, start, most, size, context.name.endsWith('b'));
}

const common = { family: 'Memory', needs: 'any', secure: 'allowed' } as const;

export const rangeCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'c',
    syntax: ['c Address L Count Other', 'c Address End Other'],
    summary: 'Compares two ranges of memory.',
    help: 'Shows each byte that differs, with its address, in both; nothing where there is none.',
    example: 'c loop!g_message L4 loop!g_message+6',
    run: compare,
  },
  {
    ...common,
    name: 'm',
    changes: true,
    once: true,
    syntax: ['m Address L Count To', 'm Address End To'],
    summary: 'Copies memory to another address.',
    help: 'The ranges may overlap. Says nothing where all was written.',
    example: 'm loop!g_message L4 loop!g_message+4',
    run: move,
  },
  {
    ...common,
    name: 's',
    syntax: [
      's [-[Flags]Type] Address L Count Value [Value …]',
      's -[Flags]{a|u} Range "Text"',
      's -[Flags]{sa|su} Range',
      's -[Flags]v Range Object',
    ],
    summary: 'Searches memory.',
    help:
      "Types are b (bytes, the default), w, d, q (2, 4 and 8 bytes at multiples of that), a and u (text of 8 and 16 bits), sa and su (whatever reads as text), v (objects of the same class as the one at Object, by the pointer to their functions). Text in single quotes is one number: -d 'DCBA' finds the bytes A B C D. " +
      'Flags stand in brackets: `1` shows addresses only, `w` looks in writable memory only, `s` keeps the hits and `r` looks only where the last search that kept them found something, `l` and a number is the least length of a text (3), `n` and a number, last, how many hits are kept (400). ' +
      'What cannot be read is passed over. More than 256 MB take L?; a break-in ends it.',
    example: 's -[1]a loop!g_message L40 "world"',
    run: search,
  },
  {
    ...common,
    name: 'dl',
    aliases: ['dlb'],
    syntax: ['dl[b] Address [Count [Size]]'],
    summary: 'Follows a list of pointers through memory.',
    help: 'An element begins with the pointer to the next one; dlb follows the one behind it. Size (2) pointers of each are shown, Count (20) elements at most; it ends where a pointer is null or leads to the first again.',
    example: 'dl loop!g_head+8',
    run: list,
  },
];
