import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MiRecord, MiSyntaxError, type MiTuple, type MiValue, parseRecord } from './parser.ts';
import { quote } from './quote.ts';

/** Tuples without prototype and plain objects are equal for the tests. */
const plain = (record: MiRecord): unknown => JSON.parse(JSON.stringify(record));

function write(value: MiValue): string {
  if (typeof value === 'string') return `"${value.replace(/[\\"\n\r\t]/g, (one) => ESCAPED[one] ?? one)}"`;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  return `{${members(value as MiTuple)}}`;
}

function members(tuple: MiTuple): string {
  return Object.entries(tuple)
    .map(([name, value]) => `${name}=${write(value ?? '')}`)
    .join(',');
}

const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const { tuple } = fc.letrec<{ value: MiValue; tuple: MiTuple }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    tie('tuple'),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
  tuple: fc.dictionary(name, tie('value'), { maxKeys: 5 }),
}));

describe('records', () => {
  test('come back as they were written', () => {
    fc.assert(
      fc.property(
        fc.option(fc.nat()),
        fc.constantFrom('^', '*', '=', '+'),
        name,
        tuple,
        (token, kind, word, values) => {
          const inner = members(values);
          const record = parseRecord(`${token ?? ''}${kind}${word}${inner ? `,${inner}` : ''}`);
          expect(record).toMatchObject({ token, name: word });
          if ('values' in record)
            expect(plain(record)).toMatchObject({ values: JSON.parse(JSON.stringify(values)) });
        },
      ),
    );
  });

  test('of any text are parsed or refused with a MiSyntaxError', () => {
    const alphabet = fc.constantFrom(...'^*=~&@"\\{}[],=a1-_0n(gdb) \u00e9');
    const texts = fc.oneof(fc.string({ unit: alphabet, maxLength: 60 }), fc.string({ unit: 'binary' }));
    fc.assert(fc.property(texts, parsesOrRefuses), { numRuns: 3000 });
  });

  test('with something broken in them are parsed or refused', () => {
    const edit = fc.tuple(fc.nat(400), fc.constantFrom('', '"', '\\', '{', ']', ',', '=', 'x'), fc.nat(3));
    fc.assert(
      fc.property(tuple, fc.array(edit, { minLength: 1, maxLength: 4 }), (values, edits) => {
        let line = `1^done,${members(values)}`;
        for (const [at, text, drop] of edits) {
          const where = at % (line.length + 1);
          line = line.slice(0, where) + text + line.slice(where + drop);
        }
        parsesOrRefuses(line);
      }),
      { numRuns: 2000 },
    );
  });

  test('nested without end are refused', () => {
    for (const open of ['[', '{a=', '[a={b=']) {
      expect(() => parseRecord(`^done,a=${open.repeat(100_000)}`)).toThrow(MiSyntaxError);
    }
  });

  test("are GDB's own", () => {
    expect(parseRecord('(gdb) ')).toEqual({ kind: 'prompt' });
    expect(parseRecord('~"caf\\303\\251 \\"x\\"\\n"')).toEqual({ kind: 'console', text: 'café "x"\n' });
    expect(plain(parseRecord('12^done,stack=[frame={level="0"},frame={level="1"}]'))).toMatchObject({
      token: 12,
      values: { stack: [{ level: '0' }, { level: '1' }] },
    });
    expect(plain(parseRecord('=breakpoint-modified,bkpt={script={"a","b"}}'))).toMatchObject({
      values: { bkpt: { script: { 0: 'a', 1: 'b' } } },
    });
    expect(plain(parseRecord('^done,bkpt={number="1"},{number="1.1"}'))).toMatchObject({
      values: { bkpt: { number: '1' }, 0: { number: '1.1' } },
    });
  });
});

test('quoted parameters come back through the parser', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!text.includes('\0'));
      const quoted = quote(text);
      const word = quoted.startsWith('"') ? quoted : `"${quoted}"`;
      expect(parseRecord(`~${word}`)).toEqual({ kind: 'console', text });
    }),
  );
});

function parsesOrRefuses(line: string): void {
  try {
    parseRecord(line);
  } catch (error) {
    expect(error).toBeInstanceOf(MiSyntaxError);
  }
}
