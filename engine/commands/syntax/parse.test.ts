import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandNames } from '../names.ts';
import { commandTable } from '../table.ts';
import { choices } from './choice.ts';
import { commandsIn } from './commands-in.ts';
import { parseStatements } from './parse.ts';
import type { Span } from './scan.ts';
import type { Statement } from './statement.ts';

const names = new CommandNames(commandTable);
const whole = (line: string): Span => ({ start: 0, end: line.length });

/** A statement with the texts of its parts, nested ones read too. */
function shape(line: string, statement: Statement): unknown {
  const text = (span: Span | null): string | null =>
    span === null ? null : line.slice(span.start, span.end).trim();
  const inner = (span: Span): unknown[] => parse(line, span);
  switch (statement.kind) {
    case 'command':
      return text(statement);
    case 'if':
      return ['if', ...statement.branches.map(({ condition, body }) => [text(condition), inner(body)])];
    case 'for':
      return [
        'for',
        text(statement.init),
        text(statement.condition),
        statement.steps.map(text),
        inner(statement.body),
      ];
    case 'while':
    case 'do':
      return [statement.kind, text(statement.condition), inner(statement.body)];
    case 'block':
    case 'catch':
      return [statement.kind, inner(statement.body)];
    case 'foreach':
      return [
        'foreach',
        statement.variable,
        text(statement.skipFirst),
        text(statement.skipBetween),
        statement.from,
        statement.from === 'commands' ? inner(statement.source) : text(statement.source),
        inner(statement.body),
      ];
    case 'j':
      return ['j', text(statement.rest)];
    case 'z':
      return ['z', text(statement.condition)];
    case 'error':
      return ['error', statement.error.message];
    default:
      return [statement.kind];
  }
}

const parse = (line: string, span = whole(line)): unknown[] =>
  parseStatements(line, span, names).map((statement) => shape(line, statement));

describe('statements of a line', () => {
  it.each([
    ['k; r', ['k', 'r']],
    [';; k ;', ['k']],
    ['.echo "a;b"; k', ['.echo "a;b"', 'k']],
    ['$$ a comment; k', ['k']],
    ['k; $$ a comment', ['k']],
    ['k; * all of this; r', ['k']],
    ['k $$ r', ['k $$ r']],
    ['.if (1) { k; r } r', [['if', ['(1)', ['k', 'r']]], 'r']],
    ['.if @$t0 = 3 { k }', [['if', ['@$t0 = 3', ['k']]]]],
    ['.IF(1){k}.ELSE{r}', [['if', ['(1)', ['k']], [null, ['r']]]]],
    [
      '.if (a) {k} .elsif (b) {} .elsif (c) {u}; .else {r}; d',
      [['if', ['(a)', ['k']], ['(b)', []], ['(c)', ['u']], [null, ['r']]], 'd'],
    ],
    // Lines of a script put together.
    ['.if (1);{;k;};.else;{;r;}', [['if', ['(1)', ['k']], [null, ['r']]]]],
    ['.if ($scmp("}", "{")) { k }', [['if', ['($scmp("}", "{"))', ['k']]]]],
    [
      '.for (r $t0=0; @$t0 < (3); r $t0=@$t0+1; k) { .if (1) { .break } }',
      [['for', 'r $t0=0', '@$t0 < (3)', ['r $t0=@$t0+1', 'k'], [['if', ['(1)', [['break']]]]]]],
    ],
    ['.for (;;) {}', [['for', '', '', [''], []]]],
    ['.while (1) { .continue; k }', [['while', '(1)', [['continue'], 'k']]]],
    ['.do { k } (@$t0 = 1); r', [['do', '(@$t0 = 1)', ['k']], 'r']],
    ['.block { .block { k } }', [['block', [['block', ['k']]]]]],
    ['.catch { k; .leave }; r', [['catch', ['k', ['leave']]], 'r']],
    [
      '.foreach /pS 1 /ps 2 (x { lm; k }) { .echo x }',
      [['foreach', 'x', '1', '2', 'commands', ['lm', 'k'], ['.echo x']]],
    ],
    ['.foreach /s (x "a b") { .echo x }', [['foreach', 'x', null, null, 'string', 'a b', ['.echo x']]]],
    ['.foreach (x {.echo (1}) {k}', [['foreach', 'x', null, null, 'commands', ['.echo (1'], ['k']]]],
    ["j (1) 'k; r' ; 'u'", [['j', "(1) 'k; r' ; 'u'"]]],
    ['.block { j 1 k ; r }; u', [['block', [['j', '1 k ; r']]], 'u']],
    ['r $t0=1; z(@$t0); k', ['r $t0=1', ['z', '(@$t0)'], 'k']],
    ['.sympath a;b', ['.sympath a;b']],
    ['.block { .sympath a;b }; k', [['block', ['.sympath a;b']], 'k']],
    ['~1 .sympath a;b', ['~1 .sympath a;b']],
    ['~*e k;r', ['~*e k;r']],
  ])('%s', (line, expected) => {
    expect(parse(line)).toEqual(expected);
  });

  it.each([
    ['k; .if (1) k', ['k', ['error', "Syntax error at ''"]]],
    ['.if (1) { k', [['error', "Syntax error at '{ k'"]]],
    ['.if { k }', [['error', "Syntax error at '{ k }'"]]],
    ['.else { k }', [['error', 'There is no .if before this .else']]],
    ['.for (1; 2) { k }', [['error', "Syntax error at ') { k }'"]]],
    ['.do { k }', [['error', "Syntax error at ''"]]],
    ['z', [['error', "Syntax error at ''"]]],
    ['k; z ; r', ['k', ['error', "Syntax error at ''"]]],
    ['.block k', [['error', "Syntax error at 'k'"]]],
    ['.break now', [['error', "Syntax error at 'now'"]]],
    ['.foreach (x) { k }', [['error', "Syntax error at ') { k }'"]]],
    ['.foreach x { k }', [['error', "Syntax error at 'x { k }'"]]],
  ])('%s is malformed', (line, expected) => {
    expect(parse(line)).toEqual(expected);
  });

  it.each([
    [" 'a; b' ; 'c'", 'a; b', 'c'],
    [" ''; 'gc'", '', 'gc'],
    [' a ; b ; c', 'a ', 'b '],
    [" 'a'", 'a', ''],
    [" 'a", 'a', ''],
    ['', '', ''],
  ])('the choices of j:%s', (rest, first, second) => {
    const texts = choices(rest, 0, rest.length).map(({ start, end }) => rest.slice(start, end));
    expect(texts).toEqual([first, second]);
  });

  it('names the commands within blocks too', () => {
    const found = commandsIn('.if (1) { .restart } .else { nosuch }; k', names);
    expect(found.map((match) => match?.entry.name ?? null)).toEqual([null, '.restart', null, 'k']);
  });
});

