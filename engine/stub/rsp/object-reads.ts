import { toHawserError } from '../../../transports/errors/error.ts';
import { ERROR, type Exchange, type Outcome } from './exchange.ts';
import { AHEAD, readObject } from './objects.ts';
import { chunkOfObject, ObjectsCache, objectRead } from './objects-cache.ts';
import { encodePacket, type RspPacket } from './packets.ts';

/** In place of an object that never ends. */
const REFUSAL: RspPacket = { kind: 'packet', raw: encodePacket('E01'), body: Buffer.from('E01') };

/** Objects (`qXfer`), fetched whole and kept. */
export class ObjectReads {
  readonly #exchange: Exchange;
  readonly #objects = new ObjectsCache();
  /** Chunks that an object had when it was read last. */
  readonly #chunks = new Map<string, number>();
  readonly #took: (object: string, annex: string, whole: Buffer) => void;

  /** @param took called with what has come whole */
  constructor(exchange: Exchange, took: (object: string, annex: string, whole: Buffer) => void) {
    this.#exchange = exchange;
    this.#took = took;
  }

  resumed(): void {
    this.#objects.resumed();
  }

  clear(): void {
    this.#objects.clear();
  }

  /** @param asked told which object GDB asks for */
  serve(text: string, asked: (object: string) => void): Outcome {
    const read = objectRead(text);
    if (!read) return 'pass';
    const known = this.#objects.get(read);
    asked(read.object);
    if (known === 'pending') return 'waiting';
    if (known === 'failed') return 'pass';
    if (Buffer.isBuffer(known)) return this.#exchange.answer(chunkOfObject(known, read));
    if (known !== undefined) return this.#exchange.passed(known);
    if (read.offset !== 0) return 'pass';
    this.#exchange.settleAfter(this.fetch(read.object, read.annex));
    return 'waiting';
  }

  /** Unless it is there, or on its way, and where the stub has it. */
  fetchAhead(object: string, annex = ''): void {
    if (this.#objects.get({ object, annex }) !== undefined) return;
    this.#exchange.settleAfter(this.fetch(object, annex));
  }

  /** Of objects that the stub says it has. */
  fetchIfThere(object: string, annex = ''): void {
    if (this.#exchange.features?.reads(object)) this.fetchAhead(object, annex);
  }

  async fetch(object: string, annex: string): Promise<string> {
    const known = this.#objects.get({ object, annex });
    if (Buffer.isBuffer(known)) return known.toString('utf8');
    const { epoch, features, line } = this.#exchange;
    this.#objects.set({ object, annex }, 'pending');
    const size = features?.packetSize ?? 400;
    let first: RspPacket | undefined;
    const ask = async (raws: readonly Buffer[]) => {
      const answers = await line.askBytes(raws);
      first ??= answers[0];
      return answers;
    };
    try {
      const ahead = line.pipelining ? (this.#chunks.get(object) ?? AHEAD) : 0;
      const whole = await readObject(ask, object, annex, size, ahead);
      this.#chunks.set(object, Math.ceil(((whole.length + 1) * 2) / (size - 16)));
      if (epoch === this.#exchange.epoch) {
        this.#objects.set({ object, annex }, whole);
        this.#took(object, annex, whole);
      }
      return whole.toString('utf8');
    } catch (error) {
      const refused = first?.body[0] === ERROR;
      // GDB itself would read on for ever.
      const answer = toHawserError(error).code === 'OBJECT_ENDLESS' ? REFUSAL : refused && first;
      if (epoch === this.#exchange.epoch) this.#objects.set({ object, annex }, answer || 'failed');
      throw error;
    }
  }
}
