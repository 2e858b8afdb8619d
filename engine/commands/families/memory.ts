import { engineErrors } from '../../errors.ts';
import { parseNumber } from '../../expressions/numbers.ts';
import { bitLines } from '../../format/bits.ts';
import type { MemoryFormat } from '../../format/memory.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { displayMemory } from '../memory/display.ts';
import { MEMORY_FORMATS } from '../memory/formats.ts';
import { displayPointers, type Pointee } from '../memory/pointers.ts';
import { readRange } from '../memory/range.ts';
import { littleEndian } from '../memory/read.ts';
import { displayText } from '../memory/text.ts';
import { instructionPointer } from '../pseudo.ts';

const EXAMPLES: Readonly<Record<string, string>> = {
  d: 'dd loop!g_table L2; d',
  da: 'da poi(loop!g_name)',
  db: 'db @rsp L20',
  dw: 'dw loop!g_message L4',
  dW: 'dW loop!g_message L4',
  dd: 'dd /c 2 loop!g_table L4',
  dc: 'dc loop!g_message L3',
  dq: 'dq @rsp L2',
  df: 'df loop!g_ratio L2',
  dD: 'dD loop!g_ratio L1',
  dp: 'dp @rsp L4',
  dyb: 'dyb loop!g_mask L4',
  dyd: 'dyd loop!g_mask L1',
  du: 'du loop!g_message L5',
  dps: 'dps @rsp L4',
  dpa: 'dpa loop!g_name L1',
  dpu: 'dpu loop!g_name L1',
  dpp: 'dpp loop!g_head L1',
  dds: 'dds @rsp L4',
  dda: 'dda loop!g_table L2',
  ddu: 'ddu loop!g_table L2',
  ddp: 'ddp loop!g_table L2',
  dqs: 'dqs @rsp L4',
  dqa: 'dqa loop!g_name L1',
  dqu: 'dqu loop!g_name L1',
  dqp: 'dqp poi(loop!g_head) L2',
};

type Run = (context: CommandContext, args: Args) => Promise<void>;

const POINTEES: Readonly<Record<Pointee, string>> = {
  s: 'and the symbols they point to',
  a: 'and the strings they point to',
  u: 'and the 16-bit strings they point to',
  p: 'and what they point to, with its symbol',
};

const cursor = (context: CommandContext) => async (): Promise<bigint> =>
  context.state.dataCursor ?? instructionPointer(context.state);

/** More columns than this fit no screen. */
const MOST_COLUMNS = 256;

/** `/cN`, N in the current radix; null: not given. */
function readColumns(context: CommandContext, args: Args): number | null {
  const at = args.next;
  const match = args.match(/\/c\s*([0-9a-fx]+)(?=\s|$)/iy);
  if (!match) {
    if (args.text[at] === '/') args.fail(at);
    return null;
  }
  const columns = Number(parseNumber(match[1] ?? '', context.state.radix) ?? 0n);
  if (columns < 1 || columns > MOST_COLUMNS)
    throw engineErrors.badArgument(`A line has 1 to 0x${MOST_COLUMNS.toString(16)} columns`, at);
  return columns;
}

/** `/p`, `/p[c]`, `/p[uc]`, `/p[wc]`: physical memory, however it is cached; `!db` and its like show it. */
async function displayPhysical(context: CommandContext, args: Args, name: string): Promise<boolean> {
  if (!args.match(/\/p(?:\[(?:c|uc|wc)\])?(?=\s|$)/iy)) return false;
  if (!context.state.isKernel)
    throw engineErrors.unsupported(
      `${name} /p`,
      'a process has no physical memory of its own',
      `${name} shows what its addresses hold.`,
    );
  const physical = `!${name}`;
  if (!context.commands.some((command) => command.name === physical))
    throw engineErrors.unsupported(
      `${name} /p`,
      'physical memory has no such layout',
      '!db, !dd, !dq show it.',
    );
  await context.run(`${physical} ${args.rest()}`);
  return true;
}

function plain(name: string, wanted: MemoryFormat): Run {
  return async (context, args) => {
    if (await displayPhysical(context, args, name)) return;
    const columns = readColumns(context, args);
    const format = columns === null ? wanted : { ...wanted, perLine: columns };
    const { start, count } = await readRange(context, args, format.size, cursor(context));
    args.expectEnd();
    context.state.lastDisplay = name;
    await displayMemory(context, start, count ?? BigInt(format.defaultCount), format);
  };
}

