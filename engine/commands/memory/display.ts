import { type MemoryFormat, memoryLines } from '../../format/memory.ts';
import type { CommandContext } from '../entry.ts';
import { littleEndian } from './read.ts';

/** Read and printed at a time, so that long displays come as they are read and can be cancelled. */
const CHUNK_BYTES = 0x10000;

/** Shows `count` elements from `start` on, and leaves the cursor after them. */
export async function displayMemory(
  context: CommandContext,
  start: bigint,
  count: bigint,
  format: MemoryFormat,
): Promise<void> {
  const { state } = context;
  const atOnce = BigInt(Math.floor(CHUNK_BYTES / (format.size * format.perLine)) * format.perLine);
  for (let done = 0n; done < count; done += atOnce) {
    state.cancel.check();
    const elements = Number(count - done < atOnce ? count - done : atOnce);
    const from = BigInt.asUintN(64, start + done * BigInt(format.size));
    const block = await state.target.readMemory(from, elements * format.size);
    context.print(memoryLines(block, elements, format, state.pointerSize).join('\n'));
    state.lastDisplayed = littleEndian(block.bytes, (elements - 1) * format.size, format.size);
  }
  state.dataCursor = BigInt.asUintN(64, start + count * BigInt(format.size));
}
