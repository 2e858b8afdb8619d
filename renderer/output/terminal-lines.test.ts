import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TerminalLines } from './terminal-lines.ts';

const MANY = 10_000;

/** What a document shows that gets the batches. */
function shown(...pieces: readonly string[]): string[] {
  const lines = new TerminalLines();
  let doc: string[] = [];
  for (const piece of pieces) {
    lines.take(0, piece, 0, MANY);
    if (lines.empty) continue;
    const { parts, codes, erase = 0 } = lines.flush();
    expect(codes).toHaveLength(parts.length - 1);
    const last = doc.pop();
    const joined = (last ?? '').slice(0, (last ?? '').length - erase) + parts[0];
    doc = last === undefined ? parts.slice(1) : [...doc, joined, ...parts.slice(1)];
  }
  return doc;
}

test('plain text with the line ends of a terminal', () => {
  expect(shown('one\r\ntwo\r\n', '\r\nthree')).toEqual(['one', 'two', '', 'three']);
});

test.each([
  ['a carriage return writes over', 'loading 10%\rloading 90%\r\ndone', ['loading 90%', 'done']],
  ['a shorter line leaves the rest', 'abcdef\rxy\n', ['xycdef']],
  ['a backspace goes back', 'quot\b\bit\n', ['quit']],
  ['what is erased is gone', 'abcdef\r\x1b[Kxy\n', ['xy']],
  ['moves within the line', 'abc\x1b[2D_\x1b[3C!\n', ['a_c  !']],
  ['deletes and inserts', 'abcdef\x1b[4D\x1b[2P\x1b[1@X\n', ['abXef']],
  [
    'colours, titles, bells, character sets go',
    '\x1b[1;31mred\x1b[0m\x1b]0;title\x07\x07\x1b(B.\n',
    ['red.'],
  ],
  ['bracketed paste goes', '\x1b[?2004h(gdb) p 1\x1b[?2004l\r\n$1 = 1\r\n', ['(gdb) p 1', '$1 = 1']],
  ['a tabulator is text', 'a\tb\n', ['a\tb']],
])('%s', (_what, text, expected) => {
  expect(shown(text)).toEqual(expected);
});

test('an open line is changed in place', () => {
  expect(shown('(gdb) ', 'info', '\b\b\b\bbt', '\x1b[K', '\r\n#0')).toEqual(['(gdb) bt', '#0']);
  expect(shown('spin |', '\b/', '\b-', '\b\\')).toEqual(['spin \\']);
});

test('a line of its own ends what is open', () => {
  const lines = new TerminalLines();
  lines.take(0, '(gdb) ', 0, MANY);
  expect(lines.flush()).toEqual({ parts: ['', '(gdb) '], codes: [0] });
  lines.endLine();
  lines.take(7, 'Terminated.\n', 0, MANY);
  expect(lines.flush()).toEqual({ parts: ['', 'Terminated.'], codes: [7], erase: 0 });
  expect(lines.empty).toBe(true);
});

test('stops at as many lines as it is told', () => {
  const lines = new TerminalLines();
  expect(lines.take(0, 'a\nb\nc\n', 0, 2)).toBe(4);
  expect(lines.take(0, 'a\nb\nc\n', 4, 3)).toBe(6);
  expect(lines.flush().parts).toEqual(['', 'a', 'b', 'c']);
});

test('wherever the text is cut, the same is shown', () => {
  const unit = fc.constantFrom(
    'a',
    'bc',
    '\r',
    '\n',
    '\r\n',
    '\b',
    '\x1b[K',
    '\x1b[2C',
    '\x1b[31m',
    '\t',
    '\x1b]0;t\x07',
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 30 }), fc.array(fc.nat(80), { maxLength: 5 }), (units, cuts) => {
      const text = units.join('');
      const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
      const pieces = at.slice(1).map((end, i) => text.slice(at[i], end));
      // A line that is open and empty is there or not.
      const trimmed = (lines: string[]) => lines.join('\n').trimEnd();
      expect(trimmed(shown(...pieces))).toBe(trimmed(shown(text)));
    }),
  );
});
