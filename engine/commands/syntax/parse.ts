import { toHawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import { skipBlanks } from '../../expressions/words.ts';
import type { CommandNames, NameMatch } from '../names.ts';
import { foreachStatement } from './foreach.ts';
import {
  closing,
  commandEnd,
  find,
  nextCommand,
  type Span,
  skipGap,
  splitAtSemicolons,
  trimmed,
} from './scan.ts';
import type { Branch, Statement } from './statement.ts';

/** `~2`, `~*`, `~[expr]` before a command. */
const THREAD_TOKEN = /~(?:\*|\.|#|\d+|~?\[[^\]]*\])?\s*/y;

/**
 * The statements of a part of a text, in order. Never throws: what is malformed becomes a statement of kind `error`,
 * the last one. Offsets are those of the whole text.
 */
export function parseStatements(line: string, span: Span, names: CommandNames): readonly Statement[] {
  const statements: Statement[] = [];
  for (let at = nextCommand(line, span.start, span.end); at < span.end; ) {
    const statement = statementAt(line, at, span.end, names);
    statements.push(statement);
    if (statement.kind === 'error') break;
    at = nextCommand(line, statement.end, span.end);
  }
  return statements;
}

function statementAt(line: string, at: number, limit: number, names: CommandNames): Statement {
  const end = commandEnd(line, at, limit);
  // What a thread token is before runs for threads: see the interpreter.
  const match = line[at] === '~' ? null : names.find(line, at, end);
  if (!match?.entry.flow) {
    const whole = match ? takesLine(match, line, limit) : behindToken(line, at, end, limit, names);
    return { kind: 'command', match, start: at, end: whole ? limit : end };
  }
  try {
    return control(line, match.entry.name, at, match.end, limit, names);
  } catch (error) {
    return { kind: 'error', error: toHawserError(error), start: at, end: limit };
  }
}

function takesLine({ entry, end }: NameMatch, line: string, limit: number): boolean {
  const { wholeLine = false } = entry;
  return wholeLine instanceof RegExp ? wholeLine.test(line.slice(end, limit)) : wholeLine;
}

/** Whether the command behind a thread token takes the rest of the line. */
function behindToken(line: string, at: number, end: number, limit: number, names: CommandNames): boolean {
  THREAD_TOKEN.lastIndex = at;
  if (!THREAD_TOKEN.test(line)) return false;
  const command = THREAD_TOKEN.lastIndex;
  const match = names.find(line, command, end);
  return /^e\s/i.test(line.slice(command, command + 2)) || (match !== null && takesLine(match, line, limit));
}

function control(
  line: string,
  name: string,
  start: number,
  from: number,
  limit: number,
  names: CommandNames,
): Statement {
  switch (name) {
    case '.if':
      return ifStatement(line, start, from, limit, names);
    case '.for':
      return forStatement(line, start, from, limit);
    case '.while': {
      const condition = conditionBefore(line, from, limit);
      const body = block(line, condition.brace, limit);
      return { kind: 'while', condition: condition.span, body, start, end: body.end + 1 };
    }
    case '.do': {
      const body = block(line, skipGap(line, from, limit), limit);
      const open = skipGap(line, body.end + 1, limit);
      const end = commandEnd(line, open, limit);
      if (open >= end) throw syntaxAt(line, limit, limit);
      return { kind: 'do', body, condition: trimmed(line, { start: open, end }), start, end };
    }
    case '.foreach':
      return foreachStatement(line, start, from, limit);
    case 'j':
      return { kind: 'j', rest: { start: from, end: limit }, start, end: limit };
    case 'z': {
      const end = commandEnd(line, from, limit);
      // Nothing as a condition would hold for ever.
      if (skipGap(line, from, end) >= end) throw syntaxAt(line, end, end);
      return { kind: 'z', condition: { start: from, end }, start, end };
    }
    case '.block':
    case '.catch': {
      const body = block(line, skipGap(line, from, limit), limit);
      return { kind: name === '.block' ? 'block' : 'catch', body, start, end: body.end + 1 };
    }
    case '.break':
    case '.continue':
    case '.leave': {
      const end = commandEnd(line, from, limit);
      const rest = skipBlanks(line, from);
      if (rest < end) throw syntaxAt(line, rest, end);
      return { kind: name.slice(1) as 'break' | 'continue' | 'leave', start, end };
    }
    default:
      throw engineErrors.badArgument(`There is no .if before this ${name}`, start);
  }
}

function ifStatement(
  line: string,
  start: number,
  from: number,
  limit: number,
  names: CommandNames,
): Statement {
  const first = conditionBefore(line, from, limit);
  const branches: Branch[] = [{ condition: first.span, body: block(line, first.brace, limit) }];
  for (;;) {
    const end = (branches.at(-1)?.body.end ?? from) + 1;
    const next = skipGap(line, end, limit);
    const match = next < limit ? names.find(line, next, commandEnd(line, next, limit)) : null;
    if (match?.entry.name === '.elsif') {
      const condition = conditionBefore(line, match.end, limit);
      branches.push({ condition: condition.span, body: block(line, condition.brace, limit) });
    } else if (match?.entry.name === '.else') {
      const body = block(line, skipGap(line, match.end, limit), limit);
      return { kind: 'if', branches: [...branches, { condition: null, body }], start, end: body.end + 1 };
    } else {
      return { kind: 'if', branches, start, end };
    }
  }
}

/** `(Init; Condition; Step[; Step…]) { … }`. */
function forStatement(line: string, start: number, from: number, limit: number): Statement {
  const open = skipGap(line, from, limit);
  const close = line[open] === '(' ? closing(line, open, limit) : -1;
  if (close < 0) throw syntaxAt(line, open, limit);
  const [init, condition, ...steps] = splitAtSemicolons(line, { start: open + 1, end: close });
  if (!init || !condition || steps.length === 0) throw syntaxAt(line, close, limit);
  const body = block(line, skipGap(line, close + 1, limit), limit);
  return {
    kind: 'for',
    init,
    condition: trimmed(line, condition),
    steps,
    body,
    start,
    end: body.end + 1,
  };
}

/** What stands before the block; its brackets are part of the expression. */
function conditionBefore(line: string, from: number, limit: number): { span: Span; brace: number } {
  const brace = find(line, '{', from, limit);
  const span = trimmed(line, { start: from, end: brace < 0 ? limit : brace });
  if (brace < 0) throw syntaxAt(line, span.end, limit);
  if (span.start >= span.end) throw syntaxAt(line, brace, limit);
  return { span, brace };
}

/** The inside of the block whose brace stands at `open`; its `end` is the closing one. */
function block(line: string, open: number, limit: number): Span {
  const close = line[open] === '{' && open < limit ? closing(line, open, limit) : -1;
  if (close < 0) throw syntaxAt(line, Math.min(open, limit), limit);
  return { start: open + 1, end: close };
}

export function syntaxAt(line: string, at: number, limit: number): Error {
  return engineErrors.syntax(line.slice(at, limit).trimEnd(), at);
}
