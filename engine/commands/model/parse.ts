import { engineErrors } from '../../errors.ts';

/** An expression over the object model. */
export type ModelExpression =
  | { readonly kind: 'value'; readonly value: bigint | string | boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: ModelExpression; readonly name: string }
  | { readonly kind: 'index'; readonly of: ModelExpression; readonly index: ModelExpression }
  | {
      readonly kind: 'call';
      readonly of: ModelExpression;
      readonly name: string;
      readonly args: readonly ModelExpression[];
    }
  | { readonly kind: 'lambda'; readonly name: string; readonly body: ModelExpression }
  | { readonly kind: 'new'; readonly members: readonly (readonly [string, ModelExpression])[] }
  | { readonly kind: 'not' | 'minus'; readonly of: ModelExpression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: ModelExpression;
      readonly right: ModelExpression;
    };

const TOKEN =
  /\s*(?:(0x[0-9a-f]+|\d+)|("(?:[^"\\]|\\.)*")|(@?\$?[A-Za-z_][\w$]*)|(=>|==|!=|<=|>=|&&|\|\||[-+*/%<>!()[\]{}.,=]))/iy;
const BINARY = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];
const DEEPEST = 50;
/** What stands in a row nests when it is evaluated. */
const LONGEST = 4096;

/** @throws HawserError `SYNTAX`, `TOO_MUCH` */
export function parseModel(text: string): ModelExpression {
  if (text.length > LONGEST) throw engineErrors.tooMuch('The expression', LONGEST, 'characters');
  const parser = new Parser(text);
  const expression = parser.expression(0);
  parser.end();
  return expression;
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  end(): void {
    if (this.#text.slice(this.#at).trim() !== '') this.#fail();
  }

  expression(level: number): ModelExpression {
    if (++this.#depth > DEEPEST * BINARY.length) this.#fail();
    const operators = BINARY[level];
    let left = operators ? this.expression(level + 1) : this.#unary();
    while (operators) {
      const operator = operators.find((each) => this.#take(each));
      if (operator === undefined) break;
      left = { kind: 'binary', operator, left, right: this.expression(level + 1) };
    }
    this.#depth--;
    return left;
  }

  #unary(): ModelExpression {
    const sign = this.#take('!') ? 'not' : this.#take('-') ? 'minus' : null;
    if (sign === null) return this.#postfix();
    if (++this.#depth > DEEPEST * BINARY.length) this.#fail();
    const of = this.#unary();
    this.#depth--;
    return { kind: sign, of };
  }

  #postfix(): ModelExpression {
    let of = this.#primary();
    for (;;) {
      if (this.#take('.')) {
        const name = this.#next().name ?? this.#fail();
        of = this.#take('(')
          ? { kind: 'call', of, name, args: this.#list(')') }
          : { kind: 'member', of, name };
      } else if (this.#take('[')) {
        of = { kind: 'index', of, index: this.expression(0) };
        this.#expect(']');
      } else return of;
    }
  }

  #primary(): ModelExpression {
    const { number, string, name, sign } = this.#next();
    if (number !== undefined) return { kind: 'value', value: BigInt(number) };
    if (string !== undefined) return { kind: 'value', value: string.slice(1, -1).replace(/\\(.)/g, '$1') };
    if (name === 'true' || name === 'false') return { kind: 'value', value: name === 'true' };
    if (name === 'new' && this.#take('{')) return { kind: 'new', members: this.#members() };
    if (name !== undefined)
      return this.#take('=>') ? { kind: 'lambda', name, body: this.expression(0) } : { kind: 'name', name };
    if (sign !== '(') this.#fail();
    const inner = this.expression(0);
    this.#expect(')');
    return inner;
  }

  #members(): (readonly [string, ModelExpression])[] {
    const members: (readonly [string, ModelExpression])[] = [];
    while (!this.#take('}')) {
      const name = this.#next().name ?? this.#fail();
      this.#expect('=');
      members.push([name, this.expression(0)]);
      this.#take(',');
    }
    return members;
  }

  #list(end: string): ModelExpression[] {
    const list: ModelExpression[] = [];
    while (!this.#take(end)) {
      list.push(this.expression(0));
      if (!this.#take(',')) {
        this.#expect(end);
        return list;
      }
    }
    return list;
  }

  #read(): { readonly token: RegExpExecArray | null; readonly end: number } {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text);
    return { token, end: TOKEN.lastIndex };
  }

  #next() {
    const { token, end } = this.#read();
    if (!token) this.#fail();
    this.#at = end;
    const [, number, string, name, sign] = token;
    return { number, string, name, sign };
  }

  #take(sign: string): boolean {
    const { token, end } = this.#read();
    if (token?.[4] !== sign) return false;
    this.#at = end;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) this.#fail();
  }

  #fail(): never {
    throw engineErrors.syntax(this.#text.slice(this.#at).trimStart(), this.#at);
  }
}
