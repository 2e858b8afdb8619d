export type Radix = 8 | 10 | 16;

const MAX = 0xffff_ffff_ffff_ffffn;

const PREFIXES: Readonly<Record<string, { readonly base: number; readonly digits: RegExp }>> = {
  '0x': { base: 16, digits: /^[0-9a-f]*$/ },
  '0n': { base: 10, digits: /^[0-9]*$/ },
  '0t': { base: 8, digits: /^[0-7]*$/ },
  '0y': { base: 2, digits: /^[01]*$/ },
};

const PLAIN: Readonly<Record<Radix, RegExp>> = { 8: /^[0-7]+$/, 10: /^[0-9]+$/, 16: /^[0-9a-f]+$/ };

/**
 * A number of the MASM evaluator, or null when the word is none. What looks like a number in the radix is
 * one, whatever symbols there are: `add` is 0xadd.
 */
export function parseNumber(word: string, radix: Radix): bigint | null {
  const lower = word.toLowerCase();
  if (lower.includes('`')) return parseSplit(lower);
  const prefix = PREFIXES[lower.slice(0, 2)];
  if (prefix?.digits.test(lower.slice(2))) return fromDigits(lower.slice(2), prefix.base);
  if (/^[0-9a-f]+h$/.test(lower)) return fromDigits(lower.slice(0, -1), 16);
  return PLAIN[radix].test(lower) ? fromDigits(lower, radix) : null;
}

/** ``00007fff`f7d8a740``: always hexadecimal. */
function parseSplit(word: string): bigint | null {
  const digits = word.replace(/^0x/, '');
  return /^[0-9a-f]+(`[0-9a-f]+)+$/.test(digits) ? fromDigits(digits.replaceAll('`', ''), 16) : null;
}

function fromDigits(digits: string, base: number): bigint | null {
  // Longer than 64 binary digits with leading zeros is still a number; the cap only bounds the work.
  if (digits.length > 256) return null;
  let value = 0n;
  for (const digit of digits) value = value * BigInt(base) + BigInt(Number.parseInt(digit, base));
  return value > MAX ? null : value;
}
