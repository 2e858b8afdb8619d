import type { CommandEntry } from '../../entry.ts';
import type { CommandNames } from '../../names.ts';
import { parseStatements } from '../../syntax/parse.ts';
import { closing, commandEnd, type Span } from '../../syntax/scan.ts';
import type { Statement } from '../../syntax/statement.ts';

/** A command of a line, and the line's way of writing it with its values left out: `bp /1 … "…"`. */
export interface Form {
  readonly entry: CommandEntry;
  readonly form: string;
}

const PREFIX = /~(\*|\.|#|\d+|~?\[[^\]]*\])?\s*/y;
/** Behind a thread token: `~2s`, `~*e k`. */
const THREAD_VERB = /([sfunm])\s*$|(e)\s/iy;

/** The commands of a line, those within blocks too, read by the parser that runs them. */
export function formsOf(line: string, names: CommandNames): readonly Form[] {
  return collect(line, { start: 0, end: line.length }, names);
}

function collect(line: string, span: Span, names: CommandNames): readonly Form[] {
  return parseStatements(line, span, names).flatMap((statement) => [
    ...own(line, statement, names),
    ...bodies(statement).flatMap((body) => collect(line, body, names)),
  ]);
}

function own(line: string, statement: Statement, names: CommandNames): readonly Form[] {
  const { start, end } = statement;
  if (statement.kind === 'error') return [];
  if (line[start] === '~') return threadForms(line, start, end, names);
  const match = names.find(line, start, commandEnd(line, start, end));
  if (!match) return [];
  const arguments_ = line.slice(match.end, end);
  const form = { entry: match.entry, form: `${match.name}${shape(match.entry, arguments_)}` };
  return [form, ...alternatives(statement, names), ...commandsOfBreakpoint(match.entry, arguments_, names)];
}

/** `.elsif` and `.else` are part of their `.if`. */
function alternatives(statement: Statement, names: CommandNames): readonly Form[] {
  if (statement.kind !== 'if') return [];
  return statement.branches.slice(1).flatMap(({ condition }) => {
    const name = condition ? '.elsif' : '.else';
    const entry = names.named(name);
    return entry ? [{ entry, form: condition ? '.elsif … {…}' : '.else {…}' }] : [];
  });
}

function commandsOfBreakpoint(entry: CommandEntry, text: string, names: CommandNames): readonly Form[] {
  const commands = entry.family === 'Breakpoints' ? /"((?:[^"\\]|\\.)*)"\s*$/.exec(text)?.[1] : undefined;
  return commands === undefined || /\/w\s*"[^"]*"\s*$/.test(text) ? [] : formsOf(commands, names);
}

function threadForms(line: string, start: number, end: number, names: CommandNames): readonly Form[] {
  PREFIX.lastIndex = start;
  const token = PREFIX.exec(line)?.[1] ?? '';
  const at = PREFIX.lastIndex;
  const thread = `~${token.replace(/\d+/, 'N').replace(/\[.*\]/, '[…]')}`;
  THREAD_VERB.lastIndex = at;
  const verb = THREAD_VERB.exec(line.slice(0, end));
  const letter = verb?.[1] ?? verb?.[2];
  if (at >= end || letter) {
    const name = letter ? `~${letter.toLowerCase()}` : '~';
    const entry = names.find('~', 0, 1)?.entry;
    const verbEntry = names.named(name) ?? entry;
    const form = `${thread}${letter ?? ''}${verb?.[2] ? ' …' : ''}`;
    const rest = verb?.[2] ? collect(line, { start: THREAD_VERB.lastIndex, end }, names) : [];
    return verbEntry ? [{ entry: verbEntry, form }, ...rest] : rest;
  }
  const match = names.find(line, at, commandEnd(line, at, end));
  if (!match) return [];
  return [
    { entry: match.entry, form: `${thread} ${match.name}${shape(match.entry, line.slice(match.end, end))}` },
  ];
}

function bodies(statement: Statement): readonly Span[] {
  if (statement.kind === 'if') return statement.branches.map(({ body }) => body);
  if (statement.kind === 'foreach' && statement.from === 'commands')
    return [statement.source, statement.body];
  return 'body' in statement ? [statement.body] : [];
}

/** Commands whose argument is one text. */
const ONE_TEXT = new Set(['?', '??', '.echo', '.printf', '.formats', '.shell', '.gdb', 'j', 'z']);

/** What stands behind a command's name, its values left out. */
function shape(entry: CommandEntry, text: string): string {
  const rest = text.trim();
  if (rest === '') return '';
  if (ONE_TEXT.has(entry.name)) return / -|^-|\/[a-z]/.test(rest) ? ` ${option(rest)}…` : ' …';
  const glued = /^\s/.test(text) ? ' ' : '';
  return `${glued}${words(rest, glued === '').join(' ')}`.trimEnd();
}

/** The option that a text begins with, and a blank. */
function option(text: string): string {
  const found = /^[/-][A-Za-z]\S*\s/.exec(text)?.[0];
  return found ? `${found.trim()} ` : '';
}

/** Marks that join what stands at their sides into one value. */
const OPERATOR = /^(?:[-+*/%&|^<>]+|[=!<>]=|and|or|xor|mod)$/;
const BEFORE_VALUE = /^(?:poi|by|wo|dwo|qwo|not|hi|low|struct|unsigned|union|enum)$/;

function words(text: string, glued: boolean): readonly string[] {
  const out: string[] = [];
  let joins = false;
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at);
    const token = text.slice(at, end);
    const mark = markOf(token, glued && at === 0);
    const joined = mark === '…' && (joins || (OPERATOR.test(token) && token !== '*')) && out.at(-1) === '…';
    if (!joined) out.push(mark);
    joins = OPERATOR.test(token) || BEFORE_VALUE.test(token);
    at = end;
    while (/\s/.test(text[at] ?? '')) at++;
  }
  return out;
}

function tokenEnd(text: string, start: number): number {
  const first = text[start];
  if (first === ',' || first === ';') return start + 1;
  if (text.startsWith('/(', start)) return start + 2;
  let at = start;
  while (at < text.length && !/[\s,;]/.test(text[at] ?? '')) {
    const character = text[at] ?? '';
    if (character === '(' || character === '{') at = after(closing(text, at, text.length), text);
    else if (character === '"' || character === "'" || character === '`')
      at = after(text.indexOf(character, at + 1), text);
    else at++;
  }
  return at;
}

function after(end: number, text: string): number {
  return end < 0 ? text.length : end + 1;
}

function markOf(token: string, glued: boolean): string {
  if (/^"/.test(token)) return '"…"';
  if (/^\{/.test(token)) return '{…}';
  if (/^\(/.test(token) && glued) return '(…)';
  if (/^[/-](?:\W|[a-z?][\w?]*$)/i.test(token)) return token.replace(/\d+$/, 'N');
  if (/^L(?:\?|-)?[0-9(@]/i.test(token)) return token.replace(/^L([?-]?).*/i, 'L$1N');
  if (/^L\??$/i.test(token)) return 'L';
  if (/^[,;*|.#=?]$/.test(token)) return token;
  if (glued && /^[A-Za-z*.#?]+$/.test(token)) return token;
  if (glued && /^\d+$/.test(token)) return 'N';
  if (glued && /^\d+[a-z]$/.test(token)) return token.replace(/\d+/, 'N');
  if (glued && /^\[.*\]/.test(token)) return token.replace(/\[.*\]/, '[…]');
  return '…';
}
