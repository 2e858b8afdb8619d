import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { engineErrors } from '../../errors.ts';
import { address } from '../../format/address.ts';
import { memoryLines } from '../../format/memory.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { Breath } from '../flow/breath.ts';
import { expectHostAccess } from '../host-files.ts';
import { differences, pieces, readAll } from '../memory/compare.ts';
import { formatOf } from '../memory/formats.ts';
import { heldBy, within } from '../memory/held.ts';
import { wholeRange } from './ranges.ts';

/** As many fit one line with the words before them. */
const MOST_DOTS = 60;

function path(args: Args): string {
  const at = args.next;
  const typed = args.quoted() ?? args.match(/[^\s,]+/y)?.[0] ?? args.fail(at);
  args.take(',');
  return typed;
}

/** Errors of the file system, and nothing else, become ours. */
async function ofFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw engineErrors.memoryFile(file, code ?? '', message);
  }
}

/** WinDbg's sign of progress: a dot for every 0x800 bytes; here no more than one line of them. */
function dots(count: bigint): string {
  return '.'.repeat(Math.min(Math.ceil(Number(count) / 0x800), MOST_DOTS));
}

async function writeMemory(context: CommandContext, args: Args): Promise<undefined> {
  const file = path(args);
  const { start, count } = await wholeRange(context, args);
  args.expectEnd();
  expectHostAccess(context.state, context.caller, '.writemem');
  await ofFile(file, async () => {
    const out = await open(file, 'w');
    try {
      context.print(`Writing ${count.toString(16)} bytes${dots(count)}`);
      for await (const { bytes } of pieces(context, start, count)) await out.writeFile(bytes);
    } finally {
      await out.close();
    }
  });
}

async function readMemory(context: CommandContext, args: Args): Promise<undefined> {
  const { state, target } = context;
  const file = path(args);
  const { start, count } = await wholeRange(context, args);
  args.expectEnd();
  expectHostAccess(state, context.caller, '.readmem');
  const breath = new Breath(state.cancel);
  let done = 0n;
  await ofFile(file, async () => {
    const source = createReadStream(file, { end: Number(count) - 1, highWaterMark: 0x8000 });
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (done === 0n) context.print(`Reading ${count.toString(16)} bytes${dots(count)}`);
      await breath.take();
      await target.writeMemory(start + done, chunk);
      done += BigInt(chunk.length);
    }
  });
  state.forgetCode();
  if (done < count)
    context.host.output(
      'warning',
      `The file has no more than ${done.toString(16)} bytes; only those were read.\n`,
    );
}

/** Of one range: what is kept of the target's memory lies in this program's. */
const MOST_HELD = 0x100_0000n;

async function hold(context: CommandContext, args: Args): Promise<undefined> {
  const at = args.next;
  const option = args.match(/-([adDoc])(?=\s|$)/y)?.[1] ?? args.fail(at);
  const held = heldBy(context);
  if (option === 'o' || option === 'D') {
    args.expectEnd();
    if (option === 'D') held.length = 0;
    else for (const each of held) showHeld(context, each.at, each.bytes);
    return;
  }
  if (option === 'd') return release(context, args);
  const { start, count } = await wholeRange(context, args);
  args.expectEnd();
  if (option === 'a') {
    if (count > MOST_HELD)
      throw engineErrors.tooMuch('A range that is held', Number(MOST_HELD), 'bytes', '.writemem keeps more.');
    held.push({ at: start, bytes: Uint8Array.from(await readAll(context, start, Number(count))) });
    return;
  }
  for (const each of held) {
    const part = within(each, start, count);
    if (!part) continue;
    const now = await readAll(context, part.at, part.bytes.length);
    differences(context, part, { at: part.at, bytes: now });
  }
}

/** `-d Range`, `-d Address`: all that have something in it. */
async function release(context: CommandContext, args: Args): Promise<undefined> {
  const held = heldBy(context);
  const from = args.position;
  const first = await context.evaluate(args);
  let range = { start: first, count: 1n };
  if (!args.done) {
    args.position = from;
    range = await wholeRange(context, args);
  }
  args.expectEnd();
  const left = held.filter((each) => within(each, range.start, range.count) === null);
  held.splice(0, held.length, ...left);
}

/** Shown of each range. */
const SHOWN = 0x80;

function showHeld(context: CommandContext, at: bigint, bytes: Uint8Array): void {
  const { pointerSize } = context.state;
  const last = at + BigInt(bytes.length - 1);
  context.print(
    `${address(at, pointerSize)} - ${address(last, pointerSize)}  (0x${bytes.length.toString(16)} bytes)`,
  );
  const shown = bytes.subarray(0, SHOWN);
  const block = { address: at, bytes: shown, readable: null };
  context.print(memoryLines(block, shown.length, formatOf('b'), pointerSize).join('\n'));
}

const common = { family: 'Memory', needs: 'any' } as const;
const OWNER = 'For the owner of the session, and for remote clients where .hostaccess allows it.';

export const memoryFileCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.writemem',
    differences: 'No more dots than fit one line.',
    syntax: ['.writemem File Address L Count', '.writemem File Address End'],
    summary: 'Writes memory to a file.',
    help: `The bytes as they are, to a file of the machine where the engine runs; one that exists is written over. ${OWNER}`,
    example: '.writemem /tmp/table.bin loop!g_table L10',
    run: writeMemory,
  },
  {
    ...common,
    name: '.readmem',
    changes: true,
    once: true,
    syntax: ['.readmem File Address L Count', '.readmem File Address End'],
    summary: 'Fills memory from a file.',
    help: `With the bytes of a file of the machine where the engine runs, from its beginning on. ${OWNER}`,
    example: '.readmem /tmp/table.bin loop!g_table L10',
    run: readMemory,
  },
  {
    ...common,
    name: '.holdmem',
    secure: 'allowed',
    syntax: [
      '.holdmem -a Range',
      '.holdmem -c Range',
      '.holdmem -o',
      '.holdmem -d {Range|Address}',
      '.holdmem -D',
    ],
    summary: 'Keeps memory as it is now, to compare it later.',
    help: '-a keeps a range, -c shows what of a range differs now from what was kept (kept first), -o shows what is kept, -d lets go what has something of a range, -D all of it. A range has 16 MiB at most.',
    example: '.holdmem -a loop!g_message L10',
    run: hold,
  },
];
