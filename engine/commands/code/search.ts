import type { Instruction } from '../../backend/types.ts';
import { joined } from '../../dml/marked.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import { address, hexDigits, symbol } from '../../format/address.ts';
import { instructionLine, namedAddresses } from '../../format/instruction.ts';
import type { CommandContext } from '../entry.ts';
import { Breath } from '../flow/breath.ts';
import { listing } from './listing.ts';

/** Read at a time. */
const AT_ONCE = 500;

/**
 * `#`: shows the instructions of which a column (address, bytes, mnemonic, operands, or the last two together) holds the pattern.
 * @param count instructions that are looked at, all hits shown; null: to the first hit
 * @returns where a search that goes on begins; null: memory has ended, or nothing was found
 */
export async function searchCode(
  context: CommandContext,
  pattern: string,
  start: bigint,
  count: bigint | null,
): Promise<bigint | null> {
  const { state, target } = context;
  const breath = new Breath(state.cancel);
  let at = start;
  for (let left = count; left === null || left > 0n; ) {
    await breath.take();
    const wanted = left === null || left > AT_ONCE ? AT_ONCE : Number(left);
    const read = await target.disassemble(at, wanted);
    const last = read.at(-1);
    if (!last) return null;
    const found = await matching(context, read, pattern);
    const [first] = found;
    if (first && count === null) {
      context.print(joined(await listing(state, [first]), '\n'));
      return first.address + BigInt(first.bytes.length);
    }
    if (found.length > 0) context.print(joined(await listing(state, found), '\n'));
    at = last.address + BigInt(last.bytes.length);
    if (left !== null) left -= BigInt(read.length);
    if (read.length < wanted) return null;
  }
  return at;
}

async function matching(
  { state, target }: CommandContext,
  instructions: readonly Instruction[],
  pattern: string,
): Promise<Instruction[]> {
  const named = [...new Set(instructions.flatMap(namedAddresses))];
  const hits = await target.symbolize(named);
  const names = new Map(named.map((each, index) => [each, hits[index] ?? null]));
  const name = (wanted: bigint): string | null => {
    const hit = names.get(wanted);
    return hit ? symbol(hit) : null;
  };
  const anywhere = `*${pattern}*`;
  return instructions.filter((instruction) => {
    const where = address(instruction.address, state.pointerSize);
    const bytes = [...instruction.bytes].map((byte) => hexDigits(byte, 2)).join('');
    const line = instructionLine(instruction, name, state.syntax);
    const text = line
      .slice(line.indexOf(bytes) < 0 ? where.length : line.indexOf(bytes) + bytes.length)
      .trim();
    const [mnemonic = '', ...operands] = text.split(/\s+/);
    const columns = [where, bytes, mnemonic, operands.join(' '), [mnemonic, ...operands].join(' ')];
    return columns.some((column) => matchesWildcard(anywhere, column));
  });
}
