import type { Instruction, SourceLine } from '../../backend/types.ts';
import { address, hex64, hexDigits, symbol } from '../../format/address.ts';
import { instructionLine } from '../../format/instruction.ts';
import { branchTaken, effectiveAddress, memoryOperand, segmentOf } from '../../format/operands.ts';
import { littleEndian } from '../memory/read.ts';
import { DEFAULT_MASK, maskedRegisters } from '../registers/mask.ts';
import { registerBlock } from '../registers/stop.ts';
import { stopRegisters } from '../registers/stop-registers.ts';
import { sourceLine } from '../source/line.ts';
import type { DebuggerState } from '../state.ts';
import type { CodePlace } from './code-cache.ts';

const SHOWN_AS_NUMBER = 8;

/** What a stop shows: registers (when wanted), where it is, and the instruction that comes next. */
export async function stopDisplay(state: DebuggerState, withRegisters: boolean): Promise<string> {
  const source = await sourceLine(state);
  if (source !== null && state.source.has('o')) return source;
  const machine = await machineDisplay(state, withRegisters);
  return source === null ? machine : `${source}\n${machine}`;
}

async function machineDisplay(state: DebuggerState, withRegisters: boolean): Promise<string> {
  if (!state.isX64) return otherMachine(state, withRegisters);
  const registers = await stopRegisters(state);
  const location = await locationLines(state, registers);
  if (!withRegisters) return location.join('\n');
  const block =
    state.registerMask === DEFAULT_MASK
      ? [await registerBlock(state)]
      : await maskedRegisters(state, state.registerMask);
  return [...block, ...location].join('\n');
}

async function otherMachine(state: DebuggerState, withRegisters: boolean): Promise<string> {
  const block = withRegisters ? [await registerBlock(state)] : [];
  const pc = (await state.target.registers(state.registerContext, ['pc'])).get('pc');
  if (pc === undefined) return block.join('\n');
  return [...block, ...(await locationLines(state, new Map([['pc', pc]])))].join('\n');
}

/** The symbol line and the instruction that comes next, for the registers of the present. */
async function locationLines(
  state: DebuggerState,
  registers: ReadonlyMap<string, bigint>,
): Promise<string[]> {
  const ip = registers.get('rip') ?? registers.get('pc');
  if (ip === undefined) return [];
  state.current.standsAt(ip);
  await state.code.prepare([ip]);
  const place = state.code.at(ip);
  const lines = placeLines(state, ip, place, registers);
  const value = state.isX64 && place.instruction ? await valueNote(state, place.instruction, registers) : '';
  return value === '' ? lines : [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${value}`];
}

/** `=0000002a`, what stands at an instruction's effective address; '' where it has none. */
export async function valueNote(
  state: DebuggerState,
  instruction: Instruction,
  registers: ReadonlyMap<string, bigint>,
): Promise<string> {
  const operand = memoryOperand(instruction.text);
  const where = operand && effectiveAddress(operand, registers);
  if (!operand || where === null || branchTaken(instruction.text, registers) !== null) return '';
  return `=${await valueAt(state, where, operand.size)}`;
}

/** The same from what is known already, without the value at the effective address. */
export function placeLines(
  state: DebuggerState,
  ip: bigint,
  place: CodePlace,
  registers: ReadonlyMap<string, bigint>,
): string[] {
  const label = labelLine(place.hit ? symbol(place.hit) : null, place.line);
  const { instruction } = place;
  if (!instruction) return [...label, `${address(ip, state.pointerSize)} ??              ???`];
  const name = (wanted: bigint): string | null => {
    const hit = place.named.get(wanted);
    return hit ? symbol(hit) : null;
  };
  const text = instructionLine(instruction, name, state.syntax);
  const note = state.isX64 ? instructionNote(instruction, registers) : '';
  return [...label, note ? `${text} ${note}` : text];
}

/** `loop!work+0x17 [/home/u/loop.c @ 14]:`. */
export function labelLine(name: string | null, source: SourceLine | null): string[] {
  if (name === null) return [];
  return [source ? `${name} [${source.file} @ ${source.line}]:` : `${name}:`];
}

/** `[br=1]`, or the effective address. */
export function instructionNote({ text }: Instruction, registers: ReadonlyMap<string, bigint>): string {
  const taken = branchTaken(text, registers);
  if (taken !== null) return `[br=${taken ? 1 : 0}]`;
  const operand = memoryOperand(text);
  const where = operand && effectiveAddress(operand, registers);
  return operand && where !== null ? `${segmentOf(operand)}:${hex64(where)}` : '';
}

async function valueAt(state: DebuggerState, where: bigint, size: number): Promise<string> {
  const wanted = size === 0 || size > SHOWN_AS_NUMBER ? state.pointerSize : size;
  const block = await state.target.readMemory(where, wanted);
  if (block.readable !== null) return '?'.repeat(wanted * 2);
  return hexDigits(littleEndian(block.bytes, 0, wanted), wanted * 2);
}
