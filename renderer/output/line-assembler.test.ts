import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineAssembler, MAX_LINE } from './line-assembler.ts';

/** Lines with their kinds, as a document would have them. */
function run(pieces: readonly (readonly [number, string])[], maxLines = 1000): [number, string][] {
  const assembler = new LineAssembler();
  const lines: [number, string][] = [];
  const drain = () => {
    const { parts, codes } = assembler.flush();
    const last = lines.at(-1);
    if (last) last[1] += parts[0];
    else expect(parts[0]).toBe('');
    for (const [i, code] of codes.entries()) lines.push([code, parts[i + 1] ?? '']);
  };
  for (const [code, text] of pieces) {
    for (let at = 0; at < text.length; ) {
      at = assembler.take(code, text, at, maxLines);
      if (assembler.lines >= maxLines) drain();
    }
  }
  drain();
  return lines;
}

test('pieces that end anywhere become whole lines', () => {
  expect(
    run([
      [0, 'one\ntw'],
      [0, 'o'],
      [0, '\n\nfour'],
    ]),
  ).toEqual([
    [0, 'one'],
    [0, 'two'],
    [0, ''],
    [0, 'four'],
  ]);
});

test('a piece of another kind begins its own line', () => {
  expect(
    run([
      [5, 'Name: '],
      [0, 'stopped\n'],
      [5, 'x'],
    ]),
  ).toEqual([
    [5, 'Name: '],
    [0, 'stopped'],
    [5, 'x'],
  ]);
});

test('the batch size changes nothing about the lines', () => {
  const pieces = fc.array(fc.tuple(fc.nat(2), fc.string({ unit: fc.constantFrom('a', 'b', '\n') })), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 5 }), (given, max) => {
      expect(run(given, max)).toEqual(run(given));
    }),
  );
});

test('text of one kind comes out as it went in', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '\n') })), (texts) => {
      const whole = texts.join('');
      const lines = run(texts.map((text) => [1, text] as const)).map(([, text]) => text);
      const expected = whole.split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(lines).toEqual(expected);
    }),
  );
});

test('a line without end is broken, and nothing of it is lost', () => {
  const lines = run([
    [0, 'x'.repeat(MAX_LINE + 10)],
    [0, 'y\nz'],
  ]);
  expect(lines.map(([, text]) => text.length)).toEqual([MAX_LINE, 11, 1]);
});

test('an ended line is not continued', () => {
  const assembler = new LineAssembler();
  assembler.take(0, 'a', 0, 9);
  assembler.endLine();
  assembler.take(0, 'b', 0, 9);
  expect(assembler.flush()).toEqual({ parts: ['', 'a', 'b'], codes: [0, 0] });
});
