import { engineErrors } from '../../errors.ts';
import type { CommandContext } from '../entry.ts';
import { readNumber } from './read.ts';
import { readCharacters } from './text.ts';

/** Characters that are read of a string, unless fewer are asked for. */
const LONGEST = 0x1000;

/** The string that ends with a NUL at an address. @throws HawserError `MEMORY_UNREADABLE` where there is nothing to read */
export async function stringAt(
  context: CommandContext,
  address: bigint,
  width: 1 | 2,
  limit: number | null = null,
): Promise<string> {
  const { codes, whole } = await readCharacters(context, address, limit ?? LONGEST, width);
  if (!whole && codes.length === 0) throw engineErrors.memoryUnreadable(address);
  return decoded(codes, width);
}

/**
 * The string of a counted string structure of Windows, as Wine has them: a length in bytes (16 bits), and behind it,
 * where pointers go, a pointer to the text.
 */
export async function countedStringAt(
  context: CommandContext,
  address: bigint,
  width: 1 | 2,
): Promise<string> {
  const { target, pointerSize } = context.state;
  const bytes = Number(await readNumber(target, address, 2));
  const text = await readNumber(target, address + BigInt(pointerSize), pointerSize);
  return stringAt(context, text, width, Math.floor(bytes / width));
}

/** Without what would steer a terminal. */
function decoded(codes: readonly number[], width: 1 | 2): string {
  const text = width === 2 ? String.fromCharCode(...codes) : Buffer.from(codes).toString('utf8');
  return text.replace(/(?![\n\t])\p{Cc}/gu, '.');
}
