/** Whether an address of x86-64 or AArch64 can be one at all: its upper bits are all alike. */
export function isCanonical(address: bigint): boolean {
  const upper = address >> 47n;
  return upper === 0n || upper === 0x1ffffn;
}

/** The upper half belongs to the kernel. */
export function isKernels(address: bigint): boolean {
  return address >> 63n === 1n;
}

/** The text that a pointer's bytes are; null: they are none. */
export function textIn(value: bigint): string | null {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  const text = bytes.toString('latin1').replace(/\0+$/, '');
  return text.length >= 6 && /^[\x20-\x7e]+$/.test(text) ? text : null;
}

/** What debuggers, allocators and people fill memory with, so that its use is seen. */
const PATTERNS: Readonly<Record<string, string>> = {
  deadbeef: 'a marker of the program itself',
  baadf00d: 'a marker of the program itself',
  feeefeee: 'what a debugging allocator fills freed memory with',
  dddddddd: 'what a debugging allocator fills freed memory with',
  cdcdcdcd: 'what a debugging allocator fills new memory with',
  cccccccc: 'what a compiler fills fresh stack with',
  bebebebe: 'what AddressSanitizer fills new memory with',
  aaaaaaaa: 'what a debugging allocator or a compiler fills memory with',
  a5a5a5a5: 'what a debugging allocator fills memory with',
  '5a5a5a5a': 'what a debugging allocator fills freed memory with',
  fefefefe: 'what a debugging compiler fills fresh memory with',
};

/** Says of a pointer that it is such a pattern; null: it is none. */
export function patternIn(value: bigint): string | null {
  const digits = value.toString(16).padStart(16, '0');
  for (const part of [digits.slice(8), digits.slice(0, 8)]) {
    const known = PATTERNS[part];
    if (known !== undefined) return `${part}, ${known}`;
  }
  return null;
}
