import type { Duplex } from 'node:stream';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { stubErrors } from '../errors.ts';
import type { StubTraffic } from '../stub.ts';
import type { Dialect } from './dialect.ts';
import {
  encodePacket,
  isIntact,
  packetOf,
  type RspItem,
  type RspPacket,
  RspReader,
  textOf,
} from './packets.ts';

/** An answer, or a packet on the way to it (console output): true when it was the answer. */
export type Answer = (packet: RspPacket) => boolean;

/** What becomes of a stub that does not answer, or sends nonsense. */
export interface LineTrouble {
  /** After which a request that a stub answers at once is not waited for any more. */
  readonly silenceMs: number;
  /** The way to the stub is away for a while, and known to be: nothing is counted. */
  away?(): boolean;
  silent(): Error;
  garbled(): Error;
}

interface Request {
  readonly raw: Buffer;
  /** Its answer may take as long as it likes: the target runs, or the stub has much to say. */
  readonly patient?: boolean;
  readonly answer: Answer;
  /** The stub went before it answered. */
  readonly failed: () => void;
}

/** Acknowledgements that do not come, on a line that loses bytes: then it is sent again. */
const RESEND_MS = 2000;
const MAX_RESENDS = 5;

/** Enough to know a protocol by. */
const OPENING = 256;

const ACK = Buffer.from('+');
const NACK = Buffer.from('-');
const INTERRUPT = Buffer.from('\x03');

const ignore = () => {};

/** Longer packets write to memory, which all stubs take alike. */
const LOOK = 8192;

function translated(dialect: Dialect, request: Request): Request {
  const { raw, answer } = request;
  if (raw.length > LOOK) return request;
  const words = dialect.translate(raw.toString('latin1', 1, raw.length - 3));
  if (!words) return request;
  return {
    ...request,
    raw: encodePacket(words.send),
    answer: (packet) => {
      // What comes before an answer is the target's output, and passed on as it is.
      const text = textOf(packet);
      if (/^O[^K]/.test(text)) return answer(packet);
      return answer(packetOf(encodePacket(words.answer(text))));
    },
  };
}

/**
 * Our end of a stub's byte stream. Requests are answered in their order; several at once are written together where the
 * stub takes that ({@link pipelining}), one by one otherwise.
 */
export class StubLine {
  readonly #stream: Duplex;
  readonly #reader = new RspReader();
  readonly #counted = { roundTrips: 0, packets: 0, sent: 0, received: 0 };
  readonly #ended = new Set<(cause: Error | null) => void>();
  #inFlight: Request[] = [];
  #queued: Request[] = [];
  #posted: Request[] = [];
  #cause: Error | null | undefined;
  #error: Error | null = null;
  #resends = 0;
  #timer: NodeJS.Timeout | undefined;
  #acks = true;
  #opening: Buffer = Buffer.alloc(0);
  #known = false;
  #silence: NodeJS.Timeout | undefined;
  /** Packets in a row that came damaged. */
  #damaged = 0;
  /** {@link RspReader.noise} when the last packet came whole. */
  #noise = 0;
  /** Whether the stub reads on before it has answered, over a stream that loses nothing. */
  pipelining = false;
  /** How the stub is talked to, where it is no language of GDB's. */
  dialect: Dialect | null = null;
  /** Bytes get lost on it: acknowledgements stay on. */
  lossy = false;
  /** How it is broken into; false: not in this way, and 0x03 does it. */
  breaker: (() => Promise<boolean>) | null = null;
  /** Null: the stub is waited for as long as it takes. */
  trouble: LineTrouble | null = null;
  /** Packets that answer nothing, notifications. */
  onStray: (packet: RspPacket) => void = ignore;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#data(chunk));
    stream.on('error', (error: Error) => {
      this.#error = error;
    });
    for (const event of ['end', 'close']) stream.on(event, () => this.#end(this.#error));
  }

  get traffic(): StubTraffic {
    return this.#counted;
  }

  /** Whether every packet is acknowledged (at first), or none. */
  get acks(): boolean {
    return this.#acks;
  }

