/** A conversion of `.printf`: `%-8.3lx`. */
export interface Conversion {
  readonly kind: 'conversion';
  readonly flags: string;
  /** `*`: from an argument. */
  readonly width: number | '*' | null;
  readonly precision: number | '*' | null;
  readonly size: string;
  readonly letter: string;
}

export type Piece = Conversion | { readonly kind: 'text'; readonly text: string };

const CONVERSION =
  /%(?<flags>[-+ #0]*)(?<width>\*|\d{1,4})?(?:\.(?<precision>\*|\d{1,4})?)?(?:(?<size>I64|I32|hh|h|ll|l|w|I)?(?<letter>[diouxXcCsSeEfFgGpNy%])|(?<string>m(?:sa|su|a|u)))/y;

/** Longer fields are cut to it. */
const WIDEST = 1024;

/** A format's text and conversions in order. What is no conversion is text. */
export function parseFormat(format: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let text = '';
  for (let at = 0; at < format.length; ) {
    CONVERSION.lastIndex = at;
    const match = format[at] === '%' ? CONVERSION.exec(format) : null;
    if (!match) {
      text += format[at++];
      continue;
    }
    at = CONVERSION.lastIndex;
    const { flags = '', width, precision, size = '', letter = '', string = '' } = match.groups ?? {};
    if (letter === '%') {
      text += '%';
      continue;
    }
    if (text !== '') pieces.push({ kind: 'text', text });
    text = '';
    pieces.push({
      kind: 'conversion',
      flags,
      width: count(width),
      // A point alone is a precision of 0.
      precision: count(precision) ?? (match[0].includes('.') ? 0 : null),
      size,
      letter: string || letter,
    });
  }
  return text === '' ? pieces : [...pieces, { kind: 'text', text }];
}

function count(text: string | undefined): number | '*' | null {
  if (text === undefined) return null;
  return text === '*' ? '*' : Math.min(Number(text), WIDEST);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '"': '"',
  "'": "'",
  '\\': '\\',
  a: '\u0007',
  b: '\b',
};

/** C's escapes in a text. */
export function withoutEscapes(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{1,2})|([0-7]{1,3})|(.))/gis, (whole, hex, octal, character) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    return ESCAPES[character] ?? whole;
  });
}
