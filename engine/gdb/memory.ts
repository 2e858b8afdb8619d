import { readFileSync, rmSync } from 'node:fs';
import type { Instruction, MemoryBlock } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import { asTuple, list, address as miAddress, text } from './mi/values.ts';
import { type Engine, fromHex } from './parts.ts';

/** From here on memory goes through a file, not as hexadecimal digits through the pipe. */
const SMALL = 32 * 1024;
const LIMIT = 64 * 1024 * 1024;

/** From here on it need not go through GDB. */
const LARGE = 256 * 1024;

/** Much memory past GDB; null: not all of it can be read that way. */
type Copy = (address: bigint, length: number) => Promise<Uint8Array | null>;

export async function readMemory(
  engine: Engine,
  address: bigint,
  length: number,
  copy: Copy,
): Promise<MemoryBlock> {
  if (length > LIMIT) throw engineErrors.badArgument('At most 64 MiB can be read at once', 0);
  if (length <= 0) return { address, bytes: new Uint8Array(0), readable: null };
  const bytes = length >= LARGE ? await copy(address, length) : null;
  if (bytes !== null) return { address, bytes, readable: null };
  return length <= SMALL ? readSmall(engine, address, length) : readLarge(engine, address, length);
}

async function readSmall(engine: Engine, address: bigint, length: number): Promise<MemoryBlock> {
  const bytes = new Uint8Array(length);
  const readable = new Uint8Array(length);
  let had = 0;
  for (const block of await readBlocks(engine, address, length)) {
    bytes.set(block.bytes, block.offset);
    readable.fill(1, block.offset, block.offset + block.bytes.length);
    had += block.bytes.length;
  }
  if (had === length) return { address, bytes, readable: null };
  // GDB looks for a hole from both ends only: what lies between two holes it gives up.
  if (engine.helper.state === true) return readLarge(engine, address, length);
  return { address, bytes, readable };
}

async function readBlocks(
  engine: Engine,
  address: bigint,
  length: number,
): Promise<readonly { offset: number; bytes: Uint8Array }[]> {
  try {
    const { values } = await engine.send(`-data-read-memory-bytes 0x${address.toString(16)} ${length}`);
    return list(values, 'memory').map((value) => {
      const block = asTuple(value);
      const begin = miAddress(block, 'begin') ?? address;
      return { offset: Number(begin - address), bytes: Buffer.from(text(block, 'contents'), 'hex') };
    });
  } catch (error) {
    // GDB answers an error where nothing at all can be read.
    if (error instanceof Error && 'code' in error && error.code === 'GDB') return [];
    throw error;
  }
}

async function readLarge(engine: Engine, address: bigint, length: number): Promise<MemoryBlock> {
  const out = engine.helper.file('memory');
  const parameters = { address: address.toString(16), length, out };
  const holes = await engine.helper.call<[number, number][]>('dump_memory', parameters);
  const bytes = new Uint8Array(readFileSync(out));
  rmSync(out, { force: true });
  if (holes.length === 0) return { address, bytes, readable: null };
  const readable = new Uint8Array(length).fill(1);
  for (const [from, to] of holes) readable.fill(0, from, to);
  return { address, bytes, readable };
}

export async function writeMemory(engine: Engine, address: bigint, bytes: Uint8Array): Promise<void> {
  const hex = Buffer.from(bytes).toString('hex');
  try {
    await engine.send(`-data-write-memory-bytes 0x${address.toString(16)} ${hex}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'GDB')
      throw engineErrors.memoryUnreadable(address);
    throw error;
  }
}

type InstructionRow = readonly [string, string, string];

export async function disassemble(
  engine: Engine,
  address: bigint,
  count: number,
): Promise<readonly Instruction[]> {
  const parameters = { address: address.toString(16), count };
  return (await engine.helper.call<InstructionRow[]>('disassemble', parameters)).map(instruction);
}

export async function disassembleBefore(
  engine: Engine,
  address: bigint,
  count: number,
  start: bigint | null,
): Promise<readonly Instruction[]> {
  const parameters = {
    address: address.toString(16),
    count,
    start: start === null ? null : start.toString(16),
  };
  return (await engine.helper.call<InstructionRow[]>('disassemble_before', parameters)).map(instruction);
}

function instruction([address, bytes, text]: InstructionRow): Instruction {
  return {
    address: fromHex(address),
    bytes: new Uint8Array(Buffer.from(bytes, 'hex')),
    text: text.trimEnd(),
  };
}
