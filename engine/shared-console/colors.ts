/** Remote.exe's sixteen colours, as terminals number them. */
const numbers = {
  black: 0,
  red: 1,
  green: 2,
  yellow: 3,
  blue: 4,
  purple: 5,
  cyan: 6,
  white: 7,
  lblack: 8,
  lred: 9,
  lgreen: 10,
  lyellow: 11,
  lblue: 12,
  lpurple: 13,
  lcyan: 14,
  lwhite: 15,
} as const;

export type ColorName = keyof typeof numbers;

export const colorNames = Object.keys(numbers) as readonly ColorName[];

export function colorName(word: string): ColorName | null {
  const name = word.trim().toLowerCase();
  return Object.hasOwn(numbers, name) ? (name as ColorName) : null;
}

export interface Colors {
  readonly text: ColorName | null;
  readonly background: ColorName | null;
}

/** The escape sequence that turns them on (ECMA-48, with the terminals' bright half). */
export function escapeOf({ text, background }: Colors): string {
  const codes: number[] = [];
  if (text) codes.push(numbers[text] < 8 ? 30 + numbers[text] : 82 + numbers[text]);
  if (background) codes.push(numbers[background] < 8 ? 40 + numbers[background] : 92 + numbers[background]);
  return codes.length > 0 ? `\x1b[${codes.join(';')}m` : '';
}

export const RESET = '\x1b[0m';

export interface Keyword extends Colors {
  /** In lower case. */
  readonly phrase: string;
}

export type ColorFile =
  | { readonly keywords: readonly Keyword[] }
  | { readonly line: number; readonly problem: string };

/** Pairs of lines: a phrase alone, then `TextColor[, BackgroundColor]`. Empty lines between pairs are passed over. */
export function parseColorFile(text: string): ColorFile {
  const keywords: Keyword[] = [];
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const phrase = (lines[at] ?? '').trim();
    if (phrase === '') continue;
    at++;
    const words = (lines[at] ?? '').split(',');
    const colors = words.map(colorName);
    const wrong = words[colors.indexOf(null)];
    if (wrong !== undefined || words.length > 2) {
      const what = words.length > 2 ? 'at most two colours' : `a colour, not '${wrong?.trim()}'`;
      return { line: at + 1, problem: `after '${phrase}' must come ${what}` };
    }
    keywords.push({ phrase: phrase.toLowerCase(), text: colors[0] ?? null, background: colors[1] ?? null });
  }
  return { keywords };
}

/** Colours whole lines by the phrases in them, the first that fits; text comes in pieces of any size. */
export class LinePainter {
  readonly #keywords: readonly Keyword[];
  readonly #ground: string;
  #open = '';

  constructor(keywords: readonly Keyword[], ground: Colors) {
    this.#keywords = keywords;
    this.#ground = escapeOf(ground);
  }

  /** Nothing to paint: text goes as it is. */
  get plain(): boolean {
    return this.#keywords.length === 0 && this.#ground === '';
  }

  paint(text: string): string {
    if (this.plain) return text;
    let out = '';
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      out += this.#line(text.slice(from, end), true);
      from = end + 1;
    }
    return from < text.length ? out + this.#line(text.slice(from), false) : out;
  }

  /** A line's end, and what came of it before: it is drawn again where its colour has changed. */
  #line(piece: string, whole: boolean): string {
    const line = this.#open + piece;
    const before = this.#escape(this.#open);
    const now = this.#escape(line);
    const again = this.#open !== '' && before !== now;
    this.#open = whole ? '' : line;
    return `${again ? `\r${now}${line}` : `${now}${piece}`}${now === '' ? '' : RESET}${whole ? '\n' : ''}`;
  }

  #escape(line: string): string {
    const lower = line.toLowerCase();
    const keyword = this.#keywords.find(({ phrase }) => lower.includes(phrase));
    return keyword ? escapeOf(keyword) : this.#ground;
  }
}
