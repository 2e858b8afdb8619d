import { engineErrors } from '../../errors.ts';
import { stubErrors } from '../errors.ts';
import { encodePacket, expandRuns, type RspPacket, unescapeBody } from './packets.ts';

/** Chunks asked for together before it is known how long an object is. */
export const AHEAD = 4;
const MAX_AHEAD = 32;
/** Library lists of the largest programs are some MiB. */
const MAX_OBJECT = 64 * 1024 * 1024;

/** Of the largest there are some thousand: what has more never ends. */
const MAX_CHUNKS = 16_384;

type Ask = (raws: readonly Buffer[]) => Promise<readonly RspPacket[]>;

/**
 * A whole object by `qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH`, several chunks at a time: `first` of them, then more; 0:
 * always one by one.
 * @throws HawserError `UNSUPPORTED`
 */
export async function readObject(
  ask: Ask,
  object: string,
  annex: string,
  packetSize: number,
  first = AHEAD,
): Promise<Buffer> {
  // Escapes double a chunk at most: half a packet always has room for it.
  const half = Math.max(32, Math.floor((packetSize - 16) / 2));
  const chunk = (at: number) => chunkOf(object, annex, at, half);
  const together = first > 0 ? await readTogether(ask, object, chunk, half, first) : null;
  return together ?? readInTurn(ask, object, chunk);
}

/** Null: a chunk came short, so that those behind it were asked for at the wrong places. */
async function readTogether(
  ask: Ask,
  object: string,
  chunk: (at: number) => string,
  length: number,
  first: number,
): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  for (let ahead = first, at = 0; at < MAX_OBJECT; ahead = Math.min(ahead * 2, MAX_AHEAD)) {
    const offsets = Array.from({ length: ahead }, (_, index) => at + index * length);
    for (const answer of await ask(offsets.map((offset) => encodePacket(chunk(offset))))) {
      const { data, last } = partOf(answer, object);
      parts.push(data);
      if (last) return Buffer.concat(parts);
      if (data.length < length) return null;
      at += length;
    }
  }
  throw stubErrors.objectEndless(object);
}

/** From the beginning: gdbserver forgets a list that it was asked for beyond its end. */
async function readInTurn(ask: Ask, object: string, chunk: (at: number) => string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let at = 0; at < MAX_OBJECT && parts.length < MAX_CHUNKS; ) {
    const [answer] = await ask([encodePacket(chunk(at))]);
    if (!answer) break;
    const { data, last } = partOf(answer, object);
    parts.push(data);
    at += data.length;
    if (last || data.length === 0) return Buffer.concat(parts);
  }
  throw stubErrors.objectEndless(object);
}

function partOf(answer: RspPacket, object: string): { data: Buffer; last: boolean } {
  const body = expandRuns(answer.body);
  const kind = String.fromCharCode(body[0] ?? 0);
  if (kind !== 'm' && kind !== 'l')
    throw engineErrors.unsupported(`Reading ${object}`, 'the stub refuses it');
  return { data: unescapeBody(body.subarray(1)), last: kind === 'l' };
}

export function chunkOf(object: string, annex: string, offset: number, length: number): string {
  return `qXfer:${object}:read:${annex}:${offset.toString(16)},${length.toString(16)}`;
}
