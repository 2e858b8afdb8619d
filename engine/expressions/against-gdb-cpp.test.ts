import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Console } from '../commands/testing/console.ts';
import { loopSource } from '../commands/testing/loop.ts';
import { compile } from '../gdb/testing/programs.ts';

/** The same expressions each time; HAWSER_SEED for others. */
const SEED = Number(process.env.HAWSER_SEED ?? 7);

/** An expression as WinDbg's C++ evaluator takes it, and as GDB does, with brackets everywhere. */
interface Pair {
  readonly ours: string;
  readonly gdb: string;
  readonly precedence: number;
}

const POSTFIX = 16;
const UNARY = 15;
const plain = (text: string, precedence = POSTFIX): Pair => ({ ours: text, gdb: `(${text})`, precedence });
const pair = (ours: string, gdb: string, precedence = POSTFIX): Pair => ({
  ours,
  gdb: `(${gdb})`,
  precedence,
});

const number: fc.Arbitrary<Pair> = fc
  .tuple(fc.oneof(fc.nat(9), fc.nat(0x7fffffff)), fc.nat(4))
  .map(([value, how]) =>
    plain(
      [`${value}`, `0x${value.toString(16)}`, `0${value.toString(8)}`, `${value}u`, `${value}L`][how] ?? '0',
    ),
  );

const leaf: fc.Arbitrary<Pair> = fc.oneof(
  { arbitrary: number, weight: 3 },
  {
    arbitrary: fc.constantFrom(
      ...[
        'g_count',
        'g_mask',
        'g_table[2]',
        'g_message[1]',
        'g_head->value',
        'g_head->flags',
        'g_head->inner.low',
      ].map((text) => plain(text)),
      ...['g_head->next->rest', 'g_head->color', 'sum', 'n', 'label[0]', "'A'", '(*g_head).value'].map(
        (text) => plain(text),
      ),
      plain('*(g_table + 1)', UNARY),
      plain('*&g_count', UNARY),
      pair('sizeof(struct node)', '(unsigned long)sizeof(struct node)'),
      pair('sizeof g_table', '(unsigned long)sizeof g_table', UNARY),
      pair('sizeof(node)', '(unsigned long)sizeof(struct node)'),
      pair('sizeof(loop!node *)', '(unsigned long)sizeof(struct node *)'),
      pair('((loop!node *)loop!g_head)->next->value', 'g_head->next->value'),
      pair('(loop!color)g_head->flags', '(enum color)g_head->flags', UNARY),
      pair('loop!g_count', 'g_count'),
      pair('@rsp', '(unsigned long)$rsp'),
      pair('@eax', '(unsigned long)(unsigned int)$eax'),
      pair('@$ip', '(unsigned long)$rip'),
      pair('@$t3', '0x1234UL'),
      pair('@@masm(1f + poi(loop!g_table))', '0x1fUL + *(unsigned long *)g_table'),
      pair('@@(low dwo(loop!g_mask))', '(unsigned long)(g_mask & 0xffff)'),
      pair('#FIELD_OFFSET(struct node, inner.tag)', '(unsigned long)&((struct node *)0)->inner.tag'),
      pair('#RTL_NUMBER_OF(g_table)', '(unsigned long)sizeof(g_table) / sizeof(g_table[0])'),
    ),
    weight: 4,
  },
);

const BINARY: readonly (readonly [operator: string, precedence: number])[] = [
  ...(['*'] as const).map((operator) => [operator, 13] as const),
  ...(['+', '-'] as const).map((operator) => [operator, 12] as const),
  ...(['<', '>', '<=', '>='] as const).map((operator) => [operator, 10] as const),
  ...(['==', '!='] as const).map((operator) => [operator, 9] as const),
  ['&', 8],
  ['^', 7],
  ['|', 6],
  ['&&', 5],
  ['||', 4],
];
const bracket = ({ ours, precedence }: Pair, least: number): string =>
  precedence < least ? `(${ours})` : ours;

