import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Console } from '../commands/testing/console.ts';
import { loopSource } from '../commands/testing/loop.ts';
import { compile } from '../gdb/testing/programs.ts';
import { parseMasm } from './parser.ts';

/** The same expressions each time; HAWSER_SEED for others. */
const SEED = Number(process.env.HAWSER_SEED ?? 7);

/** Precedence as the specification has it, and C's operator; every value is an unsigned long. */
const BINARY: readonly (readonly [masm: readonly string[], c: string, precedence: number])[] = [
  [['*'], '*', 7],
  [['+'], '+', 6],
  [['-'], '-', 6],
  [['=', '=='], '==', 4],
  [['!='], '!=', 4],
  [['<'], '<', 4],
  [['>'], '>', 4],
  [['<='], '<=', 4],
  [['>='], '>=', 4],
  [['and', '&'], '&', 3],
  [['xor', '^'], '^', 2],
  [['or', '|'], '|', 1],
];

interface Pair {
  readonly masm: string;
  /** With brackets everywhere. */
  readonly c: string;
  readonly precedence: number;
}

const UNARY = 9;
const number: fc.Arbitrary<Pair> = fc
  .tuple(fc.oneof(fc.bigInt({ min: 0n, max: 0xffn }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })), fc.nat(3))
  .map(([value, notation]) => ({
    masm:
      [`0x${value.toString(16)}`, `0n${value}`, `0t${value.toString(8)}`, `0y${value.toString(2)}`][
        notation
      ] ?? '0',
    c: `${value}UL`,
    precedence: 10,
  }));
const leaf: fc.Arbitrary<Pair> = fc.oneof(
  { arbitrary: number, weight: 4 },
  {
    arbitrary: fc.constantFrom(
      { masm: 'loop!g_count', c: '(unsigned long)&g_count', precedence: 10 },
      { masm: 'loop!work', c: '(unsigned long)&work', precedence: 10 },
      { masm: 'dwo(loop!g_count)', c: '(unsigned long)(unsigned int)g_count', precedence: 10 },
      { masm: 'poi(loop!g_table)', c: '*(unsigned long *)g_table', precedence: 10 },
      {
        masm: 'by(loop!g_message + 1)',
        c: '(unsigned long)*(unsigned char *)(g_message + 1)',
        precedence: 10,
      },
      { masm: 'wo loop!g_message', c: '(unsigned long)*(unsigned short *)g_message', precedence: UNARY },
      { masm: '@rsp', c: '(unsigned long)$rsp', precedence: 10 },
    ),
    weight: 1,
  },
);
const bracket = (pair: Pair, least: number): string =>
  pair.precedence < least ? `(${pair.masm})` : pair.masm;

const expression: fc.Arbitrary<Pair> = fc.letrec<{ any: Pair }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(fc.constantFrom(...BINARY), tie('any'), tie('any'), fc.nat(1))
      .map(([[spellings, c, precedence], left, right, which]) => ({
        masm: `${bracket(left, precedence)} ${spellings[which % spellings.length]} ${bracket(right, precedence + 1)}`,
        c: `((unsigned long)((${left.c}) ${c} (${right.c})))`,
        precedence,
      })),
    fc.tuple(fc.constantFrom('<<', '>>'), tie('any'), fc.nat(63)).map(([shift, left, count]) => ({
      masm: `${bracket(left, 5)} ${shift} 0n${count}`,
      c: `((unsigned long)((${left.c}) ${shift} ${count}))`,
      precedence: 5,
    })),
    fc
      .tuple(
        fc.constantFrom(['/', '/'], ['mod', '%'], ['%', '%']),
        tie('any'),
        fc.integer({ min: 1, max: 99 }),
      )
      .map(([[masm = '', c = ''], left, right]) => ({
        masm: `${bracket(left, 7)} ${masm} 0n${right}`,
        c: `((unsigned long)((${left.c}) ${c} ${right}UL))`,
        precedence: 7,
      })),
    fc
      .tuple(fc.constantFrom(['-', '-'], ['+', '+'], ['not ', '!']), tie('any'))
      .map(([[masm = '', c = ''], inner]) => ({
        masm: `${masm}${bracket(inner, UNARY)}`,
        c: `((unsigned long)(${c}(${inner.c})))`,
        precedence: UNARY,
      })),
    tie('any').map((inner) => ({
      masm: `low ${bracket(inner, UNARY)}`,
      c: `((${inner.c}) & 0xffffUL)`,
      precedence: UNARY,
    })),
    tie('any').map((inner) => ({
      masm: `hi ${bracket(inner, UNARY)}`,
      c: `(((${inner.c}) >> 16) & 0xffffUL)`,
      precedence: UNARY,
    })),
  ),
})).any;

describe('MASM expressions', () => {
  it('have the value that GDB gives them', { timeout: 240_000 }, async () => {
    const program = compile('loop.c', loopSource);
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: ['3'] });
    await console.run('g loop!work');
    const shown = async (line: string): Promise<string> => (await console.run(line)).trim();
    const count = process.env.HAWSER_FULL ? 10_000 : 1500;
    await fc.assert(
      fc.asyncProperty(expression, async ({ masm, c }) => {
        parseMasm(masm, 0, 16);
        const ours = /= ([0-9a-f]{8})`([0-9a-f]{8})$/.exec(await shown(`? ${masm}`));
        const gdbs = /= (\d+)$/.exec(await shown(`.gdb print/u ${c}`));
        expect(ours && BigInt(`0x${ours[1]}${ours[2]}`), `${masm}\n${c}`).toBe(gdbs && BigInt(gdbs[1] ?? ''));
      }),
      { numRuns: count, seed: SEED },
    );
  });
});
