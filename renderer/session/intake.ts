import type { NumberedEvent } from '../../engine/protocol/session.ts';

/**
 * Sees to it that the session's events are taken once and in order. What is missing without a word from the
 * other end is said here, as a `dropped` event.
 */
export class Intake {
  #last: number;

  constructor(after: number) {
    this.#last = after;
  }

  get last(): number {
    return this.#last;
  }

  accept(events: readonly NumberedEvent[]): NumberedEvent[] {
    const taken: NumberedEvent[] = [];
    for (const numbered of events) this.#one(numbered, taken);
    return taken;
  }

  #one(numbered: NumberedEvent, taken: NumberedEvent[]): void {
    const { seq, time, event } = numbered;
    const end = event.type === 'dropped' ? Math.max(seq, event.to) : seq;
    if (end <= this.#last) return;
    const from = this.#last + 1;
    const first = event.type === 'dropped' ? event.from : seq;
    if (first > from) taken.push({ seq: first - 1, time, event: { type: 'dropped', from, to: first - 1 } });
    taken.push(numbered);
    this.#last = end;
  }
}
