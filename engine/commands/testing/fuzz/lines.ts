import fc from 'fast-check';
import { commandTable } from '../../table.ts';
import { transcripts } from '../transcripts/all.ts';

/** Lines that mean something: those of the transcripts, and the examples of the command reference. */
const VALID: readonly string[] = [
  ...transcripts.filter(({ program }) => program === undefined).flatMap(({ lines }) => lines),
  ...commandTable.flatMap(({ example, name }) => [name, example ?? name]),
].map((line) => line.replace(/LINE\(\w+\)/, '44').replaceAll('SCRIPTS', '/nowhere'));

const NAMES = commandTable.flatMap(({ name, aliases = [] }) => [name, ...aliases]);

/** What stands at the edges of things. */
const EDGES = [
  ...[
    '0',
    '-1',
    '1',
    'ffffffff`ffffffff',
    '80000000',
    '0n99999999999999999999',
    '0x',
    '0y2',
    '1f',
    '`',
    '10000000',
  ],
  ...[
    'L',
    'L?',
    'L-1',
    'L0',
    'L7fffffff',
    'L?ffffffffffffffff',
    '$t0',
    '$t20',
    '@$ip',
    '@rsp',
    '@nosuch',
    '.',
    '$p',
    '$ra',
  ],
  ...[
    'loop!work',
    'loop!',
    '!',
    'loop!*',
    '*',
    '?',
    '[',
    '[a-',
    '`loop.c:44`',
    '`:0`',
    '`',
    'poi(',
    'by',
    'hi',
    'not',
    'mod',
  ],
  ...[
    '"',
    '\\"',
    "'",
    '{',
    '}',
    '(',
    ')',
    ';',
    '|',
    '~',
    '~*',
    '~9',
    '~[',
    '|0',
    '||0',
    '@@(',
    '@@c++(',
    '@@masm(',
    '@!"',
    '/',
    '-',
  ],
  ...[
    '%p',
    '%',
    '%99999999d',
    '%ma',
    '\\n',
    '${',
    '${/v:',
    '${x}',
    '$u0',
    '$.u0=',
    '/x',
    '-x',
    '/1',
    '/w',
    '/c',
    '=',
    '==',
    ',',
  ],
  ...['\t', '\u0000', '\u007f', '\u00e9', '\u202e', '\ud83d\ude00', '\ud800'],
];

const token = fc.oneof(
  { arbitrary: fc.constantFrom(...EDGES), weight: 4 },
  { arbitrary: fc.constantFrom(...NAMES), weight: 2 },
  { arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16)), weight: 1 },
  { arbitrary: fc.string({ maxLength: 6 }), weight: 1 },
);
const valid = fc.constantFrom(...VALID);

type Mutation = (line: string) => string;
const at = (line: string, place: number): number => place % (line.length + 1);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fc.nat(), token).map(
    ([place, text]): Mutation =>
      (line) =>
        line.slice(0, at(line, place)) + text + line.slice(at(line, place)),
  ),
  fc.tuple(fc.nat(), fc.nat(8)).map(
    ([place, length]): Mutation =>
      (line) =>
        line.slice(0, at(line, place)) + line.slice(at(line, place) + length),
  ),
  fc.tuple(fc.nat(), token).map(
    ([place, text]): Mutation =>
      (line) => {
        const words = line.split(' ');
        words[place % words.length] = text;
        return words.join(' ');
      },
  ),
  fc.nat(3).map(
    (times): Mutation =>
      (line) =>
        Array(times + 2)
          .fill(line)
          .join('; '),
  ),
  valid.map(
    (other): Mutation =>
      (line) =>
        `${line}; ${other}`,
  ),
  fc.constantFrom<Mutation>(
    (line) => `.if (1) { ${line} }`,
    (line) => `.catch { ${line} }; .echo on`,
    (line) => `.for (r $t1 = 0; @$t1 < 3; r $t1 = @$t1 + 1) { ${line} }`,
    (line) => `.foreach (w { ${line} }) { .echo w }`,
    (line) => `.block { as /x x 5; ${line} ; .block { ${line} } }`,
    (line) => `~*e ${line}`,
    (line) => `~0 ${line}`,
    (line) => `j (1) '${line}' ; '${line}'`,
    (line) => line.toUpperCase(),
    (line) => line.replaceAll(' ', ''),
    (line) => line.slice(0, Math.ceil(line.length / 2)),
  ),
);

/** A line of commands: one that means something, the same mutated, or anything. */
export const commandLine: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: valid, weight: 2 },
  {
    arbitrary: fc
      .tuple(valid, fc.array(mutation, { minLength: 1, maxLength: 4 }))
      .map(([line, mutations]) => mutations.reduce((text, mutate) => mutate(text), line)),
    weight: 6,
  },
  {
    arbitrary: fc.array(token, { minLength: 1, maxLength: 12 }).map((tokens) => tokens.join(' ')),
    weight: 2,
  },
  {
    arbitrary: fc
      .tuple(fc.constantFrom(...NAMES), fc.array(token, { maxLength: 5 }))
      .map(([name, rest]) => [name, ...rest].join(' ')),
    weight: 3,
  },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 60 }), weight: 1 },
);