/** Programs of the language, and what reading them has to come to. */
const command = fc
  .constantFrom('k', 'r $t0=5', '.echo "a; b {"', 'bp main', 'lm m x*', '? 1+2')
  .map((text) => ({ text, shape: text as unknown }));
const condition = fc.constantFrom('(1)', '@$t0 < 5', '($scmp("{;", "a"))', '(a = (b))');
const blank = fc.constantFrom('', ' ', '  ');
const program: fc.Arbitrary<{ text: string; shape: unknown }[]> = fc.letrec((tie) => ({
  block: fc.array(tie('statement') as fc.Arbitrary<{ text: string; shape: unknown }>, { maxLength: 3 }),
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    command,
    fc
      .tuple(fc.constantFrom('while', 'if'), condition, blank, tie('block') as typeof program)
      .map(([name, test, gap, body]) => ({
        text: `.${name} ${test}${gap}{ ${text(body)} }`,
        shape: name === 'if' ? ['if', [test, shapes(body)]] : ['while', test, shapes(body)],
      })),
    fc
      .tuple(condition, tie('block') as typeof program, tie('block') as typeof program, blank)
      .map(([test, yes, no, gap]) => ({
        text: `.if ${test} {${text(yes)}}${gap}.else${gap}{${text(no)}}`,
        shape: ['if', [test, shapes(yes)], [null, shapes(no)]],
      })),
    fc.tuple(condition, tie('block') as typeof program).map(([test, body]) => ({
      text: `.do {${text(body)}} ${test}`,
      shape: ['do', test, shapes(body)],
    })),
    (tie('block') as typeof program).map((body) => ({
      text: `.foreach (w {${text(body)}}) {${text(body)}}`,
      shape: ['foreach', 'w', null, null, 'commands', shapes(body), shapes(body)],
    })),
    fc.tuple(fc.constantFrom('block', 'catch'), tie('block') as typeof program).map(([name, body]) => ({
      text: `.${name} {${text(body)}}`,
      shape: [name, shapes(body)],
    })),
  ),
})).block as never;

const text = (all: readonly { text: string }[]): string => all.map((each) => each.text).join(' ; ');
const shapes = (all: readonly { shape: unknown }[]): unknown[] => all.map((each) => each.shape);

describe('any line', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(program, (statements) => {
        expect(parse(text(statements))).toEqual(shapes(statements));
      }),
      { numRuns: 500 },
    );
  });

  it('gives statements in order, within the text, and never throws', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          '.if',
          '.else',
          '.for',
          '.foreach',
          '.do',
          '.while',
          '{',
          '}',
          '(',
          ')',
          ';',
          '"',
          "'",
        ),
        fc.constantFrom('j', 'z', '$$', '*', '~1', '~*e', '\\', '@', 'k', '/pS 1', '\n'),
        fc.string({ maxLength: 5 }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(pieces, (all) => {
        const line = all.join(' ');
        let at = 0;
        for (const { start, end } of parseStatements(line, whole(line), names)) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(line.length);
          at = end;
        }
        commandsIn(line, names);
      }),
      { numRuns: 2000 },
    );
  });
});
