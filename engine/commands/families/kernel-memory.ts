import { address as addressText, hex64 } from '../../format/address.ts';
import { type MemoryFormat, memoryLines } from '../../format/memory.ts';
import type { PageEntry } from '../../kernel/paging/walk.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { askForValues } from '../input/values.ts';
import { walkPageTables } from '../kernel/page-tables.ts';
import { expectKernel, physicalAddress, physicalMemory } from '../kernel/physical.ts';
import { readRange } from '../memory/range.ts';
import { textLines } from '../memory/text.ts';
import { readIntegers, type Size } from '../memory/values.ts';

const integers = (size: 1 | 2 | 4 | 8, perLine: number, ascii: boolean): MemoryFormat => ({
  size,
  perLine,
  kind: 'integer',
  ascii,
  defaultCount: 128 / size,
});

const SHOWS: Readonly<Record<string, MemoryFormat>> = {
  '!db': integers(1, 16, true),
  '!dc': integers(4, 4, true),
  '!dd': integers(4, 4, false),
  '!dp': integers(8, 2, false),
  '!dq': integers(8, 2, false),
  '!dw': integers(2, 8, false),
};

const WRITES: Readonly<Record<string, Size>> = { '!eb': 1, '!ew': 2, '!ed': 4, '!eq': 8 };

/** Read and shown at a time. */
const CHUNK = 0x8000;

/** Where `!d*` without an address go on, for each system. */
const cursors = new WeakMap<object, bigint>();

async function show(context: CommandContext, args: Args, format: MemoryFormat): Promise<undefined> {
  const { state } = context;
  const memory = await physicalMemory(state);
  const fallback = async () => cursors.get(state.current) ?? args.fail();
  const range = await readRange(context, args, format.size, fallback);
  const { count } = range;
  const start = physicalAddress(range.start);
  args.expectEnd();
  const length = Number(count ?? BigInt(format.defaultCount)) * format.size;
  for (let at = 0; at < length; at += CHUNK) {
    state.cancel.check();
    const bytes = Math.min(CHUNK, length - at);
    const block = await memory.read(start + BigInt(at), bytes);
    context.print(memoryLines(block, bytes / format.size, format, state.pointerSize).join('\n'));
  }
  cursors.set(state.current, start + BigInt(length));
}

/** A text of 16-bit characters, up to its NUL. */
async function showText(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const { read } = await physicalMemory(state);
  const fallback = async () => cursors.get(state.current) ?? args.fail();
  const range = await readRange(context, args, 2, fallback);
  args.expectEnd();
  const limit = range.count === null ? null : Number(range.count);
  const text = await textLines(context, { readMemory: read }, physicalAddress(range.start), limit, 2);
  context.print(text.lines.join('\n'));
  cursors.set(state.current, text.next);
}

async function write(context: CommandContext, args: Args, size: Size): Promise<undefined> {
  const { state } = context;
  const memory = await physicalMemory(state);
  const start = physicalAddress(await context.evaluate(args));
  const put = async (address: bigint, bytes: Uint8Array): Promise<void> => {
    await memory.write(address, bytes);
    state.forgetCode();
  };
  if (!args.done) return put(start, await readIntegers(context, args, size)) as Promise<undefined>;
  const kind = { size, isFloat: false, read: (each: Args) => readIntegers(context, each, size), write: put };
  return askForValues(
    context,
    start,
    { ...kind, memory: { readMemory: memory.read } },
    args.next,
  ) as Promise<undefined>;
}

async function pageTables(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  expectKernel(state, '!pte');
  const wanted = await context.evaluate(args);
  args.expectEnd();
  const { walk, flags, frame } = await walkPageTables(context, wanted, null);
  const { entries, physical, pageSize, unreadable } = walk;
  const column = (text: string) => text.padEnd(27);
  context.print(`${' '.repeat(43)}VA ${hex64(wanted)}`);
  const row = (text: (entry: PageEntry) => string) =>
    context.print(
      entries
        .map((entry) => column(text(entry)))
        .join('')
        .trimEnd(),
    );
  row(({ level, at }) => `${level} at ${hex64(at)}`);
  row(({ value }) => `contains ${hex64(value)}`);
  row((entry) =>
    (entry.value & 1n) === 0n
      ? 'not valid'
      : `pfn ${frame(entry.value).toString(16).padEnd(9)} ${flags(entry)}`,
  );
  if (unreadable !== null) context.print(`The entry at ${addressText(unreadable)} cannot be read.`);
  else if (physical === null) context.print('The address is not mapped.');
  else context.print(`Physical address ${addressText(physical)}, in a page of ${sizeText(pageSize)}`);
}

