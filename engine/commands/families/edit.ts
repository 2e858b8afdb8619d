import { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { askForInput } from '../input/ask.ts';
import { askForValues } from '../input/values.ts';
import { expectKernel, physicalAddress, physicalMemory } from '../kernel/physical.ts';
import { readRange } from '../memory/range.ts';
import { readFloats, readIntegers, readText, type Size } from '../memory/values.ts';
import { instructionPointer } from '../pseudo.ts';

type Read = (context: CommandContext, args: Args) => Promise<Uint8Array> | Uint8Array;

const integers =
  (size: Size): Read =>
  (context, args) =>
    readIntegers(context, args, size);

interface Kind {
  readonly what: string;
  readonly values: string;
  readonly read: Read;
  /** Of one value; none of strings. */
  readonly size?: Size | 'pointer';
  readonly example: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  eb: {
    what: 'bytes',
    values: 'Value [Value …]',
    read: integers(1),
    size: 1,
    example: "eb loop!g_message 48 'e' 6c",
  },
  ew: {
    what: 'words of two bytes',
    values: 'Value [Value …]',
    read: integers(2),
    size: 2,
    example: 'ew loop!g_message 4141 0',
  },
  ed: {
    what: 'double words (four bytes)',
    values: 'Value [Value …]',
    read: integers(4),
    size: 4,
    example: 'ed loop!g_table 1 0n20 @eax',
  },
  eq: {
    what: 'quad words (eight bytes)',
    values: 'Value [Value …]',
    read: integers(8),
    size: 8,
    example: 'eq loop!g_ratio 3ff80000`00000000',
  },
  ep: {
    what: 'pointers',
    values: 'Value [Value …]',
    read: (context, args) => readIntegers(context, args, context.state.pointerSize),
    size: 'pointer',
    example: 'ep loop!g_name loop!g_message',
  },
  ef: {
    what: 'single-precision numbers',
    values: 'Number [Number …]',
    read: (_, args) => readFloats(args, 4),
    size: 4,
    example: 'ef @rsp-8 1.5 -2e10',
  },
  eD: {
    what: 'double-precision numbers',
    values: 'Number [Number …]',
    read: (_, args) => readFloats(args, 8),
    size: 8,
    example: 'eD loop!g_ratio 0.25',
  },
  ea: {
    what: 'a string of 8-bit characters',
    values: '"Text"',
    read: (_, args) => readText(args, 1, false),
    example: 'ea loop!g_message "HELLO"',
  },
  eu: {
    what: 'a string of 16-bit characters',
    values: '"Text"',
    read: (_, args) => readText(args, 2, false),
    example: 'eu loop!g_message "hi"',
  },
  eza: {
    what: 'a string of 8-bit characters and a NUL',
    values: '"Text"',
    read: (_, args) => readText(args, 1, true),
    example: 'eza loop!g_message "short"',
  },
  ezu: {
    what: 'a string of 16-bit characters and a NUL',
    values: '"Text"',
    read: (_, args) => readText(args, 2, true),
    example: 'ezu loop!g_message "hi"',
  },
};

async function write(context: CommandContext, address: bigint, bytes: Uint8Array): Promise<void> {
  await context.target.writeMemory(address, bytes);
  context.state.forgetCode();
}

async function edit(context: CommandContext, args: Args, name: string): Promise<undefined> {
  const { read } = KINDS[name] as Kind;
  const address = await context.evaluate(args);
  if (args.done) await ask(context, address, name, args.next);
  else await write(context, address, await read(context, args));
  context.state.lastEdit = name;
}

/** Without values: strings in one line, with quotes or without, all else one by one. */
async function ask(context: CommandContext, address: bigint, name: string, at: number): Promise<void> {
  const { read, size } = KINDS[name] as Kind;
  if (size !== undefined)
    return askForValues(
      context,
      address,
      {
        size: size === 'pointer' ? context.state.pointerSize : size,
        isFloat: name === 'ef' || name === 'eD',
        read: (args) => read(context, args),
        write: (where, bytes) => write(context, where, bytes),
      },
      at,
    );
  askForInput(
    context,
    async (line) => {
      const typed = /^\s*"/.test(line) ? line : `"${line.replaceAll('"', '\\"')}"`;
      await write(context, address, await read(context, new Args(typed, 0, typed.length)));
      return false;
    },
    at,
  );
}

/** Written at a time. */
const CHUNK = 0x8000;

/** The pattern over and over; what is left of it at the end is left out. */
async function fill(context: CommandContext, args: Args, physical: boolean): Promise<undefined> {
  const { state } = context;
  if (physical) expectKernel(state, 'fp');
  const range = await readRange(context, args, 1, () => instructionPointer(state));
  const { count } = range;
  if (count === null) args.fail();
  const start = physical ? physicalAddress(range.start) : range.start;
  const text = args.quoted();
  const pattern =
    text === null || text === '' ? await readIntegers(context, args, 1) : Buffer.from(text, 'utf8');
  args.expectEnd();
  const memory = physical
    ? await physicalMemory(state)
    : { write: (address: bigint, bytes: Uint8Array) => context.target.writeMemory(address, bytes) };
  // A whole number of patterns at a time.
  const step = Math.max(1, Math.floor(CHUNK / pattern.length)) * pattern.length;
  const chunk = Buffer.alloc(step, pattern);
  for (let at = 0n; at < count; at += BigInt(step)) {
    state.cancel.check();
    const left = count - at;
    await memory.write(start + at, left < BigInt(step) ? chunk.subarray(0, Number(left)) : chunk);
  }
  state.forgetCode();
  context.print(`Filled 0x${count.toString(16)} bytes`);
}

const common = { family: 'Memory', needs: 'any', threads: 'each', once: true, changes: true } as const;

export const editCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'e',
    syntax: ['e Address [Value …]'],
    example: 'eb loop!g_message 48; e loop!g_message+1 45',
    summary: 'Writes memory as the last e command did, at first as eb.',
    help: 'What is asked of values, and what happens without any, is as there.',
    run: (context, args) => edit(context, args, context.state.lastEdit),
  },
  ...Object.entries(KINDS).map(
    ([name, { what, values, example }]): CommandEntry => ({
      ...common,
      name,
      syntax: [`${name} Address ${values.replace(/^(\w+) \[.*$/, '[$1 …]').replace(/^"Text"$/, '["Text"]')}`],
      summary: `Writes ${what} to memory.`,
      help:
        (values.startsWith('Value') ? 'Values are expressions, in the current radix. ' : '') +
        'Without any they are asked for (`Input>`): each value is shown first, a blank keeps it, an empty line ends. ' +
        `${name === 'eb' ? "A character stands in single quotes, 'a'. " : ''}Says nothing where all was written.`,
      example,
      run: (context, args) => edit(context, args, name),
    }),
  ),
  {
    ...common,
    name: 'f',
    syntax: ['f Address L Count Byte [Byte …]', 'f Address End Byte [Byte …]', 'f Address L Count "Text"'],
    summary: 'Fills memory with a pattern of bytes.',
    help: "The pattern is repeated, and cut off where the range ends. A character stands in single quotes, 'a'.",
    example: 'f loop!g_message L4 41 42',
    run: (context, args) => fill(context, args, false),
  },
  {
    ...common,
    name: 'fp',
    syntax: ['fp Address L Count Byte [Byte …]'],
    summary: 'Fills physical memory with a pattern of bytes.',
    help: 'Of kernels; see !db and f.',
    example: 'fp 109000 L20 0',
    run: (context, args) => fill(context, args, true),
  },
];
