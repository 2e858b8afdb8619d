import { hexDigits } from '../../format/address.ts';
import type { DebuggerState } from '../state.ts';
import { registerBlock } from './stop.ts';
import { elementTexts, extendedText, FLOATS, QUADS } from './vector.ts';

interface Group {
  readonly bit: number;
  readonly what: string;
}

/** Parts of the register display, as `rm` names them. */
export const REGISTER_GROUPS: readonly Group[] = [
  { bit: 0x1, what: 'Integer state (32-bit) or' },
  { bit: 0x2, what: 'Integer state (64-bit)' },
  { bit: 0x4, what: 'Floating-point state' },
  { bit: 0x8, what: 'Segment registers' },
  { bit: 0x10, what: 'MMX registers' },
  { bit: 0x40, what: 'SSE XMM registers' },
  { bit: 0x200, what: 'AVX YMM registers in floating point' },
  { bit: 0x400, what: 'AVX YMM registers in integer' },
  { bit: 0x800, what: 'SSE XMM registers in integer' },
  { bit: 0x1000, what: 'AVX512 ZMM registers in floating point' },
  { bit: 0x2000, what: 'AVX512 ZMM registers in integer' },
  { bit: 0x4000, what: 'AVX512 Opmask registers' },
];

/** What the display shows unless told otherwise: integers (64-bit) and segments. */
export const DEFAULT_MASK = 0xa;
const INTEGERS = 0xb;

/** Bits of the mask that this target has registers for. Debug registers are not among them: Linux keeps them to itself. */
export async function validMask({ target, isX64 }: DebuggerState): Promise<number> {
  if (!isX64) return INTEGERS;
  const names = new Set(await target.registerNames());
  const has = (name: string, bits: number) => (names.has(name) ? bits : 0);
  return (
    INTEGERS |
    has('st0', 0x14) |
    has('xmm0', 0x840) |
    has('ymm0', 0x600) |
    has('zmm0', 0x3000) |
    has('k0', 0x4000)
  );
}

/** What `r` shows by a mask. */
export async function maskedRegisters(state: DebuggerState, mask: number): Promise<string[]> {
  const lines: string[] = [];
  if (mask & INTEGERS) lines.push(...(await integerLines(state, mask)));
  if (mask & 0x4) lines.push(...(await floatingPoint(state)));
  if (mask & 0x10) lines.push(...(await mmx(state)));
  for (const [bit, letter, bytes, format] of VECTORS)
    if (mask & bit) lines.push(...(await vectors(state, letter, bytes, format)));
  if (mask & 0x4000) lines.push(...(await opmasks(state)));
  return lines;
}

const VECTORS = [
  [0x40, 'x', 16, FLOATS],
  [0x800, 'x', 16, QUADS],
  [0x200, 'y', 32, FLOATS],
  [0x400, 'y', 32, QUADS],
  [0x1000, 'z', 64, FLOATS],
  [0x2000, 'z', 64, QUADS],
] as const;

async function integerLines(state: DebuggerState, mask: number): Promise<string[]> {
  const block = (await registerBlock(state)).split('\n');
  if (!state.isX64 || (mask & 0x8 && mask & 0x3)) return block;
  const segments = block.at(-1) ?? '';
  if (mask & 0x3) return [...block.slice(0, -1), segments.replace(/^.*?(?=efl=)/, '')];
  return [segments.replace(/\s+efl=.*$/, '')];
}

const read = (state: DebuggerState, names: readonly string[]) =>
  state.target.registers(state.registerContext, names);

const numbered = (letters: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${letters}${index}`);

async function vectors(
  state: DebuggerState,
  letter: 'x' | 'y' | 'z',
  bytes: number,
  format: typeof FLOATS,
): Promise<string[]> {
  const names = numbered(`${letter}mm`, letter === 'z' ? 32 : 16);
  const values = await read(state, names);
  return names.flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [`${name}=${elementTexts(value, bytes, format)}`];
  });
}

async function mmx(state: DebuggerState): Promise<string[]> {
  const values = await read(state, numbered('st', 8));
  const cells = numbered('mm', 8).map((name, index) => {
    const value = values.get(`st${index}`);
    return `${name}=${value === undefined ? '?'.repeat(16) : hexDigits(BigInt.asUintN(64, value), 16)}`;
  });
  return [cells.slice(0, 3), cells.slice(3, 6), cells.slice(6)].map((row) => row.join('  '));
}

async function opmasks(state: DebuggerState): Promise<string[]> {
  const values = await read(state, numbered('k', 8));
  return [...values].map(([name, value]) => `${name}=${hexDigits(value, 16)}`);
}

const CONTROLS = ['fctrl', 'fstat', 'ftag', 'fop', 'fiseg', 'fioff', 'foseg', 'fooff'];
/** Busy, stack fault, and the exceptions. */
const STATUS = [['b', 15] as const, ...[...'spuozdi'].map((letter, index) => [letter, 6 - index] as const)];
const ROUNDING = ['rn', 'rd', 'ru', 'rz'];
const PRECISION = ['24', '??', '53', '64'];

async function floatingPoint(state: DebuggerState): Promise<string[]> {
  const values = await read(state, [...CONTROLS, ...numbered('st', 8)]);
  const hex = (name: string, digits: number) => hexDigits(values.get(name) ?? 0n, digits).toUpperCase();
  const control = Number(values.get('fctrl') ?? 0n);
  const status = Number(values.get('fstat') ?? 0n);
  const masks = [...'puozdi'].map((letter, index) => ((control >> (5 - index)) & 1 ? letter : '-')).join('');
  const raised = STATUS.map(([letter, bit]) => ((status >> bit) & 1 ? letter : '-'));
  const conditions = ((status >> 8) & 7) | ((status >> 14) & 1 ? 8 : 0);
  const first =
    `fpcw=${hex('fctrl', 4)}: ${ROUNDING[(control >> 10) & 3]} ${PRECISION[(control >> 8) & 3]} ${masks}  ` +
    `fpsw=${hex('fstat', 4)}: top=${(status >> 11) & 7} cc=${conditions.toString(2).padStart(4, '0')} ${raised.join('')}  ` +
    `fptw=${hex('ftag', 4)}`;
  const second = `fopcode=${hex('fop', 4)}  fpip=${hex('fiseg', 4)}:${hex('fioff', 8)}  fpdp=${hex('foseg', 4)}:${hex('fooff', 8)}`;
  const stack = numbered('st', 8).map((name) => {
    const value = values.get(name);
    return `${name}=${value === undefined ? '?' : extendedText(value)}`;
  });
  const rows = [0, 2, 4, 6].map((at) => `${(stack[at] ?? '').padEnd(36)}${stack[at + 1] ?? ''}`.trimEnd());
  return [first, second, ...rows];
}