const expression: fc.Arbitrary<Pair> = fc.letrec<{ any: Pair }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(fc.constantFrom(...BINARY), tie('any'), tie('any'), fc.boolean())
      .map(([[operator, precedence], left, right, close]) => {
        // `a - -b` is not `a--b`.
        const blank = close && !/[-+&*]/.test(operator) ? '' : ' ';
        return pair(
          `${bracket(left, precedence)}${blank}${operator}${blank}${bracket(right, precedence + 1)}`,
          `${left.gdb} ${operator} ${right.gdb}`,
          precedence,
        );
      }),
    fc
      .tuple(fc.constantFrom('/', '%'), tie('any'), fc.integer({ min: 1, max: 99 }))
      .map(([operator, left, right]) =>
        pair(`${bracket(left, 13)} ${operator} ${right}`, `${left.gdb} ${operator} ${right}`, 13),
      ),
    fc
      .tuple(fc.constantFrom('<<', '>>'), tie('any'), fc.nat(7))
      .map(([operator, left, right]) =>
        pair(
          `(long)${bracket(left, UNARY)} ${operator} ${right}`,
          `((long)${left.gdb}) ${operator} ${right}`,
          11,
        ),
      ),
    fc
      .tuple(fc.constantFrom('-', '~', '!'), tie('any'))
      .map(([operator, inner]) => pair(`${operator}(${inner.ours})`, `${operator}${inner.gdb}`, UNARY)),
    fc
      .tuple(
        fc.constantFrom(
          'char',
          'unsigned char',
          'short',
          'unsigned short',
          'int',
          'unsigned int',
          'long',
          'unsigned long',
        ),
        tie('any'),
      )
      .map(([type, inner]) => pair(`(${type})${bracket(inner, UNARY)}`, `(${type})${inner.gdb}`, UNARY)),
    fc
      .tuple(tie('any'), tie('any'), tie('any'))
      .map(([test, yes, no]) =>
        pair(`(${test.ours} ? ${yes.ours} : ${no.ours})`, `${test.gdb} ? ${yes.gdb} : ${no.gdb}`),
      ),
  ),
})).any;

/** The number of what `??` shows: `int 0n-5`, `unsigned int64 0x12`, `char 65 'A'`, `bool true`, `color green (0n5)`. */
function shownNumber(text: string): bigint | null {
  const bool = /^bool (true|false)$/.exec(text)?.[1];
  if (bool) return bool === 'true' ? 1n : 0n;
  const [, sign = '', decimal, hex, bare] =
    /(?:^| |\()(-?)(?:0n(-?\d+)|0x([0-9a-f`]+)|(\d+))(?: '.*'|\))?$/.exec(text) ?? [];
  const digits = decimal ?? bare;
  const value =
    hex !== undefined ? BigInt(`0x${hex.replace('`', '')}`) : digits !== undefined ? BigInt(digits) : null;
  return value === null ? null : BigInt.asUintN(64, sign === '-' ? -value : value);
}

describe('C++ expressions', () => {
  it('have the value that GDB gives them, by ?? and within MASM', { timeout: 240_000 }, async () => {
    const program = compile('loop.c', loopSource);
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: ['3'] });
    await console.run(`g \`loop.c:${program.line('/* count */')}\``);
    await console.run('r $t3 = 1234');
    const shown = async (line: string): Promise<string> => (await console.run(line)).trim();
    await fc.assert(
      fc.asyncProperty(expression, async ({ ours, gdb }) => {
        const expected = /= (-?\d+)$/.exec(await shown(`.gdb print (long long)${gdb}`))?.[1];
        const wanted = expected === undefined ? null : BigInt.asUintN(64, BigInt(expected));
        expect(wanted, gdb).not.toBeNull();
        expect(shownNumber(await shown(`?? ${ours}`)), `${ours}\n${gdb}`).toBe(wanted);
        const masm = /= ([0-9a-f]{8})`([0-9a-f]{8})$/.exec(await shown(`? @@c++(${ours}) + 0`));
        expect(masm && BigInt(`0x${masm[1]}${masm[2]}`), `? @@c++(${ours})`).toBe(wanted);
      }),
      process.env.HAWSER_FULL ? { numRuns: 10_000, seed: SEED } : { numRuns: 800, seed: SEED },
    );
  });
});
