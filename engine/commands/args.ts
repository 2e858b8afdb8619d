import { engineErrors } from '../errors.ts';
import { isWordCharacter, skipBlanks } from '../expressions/words.ts';

/** The arguments of one command: a cursor over its part of the line. Offsets are those of the whole line. */
export class Args {
  readonly line: string;
  readonly end: number;
  position: number;

  constructor(line: string, start: number, end: number) {
    this.line = line;
    this.position = start;
    this.end = end;
  }

  /** The text that expressions are parsed from: nothing of the next command. */
  get text(): string {
    return this.line.slice(0, this.end);
  }

  /** Moves over blanks; true when nothing is left. */
  get done(): boolean {
    this.position = Math.min(skipBlanks(this.line, this.position), this.end);
    return this.position >= this.end;
  }

  /** What is left, without blanks at its ends. */
  peekRest(): string {
    return this.done ? '' : this.line.slice(this.position, this.end).trim();
  }

  rest(): string {
    const text = this.peekRest();
    this.position = this.end;
    return text;
  }

  /** Takes a match at the next non-blank; the pattern must be sticky (`/…/y`). */
  match(pattern: RegExp): RegExpExecArray | null {
    if (this.done) return null;
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match) this.position = pattern.lastIndex;
    return match;
  }

  /** Takes the literal at the next non-blank. */
  take(literal: string): boolean {
    if (this.done || !this.text.startsWith(literal, this.position)) return false;
    this.position += literal.length;
    return true;
  }

  /** Up to the next blank. */
  word(): string | null {
    return this.match(/\S+/y)?.[0] ?? null;
  }

  /** `"…"` with `\"` inside, or null. An open quote runs to the end. */
  quoted(): string | null {
    const match = this.match(/"((?:[^"\\]|\\.)*)(?:"|$)/y);
    return match ? (match[1] ?? '').replace(/\\"/g, '"') : null;
  }

  /** A decimal number that stands by itself (breakpoint ids, indexes). */
  decimal(): number | null {
    const match = this.match(/\d+/y);
    if (!match) return null;
    if (isWordCharacter(this.text[this.position])) this.fail(this.position - match[0].length);
    return Number(match[0]);
  }

  /** Nothing may be left. */
  expectEnd(): void {
    if (!this.done) this.fail(this.position);
  }

  /** Offset of the next non-blank: where an error in what comes next is. */
  get next(): number {
    return this.done ? this.end : this.position;
  }

  /** `Syntax error at '…'` at the first non-blank from the offset on, the cursor by default. */
  fail(from = this.position): never {
    const at = Math.min(skipBlanks(this.line, from), this.end);
    throw engineErrors.syntax(this.text.slice(at).trimEnd(), at);
  }
}
