import { address } from '../../format/address.ts';
import { memoryLines } from '../../format/memory.ts';
import type { CommandContext } from '../entry.ts';
import { Breath } from '../flow/breath.ts';
import { littleEndian } from './read.ts';

const MOST = 0x20n;
const MOST_WORDS = 0x100n;
const PER_LINE = { 4: 4, 8: 2 } as const;

/** `dl`: from element to element by their first pointer (`back`: their second), until it is null or leads to the first again. */
export async function walkLinks(
  context: CommandContext,
  start: bigint,
  most: bigint | null,
  words: bigint | null,
  back: boolean,
): Promise<void> {
  const { state } = context;
  const size = state.pointerSize;
  const shown = Number(words === null ? 2n : words > MOST_WORDS ? MOST_WORDS : words < 1n ? 1n : words);
  const format = { size, perLine: PER_LINE[size], kind: 'integer', ascii: false, defaultCount: 2 } as const;
  const breath = new Breath(state.cancel);
  let at = start;
  for (let left = most ?? MOST; left > 0n; left--) {
    await breath.take();
    const block = await context.target.readMemory(at, Math.max(shown, 2) * size);
    context.print(memoryLines(block, shown, format, size).join('\n'));
    const place = back ? size : 0;
    if (block.readable && block.readable[place] !== 1) return;
    const next = littleEndian(block.bytes, place, size);
    state.lastDisplayed = next;
    if (next === 0n || next === start) return;
    at = next;
  }
  context.host.output(
    'warning',
    `The list goes on at ${address(at, size)}; a larger Count shows more of it.\n`,
  );
}