const sizeText = (bytes: number): string =>
  bytes >= 1 << 30
    ? `${bytes / (1 << 30)} GB`
    : bytes >= 1 << 20
      ? `${bytes / (1 << 20)} MB`
      : `${bytes / 1024} KB`;

async function translate(context: CommandContext, args: Args): Promise<undefined> {
  expectKernel(context.state, '!vtop');
  const first = await context.evaluate(args);
  const second = args.done ? null : await context.evaluate(args);
  args.expectEnd();
  const [root, wanted] = second === null ? [null, first] : [first === 0n ? null : first, second];
  const { entries, physical, pageSize } = (await walkPageTables(context, wanted, root)).walk;
  for (const { level, at, value } of entries)
    context.print(`Virtual address ${addressText(wanted)}: ${level} ${addressText(at)} - ${hex64(value)}`);
  context.print(
    physical === null
      ? `Virtual address ${addressText(wanted)} is not mapped.`
      : `Virtual address ${addressText(wanted)} translates to physical address ${addressText(physical)} (${sizeText(pageSize)} page).`,
  );
}

const common = { family: 'Memory', needs: 'any', threads: 'each' } as const;
const done = (work: (context: CommandContext, args: Args) => Promise<undefined>): CommandEntry['run'] => work;

export const kernelMemoryCommands: readonly CommandEntry[] = [
  ...Object.entries(SHOWS).map(
    ([name, format]): CommandEntry => ({
      ...common,
      name,
      syntax: [`${name} Address [L Count]`],
      summary: `Shows physical memory, as ${name.slice(1)} shows virtual memory.`,
      help:
        'Of kernels. By the stub where it has a way (QEMU’s), else where Linux maps all of memory; where neither is to be ' +
        'had it says so. Without an address it goes on.',
      example: `${name} 100000 L4`,
      continues: true,
      run: done((context, args) => show(context, args, format)),
    }),
  ),
  {
    ...common,
    name: '!du',
    syntax: ['!du Address [L Count]'],
    summary: 'Shows a text of 16-bit characters in physical memory.',
    help: 'Of kernels; see !db. Up to the NUL, or so many characters.',
    example: '!du 100000 L4',
    continues: true,
    run: done(showText),
  },
  ...Object.entries(WRITES).map(
    ([name, size]): CommandEntry => ({
      ...common,
      name,
      syntax: [`${name} Address Value [Value …]`],
      summary: `Writes physical memory, ${size === 1 ? 'a byte' : `${size} bytes`} for each value.`,
      help: 'Of kernels; see !db.',
      example: `${name} 109290 5 6`,
      once: true,
      changes: true,
      run: done((context, args) => write(context, args, size)),
    }),
  ),
  {
    ...common,
    name: '!pte',
    syntax: ['!pte Address'],
    summary: 'Walks the page tables to an address, with each entry on the way.',
    help:
      'Of kernels on x86-64 and AArch64 (with pages of 4 KB), with pages and blocks of all sizes. Entries are named as WinDbg names ' +
      'them, and stand at physical addresses. Flags: G global, L large, D dirty, A accessed, N not cached, T written ' +
      'through, U user or K kernel, W or R, E executable, V valid; of a table of AArch64 what it forbids. From cr3, or ' +
      'TTBR0 and TTBR1, of the current processor, or from the tables of the task that .process chose.',
    example: '!pte @rip',
    run: done(pageTables),
  },
  {
    ...common,
    name: '!vtop',
    syntax: ['!vtop Address', '!vtop Root Address'],
    summary: 'Translates a virtual address into a physical one.',
    help: 'Of kernels on x86-64 and AArch64. Root is where the page tables begin, as in cr3; 0 for the current one.',
    example: '!vtop 0 @rsp',
    run: done(translate),
  },
];
