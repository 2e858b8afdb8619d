import { type Assembler, type Batch, MAX_LINE } from './line-assembler.ts';

const ESC = 0x1b;
/** A sequence that is longer is none, and what there is of it goes. */
const LONGEST = 4096;

/**
 * Lines as a terminal's last one would show them: a carriage return goes back to the line's beginning, a backspace one place,
 * and what comes then replaces what stood there. Sequences that move in the line or erase in it are followed; colours, titles
 * and what a screen could do with the lines above is left out.
 */
export class TerminalLines implements Assembler {
  /** The line at work: its text, and where the next character goes. */
  #line = '';
  #column = 0;
  #code = 0;
  /** Lines that are finished, not in the document yet. */
  #texts: string[] = [];
  #codes: number[] = [];
  /** The document's last line, where it is the one at work. */
  #shown: string | null = null;
  /** A sequence that has begun. */
  #sequence = '';

  get lines(): number {
    return this.#texts.length;
  }

  get empty(): boolean {
    return this.#texts.length === 0 && this.#line === (this.#shown ?? '');
  }

  take(code: number, text: string, from: number, maxLines: number): number {
    if (this.#line === '') this.#code = code;
    let at = from;
    while (at < text.length && this.#texts.length < maxLines) {
      if (this.#sequence !== '') {
        this.#sequence += text[at++];
        this.#continue();
        continue;
      }
      const end = plainEnd(text, at);
      if (end > at) this.#put(text.slice(at, end));
      if (end < text.length) this.#control(text.charCodeAt(end));
      at = end + 1;
    }
    return Math.min(at, text.length);
  }

  endLine(): void {
    if (this.#line !== '' || this.#shown !== null) this.#finish();
  }

  flush(): Batch {
    const open = this.#line !== '' || (this.#shown !== null && this.#texts.length === 0);
    const texts = open ? [...this.#texts, this.#line] : this.#texts;
    const codes = open ? [...this.#codes, this.#code] : this.#codes;
    this.#texts = [];
    this.#codes = [];
    const shown = this.#shown;
    this.#shown = open ? this.#line : null;
    if (shown === null) return { parts: ['', ...texts], codes };
    const [first = ''] = texts;
    const same = commonStart(shown, first);
    return {
      parts: [first.slice(same), ...texts.slice(1)],
      codes: codes.slice(1),
      erase: shown.length - same,
    };
  }

  #put(text: string): void {
    const line = this.#line.padEnd(this.#column);
    this.#line = line.slice(0, this.#column) + text + line.slice(this.#column + text.length);
    this.#column += text.length;
    if (this.#line.length >= MAX_LINE) this.#finish();
  }

  #control(code: number): void {
    if (code === 0x0a) this.#finish();
    else if (code === 0x0d) this.#column = 0;
    else if (code === 0x08) this.#column = Math.max(0, this.#column - 1);
    else if (code === ESC) this.#sequence = '\x1b';
  }

  #finish(): void {
    this.#texts.push(this.#line);
    this.#codes.push(this.#code);
    this.#line = '';
    this.#column = 0;
  }

  /** Looks whether the sequence is whole. */
  #continue(): void {
    const sequence = this.#sequence;
    const kind = sequence[1] ?? '';
    const last = sequence.charCodeAt(sequence.length - 1);
    if (kind === '[') {
      if (sequence.length > 2 && last >= 0x40 && last <= 0x7e) this.#move(sequence);
      else if (sequence.length < LONGEST) return;
    } else if (kind === ']' || kind === 'P' || kind === '^' || kind === '_') {
      // A title or such: to BEL, or ESC and a backslash.
      const over = last === 0x07 || (sequence.length > 2 && sequence.endsWith('\x1b\\'));
      if (!over && sequence.length < LONGEST) return;
    } else if ((kind === '(' || kind === ')' || kind === '#') && sequence.length < 3) return;
    this.#sequence = '';
  }

  #move(sequence: string): void {
    const [, digits = ''] = /^\[(\d*)/.exec(sequence.slice(1)) ?? [];
    const count = Math.min(MAX_LINE, Math.max(1, Number(digits)));
    const before = this.#line.slice(0, this.#column);
    switch (sequence.at(-1)) {
      case 'C':
        this.#column = Math.min(MAX_LINE, this.#column + count);
        return;
      case 'D':
        this.#column = Math.max(0, this.#column - count);
        return;
      case 'G':
        this.#column = count - 1;
        return;
      case 'P':
        this.#line = before + this.#line.slice(this.#column + count);
        return;
      case '@':
        this.#line = before + ' '.repeat(count) + this.#line.slice(this.#column);
        return;
      case 'K':
        if (digits === '1') this.#line = ' '.repeat(before.length) + this.#line.slice(this.#column);
        else this.#line = digits === '2' ? '' : before;
        return;
      case 'J':
        if (digits === '' || digits === '0') this.#line = before;
    }
  }
}

/** Up to the next control character; a tabulator is text. */
function plainEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return at;
  }
  return text.length;
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}
