import { engineErrors } from '../errors.ts';
import { signExtended } from './arithmetic.ts';
import type { CallArgument, Node, UnaryOperator } from './ast.ts';
import { parseNumber, type Radix } from './numbers.ts';
import { operatorAt } from './operators.ts';
import { parseSourceLine } from './source-line.ts';
import { keywordAt, skipBlanks, templateEnd, wordEnd } from './words.ts';

/** Deeper nesting is refused rather than left to the stack. */
const MAX_DEPTH = 200;

const UNARY_WORDS = [
  'not',
  'hi',
  'low',
  'by',
  'wo',
  'dwo',
  'qwo',
  'poi',
  '$pby',
  '$pwo',
  '$pdwo',
  '$pqwo',
  '$ppoi',
] as const;
const STRING_FUNCTIONS = new Set(['$scmp', '$sicmp', '$spat']);
const FUNCTIONS = new Set([...STRING_FUNCTIONS, '$iment', '$vvalid', '$fnsucc']);

export interface Parsed {
  readonly node: Node;
  /** Offset after the last character that belongs to the expression. */
  readonly end: number;
}

/**
 * Parses the longest MASM expression from `start` on; offsets of nodes and errors are those of `text`. `extend`: constants
 * from 80000000 to ffffffff have their sign extended, but for those with a grave, as it is with kernels.
 */
export function parseMasm(text: string, start: number, radix: Radix, extend = false): Parsed {
  const parser = new MasmParser(text, start, radix, extend);
  const node = parser.expression(0);
  return { node, end: parser.position };
}

class MasmParser {
  position: number;
  readonly #text: string;
  readonly #radix: Radix;
  readonly #extend: boolean;
  #depth = 0;

  constructor(text: string, start: number, radix: Radix, extend: boolean) {
    this.#extend = extend;
    this.#text = text;
    this.position = start;
    this.#radix = radix;
  }