function text(name: string, width: 1 | 2): Run {
  return async (context, args) => {
    const columns = readColumns(context, args) ?? undefined;
    const { start, count } = await readRange(context, args, width, cursor(context));
    args.expectEnd();
    context.state.lastDisplay = name;
    await displayText(context, start, count === null ? null : Number(count), width, columns);
  };
}

/** `size` null: as wide as the target's pointers. */
function pointers(name: string, size: 4 | 8 | null, pointee: Pointee): Run {
  return async (context, args) => {
    const width = size ?? context.state.pointerSize;
    const columns = readColumns(context, args) ?? 1;
    const { start, count } = await readRange(context, args, width, cursor(context));
    args.expectEnd();
    context.state.lastDisplay = name;
    await displayPointers(context, start, count ?? 16n, width, pointee, columns);
  };
}

const runs = new Map<string, Run>();

function entry(name: string, summary: string, run: Run): CommandEntry {
  runs.set(name, run);
  const example = EXAMPLES[name];
  return {
    name,
    family: 'Memory',
    syntax: [`${name} [/cN] [Address [L Count]]`, `${name} [/cN] Address End`],
    summary,
    help:
      'Without an address it goes on where the last display ended, at first at the instruction pointer. ' +
      'What cannot be read shows as question marks. /cN shows N columns. In a kernel, /p (also /p[c], /p[uc], /p[wc]) takes physical addresses, as !db does.',
    ...(example === undefined ? {} : { example }),
    needs: 'any',
    continues: true,
    glue: /^[@$0-9`.(/]/,
    run: async (context, args) => {
      await run(context, args);
      return undefined as Control | undefined;
    },
  };
}

const plainEntries = Object.entries(MEMORY_FORMATS).map(([name, format]) =>
  entry(name, `Shows memory as ${format.what}.`, plain(name, format)),
);

const pointerEntries = (['p', 'd', 'q'] as const).flatMap((letter) =>
  (Object.entries(POINTEES) as [Pointee, string][]).map(([pointee, what]) => {
    const name = `d${letter}${pointee}`;
    const size = letter === 'p' ? null : letter === 'd' ? 4 : 8;
    const width = letter === 'p' ? 'pointers' : letter === 'd' ? 'double words' : 'quad words';
    return entry(name, `Shows ${width} ${what}.`, pointers(name, size, pointee));
  }),
);

/** `dyb`, `dyd`: bits beside values. */
function bits(name: string, size: 1 | 4): Run {
  return async (context, args) => {
    const { state } = context;
    const range = await readRange(context, args, size, cursor(context));
    args.expectEnd();
    state.lastDisplay = name;
    const { start, count } = range;
    const elements = Number(count ?? (size === 1 ? 32n : 8n));
    if (elements > MOST_BITS) throw engineErrors.tooMuch('A display of bits', MOST_BITS, 'elements');
    const block = await state.target.readMemory(start, elements * size);
    context.print(bitLines(block, elements, size, state.pointerSize).join('\n'));
    state.lastDisplayed = littleEndian(block.bytes, (elements - 1) * size, size);
    state.dataCursor = BigInt.asUintN(64, start + BigInt(elements * size));
  };
}

const MOST_BITS = 0x1_0000;

/** `dp` is `dq` or `dd`, as the target has it. */
const pointerSized: Run = (context, args) => {
  const name = context.state.pointerSize === 8 ? 'dq' : 'dd';
  return plain(
    'dp',
    MEMORY_FORMATS[name] ?? { size: 8, perLine: 2, kind: 'integer', ascii: false, defaultCount: 16 },
  )(context, args);
};

export const memoryCommands: readonly CommandEntry[] = [
  entry('d', 'Shows memory as the last display did, at first as db.', (context, args) => {
    return (runs.get(context.state.lastDisplay) ?? plain('db', MEMORY_FORMATS.db as MemoryFormat))(
      context,
      args,
    );
  }),
  entry('da', 'Shows a string of 8-bit characters.', text('da', 1)),
  ...plainEntries,
  entry('dp', 'Shows memory as pointers.', pointerSized),
  entry('dyb', 'Shows memory as bits and bytes.', bits('dyb', 1)),
  entry('dyd', 'Shows memory as bits and double words.', bits('dyd', 4)),
  entry('du', 'Shows a string of 16-bit characters.', text('du', 2)),
  ...pointerEntries,
];
