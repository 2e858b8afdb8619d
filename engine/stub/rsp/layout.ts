/** Where stack pointer and program counter stand: in answers to `g`, and by number in stop replies. */
export interface RegisterLayout {
  /** Bytes of each. */
  readonly size: 4 | 8;
  /** Offset in bytes in `g`. */
  readonly sp: number;
  /** Numbers as two hexadecimal digits. */
  readonly spNumber: string;
  readonly pcNumber: string;
  /** Bytes below the stack pointer that a function may use. */
  readonly redZone: number;
}

/** GDB's own numbering, which stubs keep to. Little-endian all of them. */
const LAYOUTS: Readonly<Record<string, RegisterLayout>> = {
  'i386:x86-64': { size: 8, sp: 56, spNumber: '07', pcNumber: '10', redZone: 128 },
  i386: { size: 4, sp: 16, spNumber: '04', pcNumber: '08', redZone: 0 },
  aarch64: { size: 8, sp: 31 * 8, spNumber: '1f', pcNumber: '20', redZone: 0 },
  arm: { size: 4, sp: 52, spNumber: '0d', pcNumber: '0f', redZone: 0 },
};

/** As GDB calls it; '' where a target's description does not say. */
export function architectureIn(description: string): string {
  return /<architecture>\s*([\w:.-]{1,40})\s*<\/architecture>/.exec(description)?.[1] ?? '';
}

/** By the target's description; null: stacks are not fetched ahead. */
export function layoutOf(description: string): RegisterLayout | null {
  return LAYOUTS[architectureIn(description)] ?? null;
}

/** A little-endian register's digits as an address; null: it has none. */
export function addressIn(digits: string): string | null {
  if (!/^(?:[0-9a-f]{2})+$/i.test(digits)) return null;
  const bytes = digits.match(/../g) ?? [];
  return bytes
    .reverse()
    .join('')
    .replace(/^0+(?=.)/, '')
    .toLowerCase();
}

/** The stack pointer in an answer to `g`. */
export function stackPointer(layout: RegisterLayout, registers: Buffer): string | null {
  const digits = registers.toString('latin1', layout.sp * 2, (layout.sp + layout.size) * 2);
  return digits.length === layout.size * 2 ? addressIn(digits) : null;
}

/** A register that a stop reply brings along. */
export function expedited(reply: string, number: string): string | null {
  // `T05`, then pairs.
  const pair = reply
    .slice(3)
    .split(';')
    .find((word) => word.startsWith(`${number}:`));
  return pair === undefined ? null : addressIn(pair.slice(number.length + 1));
}