  expression(above: number): Node {
    let left = this.#unary();
    for (;;) {
      const token = operatorAt(this.#text, this.position);
      if (!token || token.precedence <= above) return left;
      this.position = token.end;
      const right = this.expression(token.precedence);
      left = { kind: 'binary', operator: token.operator, left, right, at: left.at };
    }
  }

  #unary(): Node {
    const at = this.#skip();
    if (++this.#depth > MAX_DEPTH) this.#fail(at);
    const operator = this.#unaryOperator();
    const node: Node = operator ? { kind: 'unary', operator, operand: this.#unary(), at } : this.#operand(at);
    this.#depth--;
    return node;
  }

  #unaryOperator(): UnaryOperator | null {
    const sign = this.#text[this.position];
    if (sign === '+' || sign === '-') {
      this.position++;
      return sign;
    }
    const word = UNARY_WORDS.find((candidate) => keywordAt(this.#text, this.position, candidate));
    if (word) this.position += word.length;
    return word ?? null;
  }

  #operand(at: number): Node {
    const text = this.#text;
    switch (text[at]) {
      case '(':
        return this.#parenthesised();
      case '`':
        return this.#sourceLine(at);
      case '@':
        return this.#atSign(at);
      case '!':
        return this.#symbol(at);
      case '%':
        this.position++;
        return this.#operand(this.#skip());
      case '.':
        if (wordEnd(text, at + 1) > at + 1) this.#fail(at);
        this.position++;
        return { kind: 'register', name: '$ip', at };
      default:
        return this.#word(at);
    }
  }

  #parenthesised(): Node {
    this.position++;
    const node = this.expression(0);
    this.#expect(')');
    return node;
  }

  #sourceLine(at: number): Node {
    const close = this.#text.indexOf('`', at + 1);
    const parsed = close < 0 ? null : parseSourceLine(this.#text.slice(at + 1, close));
    if (!parsed) this.#fail(at);
    this.position = close + 1;
    return { kind: 'line', ...parsed, at };
  }

  #atSign(at: number): Node {
    const text = this.#text;
    const flip = /@@(c\+\+|masm)?\(/iy;
    flip.lastIndex = at;
    const match = flip.exec(text);
    if (match) return this.#otherEvaluator(at, flip.lastIndex - 1, match[1]?.toLowerCase() === 'masm');
    if (text.startsWith('@!"', at)) return this.#literalName(at);
    const end = wordEnd(text, at + 1);
    if (end === at + 1) this.#fail(at);
    this.position = end;
    return { kind: 'register', name: text.slice(at + 1, end).toLowerCase(), at };
  }

  #otherEvaluator(at: number, open: number, masm: boolean): Node {
    this.position = open;
    if (masm) return this.#parenthesised();
    const close = closingParenthesis(this.#text, open);
    if (close < 0) this.#fail(at);
    this.position = close + 1;
    return { kind: 'cpp', text: this.#text.slice(open + 1, close), at };
  }

  /** `!add`: a symbol, although it looks like a number. */
  #symbol(at: number): Node {
    const end = templateEnd(this.#text, at + 1, wordEnd(this.#text, at + 1));
    if (end === at + 1) this.#fail(at);
    this.position = end;
    return { kind: 'name', module: null, name: this.#text.slice(at + 1, end), literal: true, at };
  }

  #literalName(at: number): Node {
    const close = this.#text.indexOf('"', at + 3);
    if (close < 0) this.#fail(at);
    this.position = close + 1;
    return { kind: 'name', ...splitModule(this.#text.slice(at + 3, close)), literal: true, at };
  }

  #word(at: number): Node {
    const end = templateEnd(this.#text, at, wordEnd(this.#text, at));
    if (this.#text.slice(at).trim() === '') throw engineErrors.operandMissing(at);
    if (end === at) this.#fail(at);
    const word = this.#text.slice(at, end);
    this.position = end;
    const value = parseNumber(word, this.#radix);
    if (value !== null) {
      const extended = this.#extend && !word.includes('`') ? signExtended(value) : value;
      return { kind: 'number', value: extended, at };
    }
    if (/^[0-9]/.test(word) && !word.includes('!')) this.#fail(at);
    if (FUNCTIONS.has(word.toLowerCase()) && this.#text[end] === '(')
      return this.#call(at, word.toLowerCase());
    if (word.startsWith('$') && !word.includes('!'))
      return { kind: 'register', name: word.toLowerCase(), at };
    return { kind: 'name', ...splitModule(word), literal: false, at };
  }

  #call(at: number, name: string): Node {
    const args: CallArgument[] = [];
    this.position++;
    do {
      args.push(STRING_FUNCTIONS.has(name) ? this.#string() : this.expression(0));
      this.#skip();
    } while (this.#text[this.position] === ',' && ++this.position);
    this.#expect(')');
    return { kind: 'call', name, args, at };
  }

  #string(): CallArgument {
    const at = this.#skip();
    const quoted = /@"([^"]*)"|"((?:[^"\\]|\\.)*)"/y;
    quoted.lastIndex = at;
    const match = quoted.exec(this.#text);
    if (!match) this.#fail(at);
    this.position = quoted.lastIndex;
    // Behind an at-sign a backslash is a character like any other.
    const text = match[1] ?? (match[2] ?? '').replace(/\\(.)/g, '$1');
    return { kind: 'string', text, at };
  }

  #skip(): number {
    this.position = skipBlanks(this.#text, this.position);
    return this.position;
  }

  #expect(character: string): void {
    if (this.#text[this.#skip()] !== character) this.#fail(this.position);
    this.position++;
  }

  #fail(at: number): never {
    throw engineErrors.syntax(this.#text.slice(at).trimEnd(), at);
  }
}

function splitModule(word: string): { module: string | null; name: string } {
  const mark = word.indexOf('!');
  return mark < 0
    ? { module: null, name: word }
    : { module: word.slice(0, mark), name: word.slice(mark + 1) };
}

function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}
