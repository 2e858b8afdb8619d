import type { Instruction, SourceLine } from '../../backend/types.ts';
import { address, hex64, hexDigits, symbol } from '../../format/address.ts';
import { instructionLine, namedAddresses } from '../../format/instruction.ts';
import { branchTaken, effectiveAddress, memoryOperand, segmentOf } from '../../format/operands.ts';
import { plainBlock, X64_BLOCK, x64Block } from '../../format/registers.ts';
import { littleEndian } from '../memory/read.ts';
import type { DebuggerState } from '../state.ts';

/** Read together, so that a stop costs one round trip for all of them. */
export const STOP_REGISTERS: readonly string[] = [...X64_BLOCK, 'fs_base', 'gs_base'];

const SHOWN_AS_NUMBER = 8;

export async function registerBlock(state: DebuggerState): Promise<string> {
  if (state.isX64) return x64Block(await stopRegisters(state));
  const names = (await state.target.registerNames()).slice(0, 40);
  const values = await state.target.registers({ thread: state.thread, frame: 0 }, names);
  return plainBlock(values, state.pointerSize * 2);
}

export function stopRegisters(state: DebuggerState): Promise<ReadonlyMap<string, bigint>> {
  return state.target.registers({ thread: state.thread, frame: 0 }, STOP_REGISTERS);
}

/** What a stop shows: registers (when wanted), where it is, and the instruction that comes next. */
export async function stopDisplay(state: DebuggerState, withRegisters: boolean): Promise<string> {
  if (!state.isX64) return otherMachine(state, withRegisters);
  const registers = await stopRegisters(state);
  const location = await locationLines(state, registers, true);
  return (withRegisters ? [x64Block(registers), ...location] : location).join('\n');
}

async function otherMachine(state: DebuggerState, withRegisters: boolean): Promise<string> {
  const block = withRegisters ? [await registerBlock(state)] : [];
  const pc = (await state.target.registers({ thread: state.thread, frame: 0 }, ['pc'])).get('pc');
  if (pc === undefined) return block.join('\n');
  return [...block, ...(await locationLines(state, new Map([['pc', pc]]), false))].join('\n');
}

/**
 * The symbol line and the instruction for a set of registers. `withValue`: what stands at the effective
 * address now; left out for steps that lie in the past.
 */
export async function locationLines(
  state: DebuggerState,
  registers: ReadonlyMap<string, bigint>,
  withValue: boolean,
): Promise<string[]> {
  const ip = registers.get('rip') ?? registers.get('pc');
  if (ip === undefined) return [];
  const [instruction] = await state.target.disassemble(ip, 1);
  const [hits, lines] = [
    await state.target.symbolize([ip, ...(instruction ? namedAddresses(instruction) : [])]),
    await state.target.lines([ip]),
  ];
  const name = (wanted: bigint): string | null => {
    const hit = wanted === ip ? hits[0] : hits[1];
    return hit ? symbol(hit) : null;
  };
  const label = labelLine(name(ip), lines[0] ?? null);
  if (!instruction) return [...label, `${address(ip, state.pointerSize)} ??              ???`];
  const text = instructionLine(instruction, name, state.isX64);
  const note = await instructionNote(state, instruction, registers, withValue);
  return [...label, note ? `${text} ${note}` : text];
}

/** `loop!work+0x17 [/home/u/loop.c @ 14]:`. */
export function labelLine(name: string | null, source: SourceLine | null): string[] {
  if (name === null) return [];
  return [source ? `${name} [${source.file} @ ${source.line}]:` : `${name}:`];
}

/** `[br=1]`, or the effective address and what stands there. */
async function instructionNote(
  state: DebuggerState,
  instruction: Instruction,
  registers: ReadonlyMap<string, bigint>,
  withValue: boolean,
): Promise<string> {
  if (!state.isX64) return '';
  const taken = branchTaken(instruction.text, registers);
  if (taken !== null) return `[br=${taken ? 1 : 0}]`;
  const operand = memoryOperand(instruction.text);
  const where = operand && effectiveAddress(operand, registers);
  if (!operand || where === null) return '';
  const place = `${segmentOf(operand)}:${hex64(where)}`;
  return withValue ? `${place}=${await valueAt(state, where, operand.size)}` : place;
}

async function valueAt(state: DebuggerState, where: bigint, size: number): Promise<string> {
  const wanted = size === 0 || size > SHOWN_AS_NUMBER ? state.pointerSize : size;
  const block = await state.target.readMemory(where, wanted);
  if (block.readable !== null) return '?'.repeat(wanted * 2);
  return hexDigits(littleEndian(block.bytes, 0, wanted), wanted * 2);
}
