import { encodePacket, expandRuns, type RspPacket } from './packets.ts';

/** Packets of one batch, and batches under way: enough for a long line, and no more than that to be kept. */
const BATCH = 64;
const BATCHES = 8;
const ERROR = 0x45;

type Ask = (raws: readonly Buffer[]) => Promise<readonly RspPacket[]>;

interface Part {
  readonly offset: number;
  readonly length: number;
}

/** A copy of much memory; null: not all of it can be read. */
export async function readBulk(
  ask: Ask,
  address: bigint,
  length: number,
  packetSize: number,
): Promise<Uint8Array | null> {
  const bytes = Buffer.allocUnsafe(length);
  const size = Math.max(16, Math.floor((packetSize - 16) / 2));
  const under: Promise<boolean>[] = [];
  for (let at = 0; at < length; ) {
    const parts: Part[] = [];
    for (; parts.length < BATCH && at < length; at += size)
      parts.push({ offset: at, length: Math.min(size, length - at) });
    const batch = readBatch(ask, address, parts, bytes);
    // Failures of those behind the first that fails are nobody's.
    batch.catch(() => {});
    under.push(batch);
    if (under.length >= BATCHES && !(await under.shift())) return null;
  }
  const rest = await Promise.all(under);
  return rest.every(Boolean) ? bytes : null;
}

async function readBatch(ask: Ask, address: bigint, parts: readonly Part[], bytes: Buffer): Promise<boolean> {
  const raws = parts.map(({ offset, length }) =>
    encodePacket(`m${(address + BigInt(offset)).toString(16)},${length.toString(16)}`),
  );
  const answers = await ask(raws);
  return parts.every(({ offset, length }, index) => {
    const body = answers[index]?.body;
    if (body === undefined || body[0] === ERROR) return false;
    const digits = expandRuns(body);
    return digits.length === length * 2 && bytes.write(digits.toString('latin1'), offset, 'hex') === length;
  });
}
