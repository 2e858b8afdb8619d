import { FLAG_BITS } from '../expressions/registers.ts';
import { hexDigits } from './address.ts';

/** What the x86-64 block shows, as the back end names it. */
export const X64_BLOCK = [
  ...'rax rbx rcx rdx rsi rdi rip rsp rbp r8 r9 r10 r11 r12 r13 r14 r15'.split(' '),
  ...'cs ss ds es fs gs eflags'.split(' '),
] as const;

const INTEGER_COUNT = 17;
const SEGMENTS = ['cs', 'ss', 'ds', 'es', 'fs', 'gs'];

/** In the order of display: code, text when clear, text when set. */
const FLAG_TEXTS: readonly (readonly [string, string, string])[] = [
  ['of', 'nv', 'ov'],
  ['df', 'up', 'dn'],
  ['if', 'di', 'ei'],
  ['sf', 'pl', 'ng'],
  ['zf', 'nz', 'zr'],
  ['af', 'na', 'ac'],
  ['pf', 'po', 'pe'],
  ['cf', 'nc', 'cy'],
];

export function flagTexts(eflags: bigint): string {
  return FLAG_TEXTS.map(([code, clear, set]) => (flag(eflags, code) ? set : clear)).join(' ');
}

export function flag(eflags: bigint, code: string): boolean {
  const bit = FLAG_BITS[code]?.[0] ?? 0;
  return ((eflags >> BigInt(bit)) & 1n) === 1n;
}

/** Three registers a line, then flags and segments. Registers that could not be read show as question marks. */
export function x64Block(registers: ReadonlyMap<string, bigint>): string {
  const show = (name: string, digits: number): string => {
    const value = registers.get(name);
    return value === undefined ? '?'.repeat(digits) : hexDigits(value, digits);
  };
  const cells = X64_BLOCK.slice(0, INTEGER_COUNT).map((name) => `${name.padStart(3)}=${show(name, 16)}`);
  const eflags = registers.get('eflags') ?? 0n;
  const segments = SEGMENTS.map((name) => `${name}=${show(name, 4)}`).join('  ');
  return [
    ...inLines(cells, 3),
    `iopl=${(eflags >> 12n) & 3n}         ${flagTexts(eflags)}`,
    `${segments}             efl=${show('eflags', 8)}`,
  ].join('\n');
}

/** What the AArch64 block shows, as the back end names it. */
export const ARM64_BLOCK: readonly string[] = [
  ...Array.from({ length: 31 }, (_, number) => `x${number}`),
  ...['sp', 'pc', 'cpsr'],
];

/** Four registers a line, then program counter, flags and exception level. */
export function arm64Block(registers: ReadonlyMap<string, bigint>): string {
  const show = (name: string, digits = 16): string => {
    const value = registers.get(name);
    return value === undefined ? '?'.repeat(digits) : hexDigits(value, digits);
  };
  const called = (name: string) => ({ x29: 'fp', x30: 'lr' })[name] ?? name;
  const cells = ARM64_BLOCK.slice(0, 32).map((name) => `${called(name).padStart(3)}=${show(name)}`);
  const psr = registers.get('cpsr') ?? 0n;
  const bit = (at: bigint, letter: string) => ((psr >> at) & 1n ? letter : '-');
  const flags = [bit(31n, 'N'), bit(30n, 'Z'), bit(29n, 'C'), bit(28n, 'V')].join('');
  return [
    ...inLines(cells, 4, '  '),
    ` pc=${show('pc')}  psr=${show('cpsr', 8)} ${flags} EL${(psr >> 2n) & 3n}`,
  ].join('\n');
}

/** For other machines: names and values as they come. */
export function plainBlock(registers: ReadonlyMap<string, bigint>, digits: number): string {
  const width = Math.max(3, ...[...registers.keys()].map((name) => name.length));
  const cells = [...registers].map(([name, value]) => `${name.padStart(width)}=${hexDigits(value, digits)}`);
  return inLines(cells, 3).join('\n');
}

function inLines(cells: readonly string[], perLine: number, between = ' '): string[] {
  const lines: string[] = [];
  for (let at = 0; at < cells.length; at += perLine) lines.push(cells.slice(at, at + perLine).join(between));
  return lines;
}
