import { engineErrors } from '../../errors.ts';
import { address, hexDigits } from '../../format/address.ts';
import type { CommandContext } from '../entry.ts';
import { Breath } from '../flow/breath.ts';

/** Read at a time. */
const CHUNK = 0x1_0000;
/** Lines printed at a time. */
const LINES = 500;

/** All of a range. @throws HawserError `MEMORY_UNREADABLE` at the first byte that cannot be read */
export async function readAll(context: CommandContext, start: bigint, length: number): Promise<Uint8Array> {
  const { bytes, readable } = await context.target.readMemory(start, length);
  const hole = readable?.indexOf(0) ?? -1;
  if (hole >= 0) throw engineErrors.memoryUnreadable(start + BigInt(hole));
  return bytes;
}

/** A range in pieces, each of them read whole; other work has its turn in between, and a break-in ends it. */
export async function* pieces(
  context: CommandContext,
  start: bigint,
  count: bigint,
): AsyncGenerator<{ readonly at: bigint; readonly bytes: Uint8Array }> {
  const breath = new Breath(context.state.cancel);
  for (let done = 0n; done < count; done += BigInt(CHUNK)) {
    await breath.take();
    const left = count - done;
    const length = left < BigInt(CHUNK) ? Number(left) : CHUNK;
    yield { at: start + done, bytes: await readAll(context, start + done, length) };
  }
}

/** ``00005555`55558020  68 - 00005555`55558040  69`` for each byte that differs. */
export function differences(
  context: CommandContext,
  first: { readonly at: bigint; readonly bytes: Uint8Array },
  second: { readonly at: bigint; readonly bytes: Uint8Array },
): void {
  const { pointerSize } = context.state;
  const side = (at: bigint, byte: number) => `${address(at, pointerSize)}  ${hexDigits(byte, 2)}`;
  let lines: string[] = [];
  for (const [index, byte] of first.bytes.entries()) {
    const other = second.bytes[index] ?? 0;
    if (byte === other) continue;
    lines.push(`${side(first.at + BigInt(index), byte)} - ${side(second.at + BigInt(index), other)}`);
    if (lines.length < LINES) continue;
    context.state.cancel.check();
    context.print(lines.join('\n'));
    lines = [];
  }
  if (lines.length > 0) context.print(lines.join('\n'));
}
