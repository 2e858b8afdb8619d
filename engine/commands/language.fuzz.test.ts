import fc from 'fast-check';
import { HawserError } from '../../transports/errors/error.ts';
import { fuzz, nearly } from '../../transports/testing/fuzz.ts';
import { parseMasm } from '../expressions/parser.ts';
import { matchesWildcard } from '../expressions/wildcard.ts';
import { AliasTable } from './aliases/table.ts';
import { CommandNames } from './names.ts';
import { commandsIn } from './syntax/commands-in.ts';
import { parseStatements } from './syntax/parse.ts';
import type { Statement } from './syntax/statement.ts';
import { commandTable } from './table.ts';
import { commandLine } from './testing/fuzz/lines.ts';

const names = new CommandNames(commandTable);

/** Runs what refuses by an error of ours only. */
function refuses(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof HawserError) || error.code === 'INTERNAL') throw error;
  }
}

/** Every statement and every block in it, as they are entered one after the other when run. */
function deep(line: string, from: number, to: number, levels: number): void {
  if (levels === 0) return;
  for (const statement of parseStatements(line, { start: from, end: to }, names))
    for (const { start, end } of bodies(statement))
      if (end - start < to - from) deep(line, start, end, levels - 1);
}

function bodies(statement: Statement): readonly { readonly start: number; readonly end: number }[] {
  if (statement.kind === 'if') return statement.branches.map(({ body }) => body);
  return 'body' in statement ? [statement.body] : [];
}

const aliases = new AliasTable();
for (const [name, value] of [
  ['a', 'b a'],
  ['k', '.if (1) {'],
  ['${x}', '}'],
  ['x', '${a}'],
] as const)
  refuses(() => aliases.set(name, value, false));
aliases.setFixed(1, '$u1 $u2', true);

const pieces = [
  '{',
  '}',
  ';',
  '"',
  '.if (',
  '.for (r $t0=0;',
  '.foreach (x {',
  '${a}',
  '${/n:x}',
  '$u1',
  '`',
  '(',
  ')',
  '*',
  'j ',
  "'",
  '/c',
  '@@c++(',
];
const line = fc.oneof(
  { weight: 3, arbitrary: commandLine },
  {
    weight: 2,
    arbitrary: nearly(
      ['.if (1) { k } .else { r }', '.foreach /pS 1 (x { lm }) { .echo x }', 'bp main "k; g"', ...pieces],
      '{};"()$ .kgr\u202e\0',
    ),
  },
);

fuzz('commands', line, (text) => {
  refuses(() => deep(text, 0, text.length, 8));
  refuses(() => commandsIn(text, names));
  refuses(() => aliases.expand(text, new Map()));
});

const expressions = [
  '1+2',
  'poi(@rsp+8)',
  'loop!work+0x12',
  '`loop.c:44`',
  '@$ip',
  '$scmp("a", "b")',
  'hi(ffff0000)',
  "'abcd'",
  '0n12',
  '0y101',
  '1f`00',
  'not 1',
  '@@(1)',
  '(',
  ')',
  '`',
  '"',
  '-',
  '>>>',
  'a::b<c>',
];
fuzz('expressions', nearly(expressions, '0123456789abfnxy()`"\'@$!+-*/%<>=&|^~.:[] \u202e\0'), (text) => {
  for (const radix of [16, 10, 8] as const) refuses(() => parseMasm(text, 0, radix));
  matchesWildcard(text.slice(0, 40), text);
});
