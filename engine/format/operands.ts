import { FLAG_BITS, isCommonX64Register, readPart, x64Register } from '../expressions/registers.ts';
import { flag } from './registers.ts';

/** The memory operand of an x86-64 instruction in GDB's Intel syntax. */
export interface MemoryOperand {
  readonly segment: string | null;
  readonly base: string | null;
  readonly index: string | null;
  readonly scale: bigint;
  readonly displacement: bigint;
  /** In bytes; 0 where the text does not say. */
  readonly size: number;
  /** Of a rip-relative operand, as GDB works it out. */
  readonly target: bigint | null;
}

export const SIZES: Readonly<Record<string, number>> = {
  BYTE: 1,
  WORD: 2,
  DWORD: 4,
  FWORD: 6,
  QWORD: 8,
  TBYTE: 10,
  XMMWORD: 16,
  YMMWORD: 32,
  ZMMWORD: 64,
};

const OPERAND = /(?:\b([A-Z]+) PTR )?(?:\b([cdefgs]s):)?(?:\[([^\]]+)\]|(0x[0-9a-f]+)\b)/;

/** These name an address without touching it. */
const NO_ACCESS = /^(lea|nop|call\s+0x|j\w+\s+0x|endbr|bnd (?:call|jmp)\s+0x)/;

export function memoryOperand(text: string): MemoryOperand | null {
  const code = text.replace(/\s*[#<].*$/, '');
  if (NO_ACCESS.test(code.replace(/^(cs |data16 |bnd |notrack )+/, ''))) return null;
  const match = OPERAND.exec(code);
  if (!match) return null;
  const [, size, segment, inside, absolute] = match;
  // A bare number is an address only behind a segment or a size; else it is an immediate.
  if (inside === undefined && segment === undefined && size === undefined) return null;
  const target = /#\s*(0x[0-9a-f]+)/.exec(text)?.[1];
  return {
    segment: segment ?? null,
    ...terms(inside ?? absolute ?? ''),
    size: SIZES[size ?? ''] ?? 0,
    target: target === undefined ? null : BigInt(target),
  };
}

/** `rbp+rax*4-0x14`. */
function terms(inside: string): Pick<MemoryOperand, 'base' | 'index' | 'scale' | 'displacement'> {
  let base: string | null = null;
  let index: string | null = null;
  let scale = 1n;
  let displacement = 0n;
  for (const [, sign, name, factor] of inside.matchAll(/([+-]?)(0x[0-9a-f]+|\w+)(?:\*(\d+))?/g)) {
    if (name?.startsWith('0x')) displacement += BigInt(name) * (sign === '-' ? -1n : 1n);
    else if (factor !== undefined || base !== null) [index, scale] = [name ?? null, BigInt(factor ?? 1)];
    else base = name ?? null;
  }
  return { base, index, scale, displacement };
}

/** Where the operand lies; null when a register is missing. */
export function effectiveAddress(
  operand: MemoryOperand,
  registers: ReadonlyMap<string, bigint>,
): bigint | null {
  if (operand.target !== null) return operand.target;
  let address = operand.displacement;
  for (const [name, factor] of [
    [operand.base, 1n],
    [operand.index, operand.scale],
  ] as const) {
    if (name === null || name === 'riz' || name === 'eiz') continue;
    const part = x64Register(name);
    const full = part ? registers.get(part.full) : undefined;
    if (!part || full === undefined) return null;
    address += readPart(part, full) * factor;
  }
  if (operand.segment === 'fs' || operand.segment === 'gs') {
    const start = registers.get(`${operand.segment}_base`);
    if (start === undefined) return null;
    address += start;
  }
  return BigInt.asUintN(64, address);
}

/** The segment that WinDbg names before an effective address. */
export function segmentOf(operand: MemoryOperand): string {
  if (operand.segment) return operand.segment;
  return operand.base && /^[re]?(sp|bp)$/.test(operand.base) ? 'ss' : 'ds';
}

type Test = (on: (code: string) => boolean) => boolean;

const CONDITIONS: Readonly<Record<string, Test>> = {
  o: (on) => on('of'),
  b: (on) => on('cf'),
  e: (on) => on('zf'),
  be: (on) => on('cf') || on('zf'),
  s: (on) => on('sf'),
  p: (on) => on('pf'),
  l: (on) => on('sf') !== on('of'),
  le: (on) => on('zf') || on('sf') !== on('of'),
};

const OPPOSITES: Readonly<Record<string, string>> = {
  no: 'o',
  ae: 'b',
  ne: 'e',
  a: 'be',
  ns: 's',
  np: 'p',
  ge: 'l',
  g: 'le',
};

/** Whether a conditional jump would be taken; null: it is none. */
export function branchTaken(text: string, registers: ReadonlyMap<string, bigint>): boolean | null {
  const condition = /^(?:bnd )?j([a-z]+)\b/.exec(text)?.[1];
  const eflags = registers.get('eflags');
  if (condition === undefined || condition === 'mp' || eflags === undefined) return null;
  if (condition.endsWith('cxz')) return counterIsZero(condition, registers);
  const on = (code: string): boolean => flag(eflags, code);
  const test = CONDITIONS[condition];
  if (test) return test(on);
  const opposite = CONDITIONS[OPPOSITES[condition] ?? ''];
  return opposite ? !opposite(on) : null;
}

function counterIsZero(condition: string, registers: ReadonlyMap<string, bigint>): boolean | null {
  const part = x64Register(condition.slice(0, -1));
  const full = part ? registers.get(part.full) : undefined;
  return part && full !== undefined ? readPart(part, full) === 0n : null;
}

/** Registers that the instruction names, as they stand in its text. */
export function registersIn(text: string): string[] {
  const words = text.replace(/\s*[#<].*$/, '').split(/[^a-z0-9]+/);
  const named = words.slice(1).filter((word) => x64Register(word) !== null && !(word in FLAG_BITS));
  return [...new Set(named)].sort((a, b) => Number(isCommonX64Register(b)) - Number(isCommonX64Register(a)));
}

/** The general registers that an instruction of AArch64 names, each once. */
export function arm64RegistersIn(text: string): readonly string[] {
  const [, operands = ''] = /^\S+\s+(.*?)(?:\s*(?:\/\/|<).*)?$/.exec(text) ?? [];
  return [...new Set(operands.match(/\b(?:[xw](?:[12]?[0-9]|30)|sp)\b/g) ?? [])];
}
