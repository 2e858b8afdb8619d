/**
 * GDB's machine interface, version 3, one record per line. Written by hand for speed: strings are found with
 * `indexOf` and cut out, never walked by the character, because one answer may hold many megabytes.
 */

export type MiValue = string | MiTuple | readonly MiValue[];
export interface MiTuple {
  readonly [name: string]: MiValue | undefined;
}

export type MiRecord =
  | {
      readonly kind: 'result' | 'exec' | 'status' | 'notify';
      readonly token: number | null;
      /** `done`, `error`, `stopped`, `library-loaded`, … */
      readonly name: string;
      readonly values: MiTuple;
    }
  | { readonly kind: 'console' | 'target' | 'log'; readonly text: string }
  | { readonly kind: 'prompt' };

/** A line that is no MI record: GDB is broken, or something else writes to its standard output. */
export class MiSyntaxError extends Error {
  readonly offset: number;
  constructor(what: string, offset: number) {
    super(`${what} at column ${offset + 1} of a machine interface record`);
    this.name = 'MiSyntaxError';
    this.offset = offset;
  }
}

/** Deeper nesting than GDB ever prints; keeps hostile input from exhausting the stack. */
const MAX_DEPTH = 200;

const KINDS: Readonly<Record<string, 'result' | 'exec' | 'status' | 'notify'>> = {
  '^': 'result',
  '*': 'exec',
  '+': 'status',
  '=': 'notify',
};
const STREAMS: Readonly<Record<string, 'console' | 'target' | 'log'>> = {
  '~': 'console',
  '@': 'target',
  '&': 'log',
};

/** Parses one line without its line end; throws {@link MiSyntaxError}. */
export function parseRecord(line: string): MiRecord {
  if (line.startsWith('(gdb)')) return { kind: 'prompt' };
  const parser = new Parser(line);
  const stream = STREAMS[line[0] ?? ''];
  return stream ? parser.stream(stream) : parser.record();
}

class Parser {
  readonly #line: string;
  #at = 0;
  /** Where the next backslash is; looked up once for all the strings before it. */
  #backslash = -2;

  constructor(line: string) {
    this.#line = line;
  }

  stream(kind: 'console' | 'target' | 'log'): MiRecord {
    this.#at = 1;
    const text = this.#string();
    this.#end();
    return { kind, text };
  }

  record(): MiRecord {
    const token = this.#token();
    const kind = KINDS[this.#line[this.#at] ?? ''];
    if (!kind) throw this.#error('No record');
    this.#at += 1;
    const name = this.#name(false);
    const values: Record<string, MiValue> = Object.create(null);
    while (this.#take(44)) this.#member(values, 0, 0);
    this.#end();
    return { kind, token, name, values };
  }

  #token(): number | null {
    while (isDigit(this.#line.charCodeAt(this.#at))) this.#at += 1;
    return this.#at === 0 ? null : Number(this.#line.slice(0, this.#at));
  }

  #name(inTuple: boolean): string {
    const start = this.#at;
    for (;;) {
      const code = this.#line.charCodeAt(this.#at);
      if (!isNameCode(code)) break;
      this.#at += 1;
    }
    if (this.#at === start) throw this.#error(inTuple ? 'No name' : 'No class');
    return this.#line.slice(start, this.#at);
  }

  #value(depth: number): MiValue {
    const code = this.#line.charCodeAt(this.#at);
    if (code === 34) return this.#string();
    if (depth >= MAX_DEPTH) throw this.#error('Nesting too deep');
    if (code === 123) return this.#tuple(depth);
    if (code === 91) return this.#list(depth);
    throw this.#error('No value');
  }

  #tuple(depth: number): MiTuple {
    this.#at += 1;
    const values: Record<string, MiValue> = Object.create(null);
    if (this.#take(125)) return values;
    let index = 0;
    do {
      this.#member(values, depth + 1, index);
      index += 1;
    } while (this.#take(44));
    if (!this.#take(125)) throw this.#error('Tuple not closed');
    return values;
  }

  /** GDB prints a few tuples without names (`script={"a","b"}`); those get their index. */
  #member(into: Record<string, MiValue>, depth: number, index: number): void {
    if (isNameCode(this.#line.charCodeAt(this.#at))) {
      const name = this.#name(true);
      if (!this.#take(61)) throw this.#error('No =');
      into[name] = this.#value(depth);
    } else {
      into[String(index)] = this.#value(depth);
    }
  }

  /** Lists of results (`[frame={…},frame={…}]`) lose their names, which are all the same. */
  #list(depth: number): readonly MiValue[] {
    this.#at += 1;
    const values: MiValue[] = [];
    if (this.#take(93)) return values;
    do {
      if (isNameCode(this.#line.charCodeAt(this.#at))) {
        this.#name(true);
        if (!this.#take(61)) throw this.#error('No =');
      }
      values.push(this.#value(depth + 1));
    } while (this.#take(44));
    if (!this.#take(93)) throw this.#error('List not closed');
    return values;
  }

  #string(): string {
    const line = this.#line;
    if (line.charCodeAt(this.#at) !== 34) throw this.#error('No string');
    const start = this.#at + 1;
    let quote = line.indexOf('"', start);
    if (this.#backslash < start && this.#backslash !== -1) this.#backslash = line.indexOf('\\', start);
    const plain = this.#backslash === -1 || this.#backslash > quote;
    if (quote !== -1 && plain) {
      this.#at = quote + 1;
      return line.slice(start, quote);
    }
    const pieces: string[] = [];
    let from = start;
    let next = this.#backslash;
    while (quote !== -1 && next !== -1 && next < quote) {
      if (next > from) pieces.push(line.slice(from, next));
      this.#at = next;
      pieces.push(this.#escape());
      from = this.#at;
      if (quote < from) quote = line.indexOf('"', from);
      next = line.indexOf('\\', from);
    }
    this.#backslash = next;
    if (quote === -1) throw this.#error('String not closed');
    pieces.push(line.slice(from, quote));
    this.#at = quote + 1;
    return pieces.join('');
  }

  /** One escape; a run of octal ones is one piece of UTF-8. */
  #escape(): string {
    const line = this.#line;
    const code = line.charCodeAt(this.#at + 1);
    if (!isOctal(code)) {
      if (Number.isNaN(code)) throw this.#error('Escape not finished');
      this.#at += 2;
      return SIMPLE[String.fromCharCode(code)] ?? String.fromCharCode(code);
    }
    const bytes: number[] = [];
    while (line.charCodeAt(this.#at) === 92 && isOctal(line.charCodeAt(this.#at + 1))) {
      let value = 0;
      let digits = 0;
      this.#at += 1;
      while (digits < 3 && isOctal(line.charCodeAt(this.#at))) {
        value = value * 8 + line.charCodeAt(this.#at) - 48;
        digits += 1;
        this.#at += 1;
      }
      bytes.push(value & 255);
    }
    return Buffer.from(bytes).toString('utf8');
  }

  #take(code: number): boolean {
    if (this.#line.charCodeAt(this.#at) !== code) return false;
    this.#at += 1;
    return true;
  }

  #end(): void {
    if (this.#at !== this.#line.length) throw this.#error('Unexpected text');
  }

  #error(what: string): MiSyntaxError {
    return new MiSyntaxError(what, this.#at);
  }
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  a: '\x07',
  v: '\v',
  e: '\x1b',
};

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isOctal(code: number): boolean {
  return code >= 48 && code <= 55;
}

/** Letters, digits, `-`, `_`, `.`. */
function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    isDigit(code) ||
    code === 45 ||
    code === 95 ||
    code === 46
  );
}
