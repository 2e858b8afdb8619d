/** Part of a register that the back end knows. */
export interface RegisterPart {
  /** The back end's name. */
  readonly full: string;
  readonly shift: number;
  readonly bits: number;
}

/** Flags by WinDbg's code: bit in eflags and width. */
export const FLAG_BITS: Readonly<Record<string, readonly [bit: number, width: number]>> = {
  cf: [0, 1],
  pf: [2, 1],
  af: [4, 1],
  zf: [6, 1],
  sf: [7, 1],
  tf: [8, 1],
  if: [9, 1],
  df: [10, 1],
  of: [11, 1],
  iopl: [12, 2],
};

const parts = new Map<string, RegisterPart>();

function add(name: string, full: string, bits: number, shift = 0): void {
  parts.set(name, { full, shift, bits });
}

for (const letter of ['a', 'b', 'c', 'd']) {
  add(`r${letter}x`, `r${letter}x`, 64);
  add(`e${letter}x`, `r${letter}x`, 32);
  add(`${letter}x`, `r${letter}x`, 16);
  add(`${letter}l`, `r${letter}x`, 8);
  add(`${letter}h`, `r${letter}x`, 8, 8);
}
for (const name of ['si', 'di', 'bp', 'sp', 'ip']) {
  add(`r${name}`, `r${name}`, 64);
  add(`e${name}`, `r${name}`, 32);
  add(name, `r${name}`, 16);
  if (name !== 'ip') add(`${name}l`, `r${name}`, 8);
}
for (let number = 8; number < 16; number++) {
  add(`r${number}`, `r${number}`, 64);
  add(`r${number}d`, `r${number}`, 32);
  add(`r${number}w`, `r${number}`, 16);
  add(`r${number}b`, `r${number}`, 8);
}
for (const name of ['cs', 'ss', 'ds', 'es', 'fs', 'gs']) add(name, name, 16);
add('efl', 'eflags', 32);
add('eflags', 'eflags', 32);
add('fsbase', 'fs_base', 64);
add('gsbase', 'gs_base', 64);
for (const [flag, [bit, width]] of Object.entries(FLAG_BITS)) add(flag, 'eflags', width, bit);

/** On x86-64, those with parts of registers and flags. */
export const x64RegisterNames: readonly string[] = [...parts.keys()];

const ARM64_NAMES: Readonly<Record<string, string>> = { fp: 'x29', lr: 'x30', psr: 'cpsr' };

/** What a name (in lower case) means on AArch64; null: what the back end calls so, if anything. */
export function arm64Register(name: string): RegisterPart | null {
  const full = ARM64_NAMES[name];
  if (full !== undefined) return { full, shift: 0, bits: name === 'psr' ? 32 : 64 };
  const number = /^w([0-9]|[12][0-9]|30)$/.exec(name)?.[1];
  return number === undefined ? null : { full: `x${number}`, shift: 0, bits: 32 };
}

/** Taken for registers before symbols are looked up. */
const COMMON = new Set(
  'rax rbx rcx rdx rsi rdi rbp rsp rip r8 r9 r10 r11 r12 r13 r14 r15 eax ebx ecx edx esi edi ebp esp eip efl'.split(
    ' ',
  ),
);

export function isCommonX64Register(name: string): boolean {
  return COMMON.has(name);
}

/** What a name (in lower case) means on x86-64; null: no integer register. */
export function x64Register(name: string): RegisterPart | null {
  return parts.get(name) ?? null;
}

export function readPart(part: RegisterPart, full: bigint): bigint {
  return BigInt.asUintN(part.bits, full >> BigInt(part.shift));
}

/** `full` with the part replaced. */
export function writePart(part: RegisterPart, full: bigint, value: bigint): bigint {
  const mask = ((1n << BigInt(part.bits)) - 1n) << BigInt(part.shift);
  return (full & ~mask) | ((value << BigInt(part.shift)) & mask);
}
