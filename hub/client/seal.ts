/**
 * The end-to-end encryption of hosted sessions. The text of a session (what the debugger prints, what the host types) is
 * readable by the host, the agent and who has an invitation link, and by nobody between them.
 *
 * Keys (keys.ts). A session has two secrets of 32 random bytes, made at the host's computer. Everybody invited has the
 * first; HKDF-SHA-256 makes of it the key of the history. Host and agent alone have the second; it makes the key of
 * orders, and an Ed25519 key that signs entries, whose public half stands in every link.
 *
 * Entries. Signature (64 bytes) and body are sealed with AES-256-GCM. Signature and seal bind protocol version,
 * session, number and instant, so that none can be changed, moved, taken for another or put into another session, by the hub
 * or by who was invited, alone or together. Whoever reads asks for numbers without gaps from 1.
 * Nonces are random: entries that an agent seals stay far below the 2^32 that a key is good for so.
 *
 * Orders. Sealed with the orders' key and bound to the session. Each sender (a window of the host's) has a random name and counts
 * its orders; the agent takes each number once and none that is lower than what it had. So orders can be neither
 * forged nor repeated nor put out of order by a hub or a viewer; the hub can lose or delay them.
 *
 * What the hub can see: the accounts of host and invited, who is there when, from where; the session's name, description
 * and computer, and whether its debugger was started without `-remote`; number, instant and size of each entry and
 * order, and so how much is printed and when something is typed; when the session ended and by what (`qq`). Never text.
 * It can keep back the newest entries, and refuse to serve; it cannot make either unseen where numbers go on.
 * Where the hub itself mails the links, their keys go through its memory at that moment: who runs it could take them
 * there. A host who does not want that sends the links in some other way (`invite/send` without `fragments`).
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { z } from '../../transports/zod.ts';
import type { Entry, EntryBody, Order, Sealed } from '../protocol/hub.ts';
import { hubClientErrors } from './errors.ts';
import { type HostKeys, historyKey, orderKey, type SessionKeys, signingKey, verifyingKey } from './keys.ts';

const NONCE = 12;
const TAG = 16;
const SIGNATURE = 64;
/** The host's windows over a session's whole life; what names more is refused, so that memory is bounded. */
const MOST_SENDERS = 10_000;

const body = z.discriminatedUnion('type', [
  z.object({ type: z.literal('output'), data: z.base64() }),
  z.object({ type: z.literal('command'), text: z.string() }),
  z.object({ type: z.literal('notice'), text: z.string() }),
]);

const id = z.string().regex(/^[0-9a-f]{32}\.[1-9]\d{0,14}$/);

const order = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input'), id, text: z.string().max(64 << 10) }),
  z.object({ type: z.literal('break'), id }),
  z.object({ type: z.literal('leave'), id }),
]);

/** The agent's end of a history. */
export class EntrySealer {
  readonly #session: string;
  readonly #key: Buffer;
  readonly #signing: KeyObject;

  constructor(session: string, keys: HostKeys) {
    this.#session = session;
    this.#key = historyKey(session, keys);
    this.#signing = signingKey(keys);
  }

  seal(seq: number, at: number, content: EntryBody): Entry {
    const bound = entryBinding(this.#session, seq, at);
    const text = Buffer.from(JSON.stringify(content));
    const signature = sign(null, Buffer.concat([bound, text]), this.#signing);
    return { seq, at, sealed: seal(this.#key, bound, Buffer.concat([signature, text])) };
  }
}

/** The readers' end of a history. */
export class EntryOpener {
  readonly #session: string;
  readonly #key: Buffer;
  readonly #verifying: KeyObject;

  constructor(session: string, keys: SessionKeys) {
    this.#session = session;
    this.#key = historyKey(session, keys);
    this.#verifying = verifyingKey(keys);
  }

  /** @throws HawserError `SEAL_BROKEN` */
  open({ seq, at, sealed }: Entry): EntryBody {
    const bound = entryBinding(this.#session, seq, at);
    const payload = unseal(this.#key, bound, sealed);
    if (!payload || payload.length < SIGNATURE)
      throw hubClientErrors.sealBroken(seq, 'this computer’s key does not open it');
    const text = payload.subarray(SIGNATURE);
    if (!verify(null, Buffer.concat([bound, text]), this.#verifying, payload.subarray(0, SIGNATURE)))
      throw hubClientErrors.sealBroken(seq, 'it was not the host’s agent that wrote it');
    const parsed = body.safeParse(json(text));
    if (!parsed.success) throw hubClientErrors.sealBroken(seq, 'what is in it cannot be read');
    return parsed.data;
  }
}

/** An order as it is given; the sealer numbers it. */
export type NewOrder =
  | { readonly type: 'input'; readonly text: string }
  | { readonly type: 'break' }
  | { readonly type: 'leave' };

/** The host's end of orders: one for each window. */
export class OrderSealer {
  readonly #key: Buffer;
  readonly #bound: Buffer;
  readonly #sender = randomBytes(16).toString('hex');
  #count = 0;

  constructor(session: string, keys: HostKeys) {
    this.#key = orderKey(session, keys);
    this.#bound = binding('order', session);
  }

  seal(content: NewOrder): Sealed {
    const numbered: Order = { ...content, id: `${this.#sender}.${++this.#count}` };
    return seal(this.#key, this.#bound, Buffer.from(JSON.stringify(numbered)));
  }
}

/** The agent's end of orders. */
export class OrderOpener {
  readonly #key: Buffer;
  readonly #bound: Buffer;
  /** The last number of each sender. */
  readonly #senders = new Map<string, number>();

  constructor(session: string, keys: HostKeys) {
    this.#key = orderKey(session, keys);
    this.#bound = binding('order', session);
  }

  /** @throws HawserError `ORDER_BROKEN`: not of the host, or taken before */
  open(sealed: Sealed): Order {
    const payload = unseal(this.#key, this.#bound, sealed);
    if (!payload) throw hubClientErrors.orderBroken('it is not of the host');
    const parsed = order.safeParse(json(payload));
    if (!parsed.success) throw hubClientErrors.orderBroken('it cannot be read');
    const [sender = '', count] = parsed.data.id.split('.');
    const last = this.#senders.get(sender);
    if (last === undefined && this.#senders.size >= MOST_SENDERS)
      throw hubClientErrors.orderBroken('the session has been opened too often');
    if (Number(count) <= (last ?? 0)) throw hubClientErrors.orderBroken('it came before, or out of turn');
    this.#senders.set(sender, Number(count));
    return parsed.data;
  }
}

function binding(kind: 'entry' | 'order', ...what: readonly (string | number)[]): Buffer {
  return Buffer.from(JSON.stringify(['hawser hosted session', 1, kind, ...what]));
}

function entryBinding(session: string, seq: number, at: number): Buffer {
  return binding('entry', session, seq, at);
}

function seal(key: Buffer, bound: Buffer, payload: Buffer): Sealed {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(bound);
  return Buffer.concat([nonce, cipher.update(payload), cipher.final(), cipher.getAuthTag()]).toString(
    'base64',
  );
}

function unseal(key: Buffer, bound: Buffer, sealed: Sealed): Buffer | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE + TAG) return null;
  const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG });
  cipher.setAAD(bound).setAuthTag(bytes.subarray(-TAG));
  try {
    return Buffer.concat([cipher.update(bytes.subarray(NONCE, -TAG)), cipher.final()]);
  } catch {
    return null;
  }
}

function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}
