import { joined, linked, type Marked } from '../../dml/marked.ts';
import { engineErrors } from '../../errors.ts';
import { address as addressText, hex64 } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { instructionPointer } from '../pseudo.ts';
import { describeRegions, PROTECT_BITS, type Region, STATE_BITS, TYPE_BITS } from '../regions/describe.ts';
import { regionFilter } from '../regions/filter.ts';
import { protectionLines, regionDetails, summaryLines, TABLE_HEADER, tableLine } from '../regions/show.ts';

/** Of a kernel's memory there is no list. */
async function regions({ state }: CommandContext, what: string): Promise<readonly Region[]> {
  if (state.isKernel)
    throw engineErrors.unsupported(
      what,
      'a kernel keeps no list of its memory',
      '!pte shows how an address is mapped.',
    );
  return describeRegions(state);
}

async function regionAt(context: CommandContext, args: Args, what: string): Promise<[Region, bigint]> {
  const { state } = context;
  const at = args.next;
  const wanted = args.done ? await instructionPointer(state) : await context.evaluate(args);
  args.expectEnd();
  const found = (await regions(context, what)).find(({ start, end }) => wanted >= start && wanted < end);
  if (!found)
    throw engineErrors.badArgument(
      `${addressText(wanted, state.pointerSize)} is no address of a program`,
      at,
    );
  return [found, wanted];
}

/** `More info:` names a command. */
function moreInfo(line: string): string | Marked {
  const command = /^More info: +(\S.*)$/.exec(line)?.[1];
  return command === undefined ? line : linked(line, command, command);
}

const FORMATS = new Set(['csv', 'tsv', '1']);

async function address(context: CommandContext, args: Args): Promise<undefined> {
  if (args.match(/-\?(?=\s|$)/y)) {
    await context.run('.help !address');
    return;
  }
  if (args.match(/-summary(?=\s|$)/iy)) {
    args.expectEnd();
    context.print(summaryLines(await regions(context, '!address')).join('\n'));
    return;
  }
  if (!args.done && args.text[args.next] !== '-') {
    const [region, wanted] = await regionAt(context, args, '!address');
    context.print(joined(['', ...regionDetails(region, wanted).map(moreInfo)], '\n'));
    return;
  }
  const { filter, format, command } = readOptions(args);
  const chosen = (await regions(context, '!address')).filter(filter);
  if (command !== null) await runForEach(context, chosen, command);
  else if (format === '1') context.print(chosen.map(({ start }) => hex64(start)).join('\n'));
  else if (format !== null) context.print(separated(chosen, format === 'csv' ? ',' : '\t').join('\n'));
  else showTable(context, chosen);
}

function readOptions(args: Args): {
  readonly filter: (region: Region) => boolean;
  readonly format: string | null;
  readonly command: string | null;
} {
  let filter: (region: Region) => boolean = () => true;
  let format: string | null = null;
  let command: string | null = null;
  while (!args.done) {
    const at = args.next;
    const name = args.match(/-([foc]):/iy)?.[1]?.toLowerCase() ?? args.fail(at);
    if (name === 'c') command = args.quoted() ?? args.rest();
    else {
      const value = args.word() ?? args.fail(at);
      if (name === 'f') filter = regionFilter(value) ?? args.fail(at);
      else format = FORMATS.has(value.toLowerCase()) ? value.toLowerCase() : args.fail(at);
    }
  }
  return { filter, format, command };
}

function showTable(context: CommandContext, chosen: readonly Region[]): void {
  const lines = chosen.map((region, index) =>
    tableLine(region, chosen[index - 1]?.allocation !== region.allocation || region.usage !== 'Image'),
  );
  context.print(['', ...TABLE_HEADER, ...lines].join('\n'));
}

function separated(chosen: readonly Region[], by: string): string[] {
  const quoted = (text: string) => (by === ',' ? `"${text.replaceAll('"', '""')}"` : text);
  const head = ['BaseAddress', 'EndAddress+1', 'RegionSize', 'Type', 'State', 'Protect', 'Usage', 'Comment'];
  const number = (value: bigint) => `0x${value.toString(16)}`;
  const rows = chosen.map((region) => [
    number(region.start),
    number(region.end),
    number(region.end - region.start),
    ...[region.type, region.state, region.protect, region.usage, region.path],
  ]);
  return [head, ...rows].map((row) => row.map(quoted).join(by));
}

