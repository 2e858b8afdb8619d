import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';

export type Size = 1 | 2 | 4 | 8;

/** Little-endian. */
function encode(value: bigint, size: Size): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at++) bytes[at] = Number((value >> BigInt(at * 8)) & 0xffn);
  return bytes;
}

/** Whether a value of 64 bits is one of `size` bytes, with a sign or without. */
function fits(value: bigint, size: Size): boolean {
  const bits = size * 8;
  return value === BigInt.asUintN(bits, value) || value === BigInt.asUintN(64, BigInt.asIntN(bits, value));
}

/** Expressions up to the end; of single bytes also characters, `'a'`. At least one. */
export async function readIntegers(context: CommandContext, args: Args, size: Size): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  while (!args.done) {
    const at = args.next;
    const character = size === 1 ? args.match(/'([^'])'/y)?.[1] : undefined;
    if (character !== undefined) {
      parts.push(Buffer.from(character, 'utf8'));
      continue;
    }
    const value = BigInt.asUintN(64, await context.evaluate(args));
    if (!fits(value, size))
      throw engineErrors.badArgument(`Overflow error at '${args.text.slice(at).trim()}'`, at);
    parts.push(encode(value, size));
  }
  if (parts.length === 0) args.fail();
  return Buffer.concat(parts);
}

/** Decimal numbers, as `1.5` and `-2e10`, up to the end. At least one. */
export function readFloats(args: Args, size: 4 | 8): Uint8Array {
  const parts: Uint8Array[] = [];
  while (!args.done) {
    const at = args.next;
    const value = Number(args.word() ?? '');
    if (Number.isNaN(value)) args.fail(at);
    const bytes = Buffer.alloc(size);
    if (size === 4) bytes.writeFloatLE(value);
    else bytes.writeDoubleLE(value);
    parts.push(bytes);
  }
  if (parts.length === 0) args.fail();
  return Buffer.concat(parts);
}

/** `"text"`, of characters of 8 or 16 bits, with a NUL behind it where wanted. */
export function readText(args: Args, width: 1 | 2, ended: boolean): Uint8Array {
  const text = args.quoted();
  if (text === null) args.fail();
  args.expectEnd();
  return Buffer.from(ended ? `${text}\0` : text, width === 1 ? 'utf8' : 'utf16le');
}
