import type { SourceLine } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { instructionPointer } from '../pseudo.ts';
import { sourceLines } from '../source/listing.ts';

const DEFAULT_COUNT = 20;
const MOST = 10_000;

async function placeOf({ state }: CommandContext, at: bigint): Promise<SourceLine> {
  const [place = null] = await state.target.lines([at]);
  if (!place)
    throw engineErrors.noSource(
      'No source line is known there',
      'ln shows what is; ld looks for debug information.',
    );
  return place;
}

/** Line of the instruction pointer in the file, where it is in that file. */
async function currentLine({ state }: CommandContext, file: string): Promise<number | null> {
  const [place = null] = await state.target.lines([await instructionPointer(state)]);
  return place?.file === file ? place.line : null;
}

async function show(context: CommandContext, file: string, first: number, count: number): Promise<void> {
  const { listing } = context.state;
  const start = Math.max(1, first);
  const lines = await context.target.sourceLines(file, start, Math.min(count, MOST));
  if (lines === null)
    throw engineErrors.noSource(
      `The source file '${file}' cannot be read`,
      '.srcpath names folders to look in; !addsourcemap says where what was compiled elsewhere lies here.',
    );
  listing.file = file;
  listing.next = start + lines.length;
  if (lines.length > 0) context.print(sourceLines(lines, start, await currentLine(context, file)));
}

/** Line numbers and counts: decimal, as lines always are. */
function number(args: Args): number | null {
  const match = args.match(/(-?)(0x[0-9a-f]+|\d+)(?=[\s,;]|$)/iy);
  return match ? Number(match[2]) * (match[1] === '-' ? -1 : 1) : null;
}

async function list(context: CommandContext, args: Args): Promise<undefined> {
  const { listing } = context.state;
  args.match(/\.(?=\s|$)/y);
  const first = number(args);
  const count = args.take(',') ? (number(args) ?? args.fail()) : DEFAULT_COUNT;
  args.expectEnd();
  if (listing.file === null) {
    const place = await placeOf(context, await instructionPointer(context.state));
    listing.file = place.file;
    listing.next = place.line;
  }
  await show(context, listing.file, first ?? listing.next, count);
}

async function listAt(context: CommandContext, args: Args): Promise<undefined> {
  const { listing } = context.state;
  args.match(/\.(?=\s+\S)/y);
  const place = await placeOf(
    context,
    args.done ? await instructionPointer(context.state) : await context.evaluate(args),
  );
  const first = args.take(',') ? (number(args) ?? args.fail()) : null;
  const count = args.take(',') ? (number(args) ?? args.fail()) : null;
  args.expectEnd();
  const [before, after] = listing.around ?? [0, DEFAULT_COUNT - 1];
  const start = first === null ? place.line - before : place.line + first;
  await show(context, place.file, start, count ?? before + after + 1);
}

async function current(context: CommandContext, args: Args): Promise<undefined> {
  args.expectEnd();
  const { file, next } = context.state.listing;
  context.print(file === null ? 'No current source file' : `Current: ${file}(${next})`);
}

async function load(context: CommandContext, args: Args): Promise<undefined> {
  const { listing } = context.state;
  const file = args.rest().replace(/^"(.*)"$/, '$1');
  if (file === '') args.fail();
  if (context.name.endsWith('-')) {
    if (listing.file === file || listing.file?.endsWith(`/${file}`)) listing.file = null;
    return;
  }
  const [at] = await context.target.addressesOfLine(file, 1).catch(() => []);
  const [place] = at === undefined ? [] : await context.target.lines([at]);
  const found = place?.file ?? file;
  const lines = await context.target.sourceLines(found, 1, 1);
  if (lines === null)
    throw engineErrors.noSource(
      `The source file '${found}' cannot be read`,
      '.srcpath names folders to look in.',
    );
  listing.file = found;
  listing.next = 1;
}

async function options(context: CommandContext, args: Args): Promise<undefined> {
  const { listing } = context.state;
  const forAddress = args.match(/-a(?=\s|$)/y) !== null;
  const at = args.next;
  const lead = number(args);
  args.take(',');
  const trail = number(args);
  args.expectEnd();
  if (lead !== null && (lead < 0 || lead > MOST || (trail ?? 0) < 0 || (trail ?? 0) > MOST)) args.fail(at);
  if (lead !== null) {
    // One number is how many in all: half of them before.
    const chosen: readonly [number, number] =
      trail === null ? [Math.floor((lead - 1) / 2), Math.ceil((lead - 1) / 2)] : [lead, trail];
    if (forAddress) listing.around = chosen;
    else listing.prompt = [Math.max(0, chosen[0]), Math.max(0, chosen[1])];
  }
  const [before, after] = listing.prompt;
  const around = listing.around ?? [0, DEFAULT_COUNT - 1];
  context.print(
    `At the prompt, display ${before} line(s) before and ${after} after\n` +
      `For lsa, display ${around[0]} line(s) before and ${around[1]} after`,
  );
}

