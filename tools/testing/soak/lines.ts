import type { NumberedEvent } from '../../../engine/protocol/session.ts';

const LINE = /^line (\d+) of the target/;

/** Looks that the target's own lines come whole and in order. */
export class Lines {
  last = 0;
  /** Characters of all output. */
  characters = 0;
  fault: string | null = null;
  #rest = '';

  take({ event }: NumberedEvent): void {
    if (event.type !== 'output') return;
    this.characters += event.text.length;
    if (event.kind !== 'debuggee') return;
    const lines = (this.#rest + event.text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line.trimEnd());
  }

  #line(text: string): void {
    const number = Number(LINE.exec(text)?.[1]);
    if (number !== this.last + 1) this.fault ??= `after line ${this.last}: ${text.slice(0, 80)}`;
    this.last = number;
  }
}