/** `-c:"command"`: `%1` to `%8` are base, end, size, type, state, protection and usage. */
async function runForEach(
  context: CommandContext,
  chosen: readonly Region[],
  command: string,
): Promise<void> {
  const number = (value: bigint | number) => `0x${value.toString(16)}`;
  for (const region of chosen) {
    context.state.cancel.check();
    const values = [
      number(region.start),
      number(region.end),
      number(region.end - region.start),
      number(TYPE_BITS[region.type]),
      number(STATE_BITS[region.state]),
      number(PROTECT_BITS[region.protect] ?? 0),
      `"${region.usage}"`,
    ];
    const text = command.replace(/%([1-7])/g, (_, digit) => values[Number(digit) - 1] ?? '');
    context.print(`*** Executing: ${text}`);
    await context.run(text);
  }
}

async function protection(context: CommandContext, args: Args): Promise<undefined> {
  const [region] = await regionAt(context, args, '!vprot');
  context.print(protectionLines(region).join('\n'));
}

/** What memory is made of in pages. */
const PAGE = 0x1000n;
const roundUp = (size: bigint): bigint => ((size + PAGE - 1n) / PAGE) * PAGE;

async function allocate(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  let base = 0n;
  let exact = true;
  for (let match = args.match(/\/(b|r)(?=\s)/iy); match; match = args.match(/\/(b|r)(?=\s)/iy)) {
    if (match[1] === 'b') base = await context.evaluate(args);
    else exact = false;
  }
  if (args.text[args.next] === '/') args.fail(args.next);
  const at = args.next;
  const size = roundUp(args.done ? args.fail() : await context.evaluate(args));
  args.expectEnd();
  if (size === 0n) args.fail(at);
  const start = await context.target.mapMemory(base, size, base !== 0n && exact);
  state.forgetCode();
  context.print(`Allocated ${size.toString(16)} bytes starting at ${addressText(start, state.pointerSize)}`);
}

async function release(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const keeps = args.match(/\/d(?=\s)/iy) !== null;
  const start = args.done ? args.fail() : await context.evaluate(args);
  const size = roundUp(args.done ? args.fail() : await context.evaluate(args));
  args.expectEnd();
  await context.target.unmapMemory(start, size, keeps);
  state.forgetCode();
  context.print(`Freed ${size.toString(16)} bytes starting at ${addressText(start, state.pointerSize)}`);
}

const common = { family: 'Memory', needs: 'any', secure: 'allowed' } as const;

export const regionCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '!address',
    syntax: [
      '!address Address',
      '!address -summary',
      '!address [-f:Filter[,Filter …]] [-o:{csv|tsv|1} | -c:"Command"]',
    ],
    summary: 'Shows what memory is used for.',
    help:
      'Of the mapping that an address lies in, of all together, or of each. Filters are usages (VAR, Free, Image, Stack, Heap, FileMap, Other), types (MEM_IMAGE, MEM_MAPPED, MEM_PRIVATE), states (MEM_COMMIT, MEM_RESERVE, MEM_FREE) and protections (PAGE_READWRITE and the like); of several of one kind one has to hold. ' +
      '-o writes a table for other programs, or the addresses alone; -c runs a command for each, with %1 base, %2 end, %3 size, %4 type, %5 state, %6 protection and %7 usage. ' +
      'Stack is where a thread has its stack pointer; what is mapped without any access is MEM_RESERVE; the heap is what brk gave, and what the allocator has mapped beside it is VAR.',
    differences:
      'What Linux has is told in WinDbg’s words: a mapping of a file that is a module is Image, one without any access MEM_RESERVE. Usages of Windows alone (Teb, Peb, PageHeap, CSR, Actx, NLS) are taken and match nothing.',
    example: '!address @rsp',
    run: address,
  },
  {
    ...common,
    name: '!vprot',
    syntax: ['!vprot [Address]'],
    summary: 'Shows how memory is protected.',
    help: 'Of the mapping that an address lies in, the instruction pointer’s without one.',
    example: '!vprot @rsp',
    run: protection,
  },
  {
    ...common,
    name: '.dvalloc',
    needs: 'live',
    once: true,
    syntax: ['.dvalloc [/b Base] [/r] Size'],
    summary: 'Maps new memory in the target.',
    differences:
      'The target’s own mmap is called, for nobody else can map memory there; without that function it is refused.',
    help: 'Readable, writable and executable, in whole pages: the target’s mmap is called, with the other threads standing still. /b says where, with /r (or where something is there already) only as a wish.',
    example: '.dvalloc 1000',
    run: allocate,
  },
  {
    ...common,
    name: '.dvfree',
    needs: 'live',
    once: true,
    syntax: ['.dvfree [/d] Base Size'],
    summary: 'Gives back memory that .dvalloc has mapped.',
    help: 'The target’s munmap is called. /d keeps the addresses reserved.',
    example: '.foreach /pS 5 (block { .dvalloc 1000 }) { .dvfree block 1000 }',
    run: release,
  },
];