async function setMaps(context: CommandContext, maps: readonly (readonly [string, string])[]): Promise<void> {
  context.state.sourceMaps = maps;
  for (const { backend } of context.state.systems) await backend?.setSourceMaps(maps);
}

async function addMap(context: CommandContext, args: Args): Promise<undefined> {
  const at = args.next;
  const words = [0, 1, 2].map(() => args.quoted() ?? args.word() ?? args.fail(at));
  args.expectEnd();
  const [, to = '', from = ''] = words.map((word) => word.replace(/\/?\*$/, ''));
  if (to === '' || from === '') args.fail(at);
  await setMaps(context, [...context.state.sourceMaps.filter(([known]) => known !== from), [from, to]]);
}

async function showMaps(context: CommandContext, args: Args): Promise<undefined> {
  args.expectEnd();
  const { sourceMaps } = context.state;
  context.print(
    sourceMaps.length === 0
      ? 'No source maps'
      : sourceMaps.map(([from, to]) => `${from}* -> ${to}*`).join('\n'),
  );
}

async function removeMaps(context: CommandContext, args: Args): Promise<undefined> {
  const from = args.rest().replace(/\/?\*$/, '');
  await setMaps(context, from === '' ? [] : context.state.sourceMaps.filter(([known]) => known !== from));
}

const common = { family: 'Symbols and types', needs: 'any' } as const;

export const sourceLineCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'ls',
    continues: true,
    syntax: ['ls [.] [Line] [, Count]'],
    summary: 'Shows lines of the current source file.',
    help: 'From a line on, at first that of the instruction pointer, then where the last display ended; twenty unless a count is given. Lines are decimal; `>` marks the one that comes next.',
    example: 'ls',
    run: list,
  },
  {
    ...common,
    name: 'lsa',
    syntax: ['lsa [.] Address [, First [, Count]]'],
    summary: 'Shows the source lines at an address.',
    help: 'First is how far from its line they begin (-3: three before). The file becomes the current one.',
    example: 'lsa .',
    run: listAt,
  },
  {
    ...common,
    name: 'lsc',
    syntax: ['lsc'],
    summary: 'Shows which source file is the current one, and its next line.',
    help: 'lsf and lsa choose it.',
    example: 'lsc',
    run: current,
  },
  {
    ...common,
    name: 'lsf',
    aliases: ['lsf-'],
    syntax: ['lsf File', 'lsf- File'],
    summary: 'Makes a source file the current one.',
    help: 'By its name as it was compiled, or by its path where the engine runs; lsf- lets it go.',
    example: 'lsf loop.c; ls 1, 5',
    run: load,
  },
  {
    ...common,
    name: 'lsp',
    needs: 'none',
    secure: 'allowed',
    syntax: ['lsp [-a] Before After', 'lsp [-a] Count', 'lsp'],
    summary: 'Sets how many source lines are shown around the current one.',
    help: 'At stops in source mode (l+s), or with -a by lsa. One number is how many in all.',
    example: 'lsp -a 2 3',
    run: options,
  },
  {
    ...common,
    name: '!addsourcemap',
    needs: 'none',
    syntax: ['!addsourcemap {Module|*} Local* Compiled*'],
    summary: 'Says where sources lie here that were compiled elsewhere.',
    help: 'Paths that begin with Compiled are looked for with Local in its place, on the machine where the engine runs.',
    differences: 'It counts for all modules, whichever is named.',
    example: '!addsourcemap * /build/loop /home/me/loop',
    run: addMap,
  },
  {
    ...common,
    name: '!sourcemaps',
    needs: 'none',
    syntax: ['!sourcemaps'],
    summary: 'Lists what !addsourcemap has set.',
    help: 'The path as it was compiled, and what is looked for in its place.',
    example: '!sourcemaps',
    run: showMaps,
  },
  {
    ...common,
    name: '!removesourcemaps',
    needs: 'none',
    syntax: ['!removesourcemaps [Compiled*]'],
    summary: 'Takes back what !addsourcemap has set.',
    help: 'One, or all of it.',
    example: '!removesourcemaps *',
    run: removeMaps,
  },
];
