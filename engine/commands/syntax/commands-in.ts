import type { CommandNames, NameMatch } from '../names.ts';
import { parseStatements } from './parse.ts';
import type { Span } from './scan.ts';
import type { Statement } from './statement.ts';

const DEEPEST = 20;

/** The commands of a text, those within blocks too; null for what is none. */
export function commandsIn(line: string, names: CommandNames): readonly (NameMatch | null)[] {
  const collect = (span: Span, depth: number): (NameMatch | null)[] =>
    parseStatements(line, span, names).flatMap((statement) => {
      if (statement.kind === 'command') return [statement.match];
      if (depth >= DEEPEST) return [null];
      // What is more than a single command: never repeated by its name alone.
      return [null, ...bodies(statement).flatMap((body) => collect(body, depth + 1))];
    });
  return collect({ start: 0, end: line.length }, 0);
}

function bodies(statement: Statement): readonly Span[] {
  if (statement.kind === 'if') return statement.branches.map(({ body }) => body);
  return 'body' in statement ? [statement.body] : [];
}
