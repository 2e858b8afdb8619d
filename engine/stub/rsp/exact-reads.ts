import type { Exchange, Outcome, Question } from './exchange.ts';
import { encodePacket, type RspPacket } from './packets.ts';

const MAX_KEPT = 4096;

/** Answers to questions as they were put. */
export class ExactReads {
  readonly #exchange: Exchange;
  /** Null: on its way. */
  readonly #answers = new Map<string, RspPacket | null>();
  /** What stays the same as long as the stub; null: on its way. */
  readonly #lasting = new Map<string, RspPacket | null>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  forget(): void {
    if (this.#answers.size > 0) this.#answers.clear();
  }

  /** What is on its way will not be taken. */
  dropped(): void {
    for (const [text, answer] of this.#lasting) if (answer === null) this.#lasting.delete(text);
  }

  forgetRegisters(): void {
    for (const key of this.#answers.keys()) if (key.includes(' p')) this.#answers.delete(key);
  }

  has(key: string): boolean {
    return this.#answers.has(key);
  }

  /** Something like it was asked for before. */
  hasLike(start: string, end: string): boolean {
    return [...this.#answers.keys()].some((key) => key.startsWith(start) && key.endsWith(end));
  }

  keep(key: string, answer: RspPacket): void {
    if (this.#answers.size < MAX_KEPT) this.#answers.set(key, answer);
  }

  serve(key: string): Outcome {
    return this.#serve(this.#answers.get(key));
  }

  serveLasting(text: string): Outcome {
    return this.#serve(this.#lasting.get(text));
  }

  #serve(kept: RspPacket | null | undefined): Outcome {
    if (kept === undefined) return 'pass';
    if (kept === null) return 'waiting';
    return this.#exchange.passed(kept);
  }

  /** A question to be sent whose answer is kept. */
  ahead(text: string): Question {
    this.#answers.set(text, null);
    return { raw: encodePacket(text), take: (answer) => void this.#answers.set(text, answer) };
  }

  lastingAhead(text: string): Question {
    this.#lasting.set(text, null);
    return { raw: encodePacket(text), take: (answer) => void this.#lasting.set(text, answer) };
  }
}
