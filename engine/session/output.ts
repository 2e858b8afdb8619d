import type { OutputKind, OutputLink, SessionEvent } from '../protocol/session.ts';

/** Text of one event at most: small enough to be shown and resent in pieces, large enough to be few. */
const EVENT_TEXT_MAX = 64 * 1024;

/**
 * Puts pieces of output of one kind together into one event, for as long as the event loop's turn lasts:
 * a command that prints a line at a time costs few events, and nobody waits longer for it.
 */
export class OutputGatherer {
  readonly #emit: (event: SessionEvent) => void;
  #kind: OutputKind = 'normal';
  #text: string[] = [];
  #links: OutputLink[] = [];
  #length = 0;
  #timer: NodeJS.Immediate | null = null;

  constructor(emit: (event: SessionEvent) => void) {
    this.#emit = emit;
  }

  write(kind: OutputKind, text: string, links: readonly OutputLink[] = []): void {
    if (text === '') return;
    if (kind !== this.#kind) this.flush();
    for (const link of links)
      this.#links.push({ ...link, start: link.start + this.#length, end: link.end + this.#length });
    this.#kind = kind;
    this.#text.push(text);
    this.#length += text.length;
    if (this.#length >= EVENT_TEXT_MAX) this.flush();
    else this.#timer ??= setImmediate(() => this.flush());
  }

  /** What was written so far becomes an event now; every other event does this first. */
  flush(): void {
    if (this.#timer) clearImmediate(this.#timer);
    this.#timer = null;
    if (this.#length === 0) return;
    const text = this.#text.length === 1 ? (this.#text[0] ?? '') : this.#text.join('');
    const links = this.#links;
    this.#text = [];
    this.#links = [];
    this.#length = 0;
    for (let start = 0; start < text.length; start += EVENT_TEXT_MAX) {
      const own = linksWithin(links, start, Math.min(text.length, start + EVENT_TEXT_MAX));
      this.#emit({
        type: 'output',
        kind: this.#kind,
        text: text.slice(start, start + EVENT_TEXT_MAX),
        ...(own.length > 0 ? { links: own } : {}),
      });
    }
  }
}

/** Those of a piece of the text; one that is cut in two loses what is behind the cut. */
function linksWithin(links: readonly OutputLink[], from: number, to: number): OutputLink[] {
  return links
    .filter((link) => link.start >= from && link.start < to)
    .map((link) => ({ ...link, start: link.start - from, end: Math.min(link.end, to) - from }));
}
