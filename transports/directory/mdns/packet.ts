/** The little of DNS (RFC 1035, RFC 6762) that asking who is there takes. What cannot be read is null, never an error. */

export const SERVICE = '_hawser._tcp.local';
export const PTR = 12;
const SRV = 33;
const ANY = 255;
const IN = 1;
/** Of a question: the answer may come to the one who asks alone. */
const UNICAST = 0x8000;
const ANSWER_FLAGS = 0x8400;
const TTL_SECONDS = 10;
const MAX_RECORDS = 64;
const MAX_JUMPS = 16;

export interface Packet {
  readonly id: number;
  readonly response: boolean;
  /** Whether somebody asks for our service. */
  readonly asks: boolean;
  /** Names of machines that say that they have it. */
  readonly hosts: readonly string[];
}

export function encodeQuery(id: number): Buffer {
  return Buffer.concat([header(id, 0, [1, 0, 0]), name(SERVICE), words(PTR, IN | UNICAST)]);
}

/** That `host` has the service on this port, in answer to a query. */
export function encodeAnswer(id: number, host: string, port: number): Buffer {
  const [label = ''] = host.split('.');
  const instance = Buffer.concat([word(label), name(SERVICE)]);
  const target = Buffer.concat([words(0, 0, port), word(label), name('local')]);
  return Buffer.concat([
    header(id, ANSWER_FLAGS, [1, 1, 1]),
    name(SERVICE),
    words(PTR, IN),
    record(name(SERVICE), PTR, instance),
    record(instance, SRV, target),
  ]);
}

export function decode(bytes: Buffer): Packet | null {
  if (bytes.length < 12) return null;
  const [id, flags, questions, answers] = [0, 2, 4, 6].map((at) => bytes.readUInt16BE(at));
  if (id === undefined || questions === undefined || answers === undefined) return null;
  if (questions + answers > MAX_RECORDS) return null;
  let at = 12;
  let asks = false;
  const hosts: string[] = [];
  for (let count = 0; count < questions; count++) {
    const asked = readName(bytes, at);
    if (!asked || asked.end + 4 > bytes.length) return null;
    const type = bytes.readUInt16BE(asked.end);
    if (asked.text === SERVICE && (type === PTR || type === ANY)) asks = true;
    at = asked.end + 4;
  }
  for (let count = 0; count < answers; count++) {
    const owner = readName(bytes, at);
    if (!owner || owner.end + 10 > bytes.length) return null;
    const data = owner.end + 10;
    const end = data + bytes.readUInt16BE(owner.end + 8);
    if (end > bytes.length) return null;
    const target =
      bytes.readUInt16BE(owner.end) === PTR && owner.text === SERVICE ? readName(bytes, data) : null;
    const host = target && /^([\p{L}\p{N}_-]{1,63})\._hawser\._tcp\.local$/u.exec(target.text)?.[1];
    if (host) hosts.push(host);
    at = end;
  }
  return { id, response: ((flags ?? 0) & 0x8000) !== 0, asks, hosts };
}

/** In lower case, with dots. Pointers lead back only, and not without end. */
function readName(bytes: Buffer, from: number): { text: string; end: number } | null {
  const labels: string[] = [];
  let end: number | null = null;
  let at = from;
  for (let jumps = 0; jumps <= MAX_JUMPS; ) {
    const length = bytes[at];
    if (length === undefined) return null;
    if (length === 0) return { text: labels.join('.').toLowerCase(), end: end ?? at + 1 };
    if (length >= 0xc0) {
      const low = bytes[at + 1];
      if (low === undefined) return null;
      const to = ((length & 0x3f) << 8) | low;
      if (to >= at) return null;
      end ??= at + 2;
      at = to;
      jumps++;
    } else {
      if (length > 63 || at + 1 + length > bytes.length || labels.length >= 16) return null;
      labels.push(bytes.toString('utf8', at + 1, at + 1 + length));
      at += 1 + length;
    }
  }
  return null;
}

function header(
  id: number,
  flags: number,
  [questions, answers, more]: readonly [number, number, number],
): Buffer {
  return words(id, flags, questions, answers, 0, more);
}

function record(owner: Buffer, type: number, data: Buffer): Buffer {
  return Buffer.concat([owner, words(type, IN, 0, TTL_SECONDS, data.length), data]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}

function word(label: string): Buffer {
  const text = Buffer.from(label, 'utf8').subarray(0, 63);
  return Buffer.concat([Buffer.from([text.length]), text]);
}

function name(text: string): Buffer {
  return Buffer.concat([...text.split('.').map(word), Buffer.from([0])]);
}