  /** `QStartNoAckMode` was answered. */
  endAcks(): void {
    this.#acks = false;
    clearTimeout(this.#timer);
  }

  /** Requests that wait for their answer. */
  get waiting(): number {
    return this.#inFlight.length + this.#queued.length;
  }

  get ended(): boolean {
    return this.#cause !== undefined;
  }

  /** The first bytes that came, until a packet has: a peer that speaks something else is known by them. */
  get opening(): Buffer {
    return this.#opening;
  }

  /** `cause`: the stream's error, if it had one. Called once; at once when it has ended already. */
  onEnded(listener: (cause: Error | null) => void): () => void {
    if (this.#cause !== undefined) listener(this.#cause);
    else this.#ended.add(listener);
    return () => this.#ended.delete(listener);
  }

  request(raw: Buffer, answer: Answer, failed: () => void = ignore, patient = false): void {
    this.requestAll([{ raw, answer, failed, patient }]);
  }

  requestAll(packets: readonly Request[]): void {
    if (this.ended) {
      for (const { failed } of packets) failed();
      return;
    }
    const { dialect } = this;
    const all = this.#posted.length > 0 ? [...this.#posted.splice(0), ...packets] : packets;
    const requests = dialect ? all.map((packet) => translated(dialect, packet)) : all;
    if (!this.pipelining) {
      this.#queued.push(...requests);
      this.#sendQueued();
      return;
    }
    if (requests.length === 0) return;
    const raws = requests.map(({ raw }) => raw);
    this.#begin(requests, raws.length === 1 ? (raws[0] as Buffer) : Buffer.concat(raws));
  }

  /** A packet whose answer nobody waits for: it goes ahead of the next one, in its write. */
  post(raw: Buffer): void {
    this.#posted.push({ raw, answer: () => true, failed: ignore });
  }

  /** Our own packets, as bodies; their answers in order. Rejects STUB_DIED when the stub ends. */
  ask(bodies: readonly string[]): Promise<string[]> {
    return this.askBytes(bodies.map(encodePacket)).then((packets) => packets.map(textOf));
  }

  askBytes(raws: readonly Buffer[]): Promise<RspPacket[]> {
    return new Promise((resolve, reject) => {
      const answers: RspPacket[] = [];
      if (raws.length === 0) resolve(answers);
      const failed = () => reject(stubErrors.stubDied('It closed the connection.'));
      const answer = (packet: RspPacket) => {
        answers.push(packet);
        if (answers.length === raws.length) resolve(answers);
        return true;
      };
      this.requestAll(raws.map((raw) => ({ raw, answer, failed })));
    });
  }

  /** Breaks in; no request. */
  interrupt(): void {
    this.dialect?.interrupted();
    const { breaker } = this;
    if (!breaker) this.#write(INTERRUPT);
    else breaker().then((sent) => sent || this.#write(INTERRUPT), ignore);
  }

  /** What is not answered is sent once more, for a stub that was not there to hear it. */
  again(): void {
    for (const { raw } of this.#inFlight) this.#write(raw);
  }

  /** A packet that has no answer. */
  tell(raw: Buffer): void {
    if (this.#posted.length > 0) this.requestAll([]);
    this.#counted.packets += 1;
    this.#write(raw);
  }

  close(): void {
    this.#end(this.#error);
    this.#stream.destroy();
  }

  #begin(requests: readonly Request[], bytes: Buffer): void {
    if (this.#inFlight.length === 0) this.#counted.roundTrips += 1;
    this.#counted.packets += requests.length;
    for (const request of requests) this.#inFlight.push(request);
    this.#write(bytes);
    if (this.#acks && !this.pipelining) this.#expectAck(bytes);
    if (this.trouble) this.#listen();
  }

  #sendQueued(): void {
    if (this.#inFlight.length > 0) return;
    const next = this.#queued.shift();
    if (next) this.#begin([next], next.raw);
  }

  #write(bytes: Buffer): void {
    if (this.ended) return;
    this.#counted.sent += bytes.length;
    this.#stream.write(bytes);
  }

  #expectAck(bytes: Buffer): void {
    clearTimeout(this.#timer);
    this.#resends = 0;
    const again = () => {
      if (this.trouble?.away?.()) this.#resends = 0;
      if (this.#resends++ < MAX_RESENDS) {
        this.#write(bytes);
        this.#timer = setTimeout(again, RESEND_MS);
      } else if (this.trouble) this.#fail(this.#whatIsWrong(this.trouble));
    };
    this.#timer = setTimeout(again, RESEND_MS);
  }

  /** Waits for the next bytes, where the stub owes some. */
  #listen(): void {
    clearTimeout(this.#silence);
    const { trouble } = this;
    const [first] = this.#inFlight;
    if (!trouble || !first || first.patient) return;
    this.#silence = setTimeout(() => {
      if (trouble.away?.()) this.#listen();
      else this.#fail(this.#whatIsWrong(trouble));
    }, trouble.silenceMs);
  }

  /** Nothing came back, or nothing that could be read. */
  #whatIsWrong(trouble: LineTrouble): Error {
    return this.#reader.noise > this.#noise || this.#damaged > 0 ? trouble.garbled() : trouble.silent();
  }

  #fail(error: Error): void {
    this.#error = error;
    this.close();
  }

  #data(chunk: Buffer): void {
    this.#counted.received += chunk.length;
    if (!this.#known && this.#opening.length < OPENING)
      this.#opening = Buffer.concat([this.#opening, chunk.subarray(0, OPENING)]);
    try {
      this.#reader.push(chunk, (item) => this.#take(item));
      if (this.trouble) this.#listen();
    } catch (error) {
      this.#error = error instanceof Error ? error : connectionErrors.protocolViolation(String(error));
      this.close();
    }
  }

  #take(item: RspItem): void {
    if (item.kind === 'packet') this.#packet(item);
    else if (item.kind === 'notification') this.onStray(item);
    else if (!this.#acks || item.kind === 'break') return;
    else if (item.kind === 'ack') clearTimeout(this.#timer);
    else this.#again();
  }

  #again(): void {
    const last = this.#inFlight.at(-1);
    if (last && this.#resends++ < MAX_RESENDS) this.#write(last.raw);
    else if (last && this.trouble) this.#fail(this.trouble.garbled());
  }

  #packet(packet: RspPacket): void {
    this.#known = true;
    if (this.#acks) {
      const intact = isIntact(packet);
      this.#write(intact ? ACK : NACK);
      if (!intact) {
        if (++this.#damaged > MAX_RESENDS && this.trouble) this.#fail(this.trouble.garbled());
        return;
      }
      this.#damaged = 0;
      this.#noise = this.#reader.noise;
      clearTimeout(this.#timer);
    }
    // Taken out first: what is asked because of an answer is waited for anew.
    const first = this.#inFlight.shift();
    if (!first) this.onStray(packet);
    else if (!first.answer(packet)) this.#inFlight.unshift(first);
    if (this.#queued.length > 0) this.#sendQueued();
  }

  #end(cause: Error | null): void {
    if (this.ended) return;
    this.#cause = cause;
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    const left = [...this.#inFlight, ...this.#queued];
    this.#inFlight = [];
    this.#queued = [];
    this.#posted = [];
    for (const { failed } of left) failed();
    for (const listener of this.#ended) listener(cause);
    this.#ended.clear();
  }
}
