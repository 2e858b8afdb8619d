import type { Parameter, ParameterTable, ParseOptions, ReadValues, Role } from './parameter.ts';
import { bad, masked, type Span } from './problem.ts';
import type { AnyConnectionString, ProtocolRow } from './protocol-row.ts';
import type { ParameterToken, Scanned } from './scan.ts';

/** Gives the scanned words their meaning, after one protocol's table. @throws HawserError that points at the word */
export function readRow<
  T extends ParameterTable,
  S extends AnyConnectionString & { readonly role: 'server' },
  C extends AnyConnectionString & { readonly role: 'client' },
>(
  row: Pick<ProtocolRow<T, S, C>, 'protocol' | 'parameters' | 'finish'>,
  scanned: Scanned,
  options: ParseOptions,
): S | C {
  const values: Record<string, unknown> = {};
  const spans: Record<string, Span> = {};
  let afterSecret = false;
  for (const token of scanned.parameters) {
    const keyword = token.key.text.toLowerCase();
    const parameter = Object.hasOwn(row.parameters, keyword) ? row.parameters[keyword] : undefined;
    // After a bare password, the unknown word may be the rest of it: not to be repeated.
    if (!parameter && afterSecret)
      throw bad(masked(token.key), 'It is no keyword; a password with a comma stands in double quotes.');
    if (!parameter) throw bad(token.key, unknownKeyword(row, keyword, options.role));
    if (!parameter.roles.includes(options.role)) throw bad(token.key, wrongRole(parameter, options.role));
    if (Object.hasOwn(spans, keyword)) throw bad(token.key, `${keyword} is given twice.`);
    spans[keyword] = wholeSpan(token, parameter);
    values[keyword] = readValue(token, parameter, options);
    afterSecret = parameter.secret === true && token.value?.quoted === false;
  }
  return row.finish({ values, spans, end: scanned.end } as ReadValues<T>, options.role);
}

function readValue(token: ParameterToken, parameter: Parameter<unknown>, options: ParseOptions): unknown {
  const { key, value } = token;
  if (parameter.flag) {
    if (value) throw bad(key, `${key.text} takes no value.`);
    return true;
  }
  if (!value || (value.value === '' && !value.quoted))
    throw bad(key, `A value must follow ${key.text}=: ${parameter.takes}.`);
  return parameter.read(value, options);
}

function wholeSpan({ key, value }: ParameterToken, parameter: Parameter<unknown>): Span {
  if (!value) return key;
  const length = value.offset + value.length - key.offset;
  const span = { offset: key.offset, length, text: `${key.text}=${value.text}` };
  return parameter.secret ? masked(span) : span;
}

function wrongRole(parameter: Parameter<unknown>, role: Role): string {
  const owner = role === 'client' ? 'server' : 'client';
  return `${parameter.name.toLowerCase()} belongs into the connection string of a ${owner}.`;
}

function unknownKeyword(
  row: { readonly protocol: string; readonly parameters: ParameterTable },
  typed: string,
  role: Role,
): string {
  const known = Object.keys(row.parameters).filter((name) => row.parameters[name]?.roles.includes(role));
  const near = known.find((name) => alike(name, typed));
  return near
    ? `It is no keyword of ${row.protocol}; did you mean ${near}?`
    : `It is no keyword of ${row.protocol}; known are ${known.join(', ')}.`;
}

/** Whether `typed` begins the name, or differs from it by one letter (changed, missing, too many, or swapped with the next). */
function alike(name: string, typed: string): boolean {
  if (typed.length >= 2 && name.startsWith(typed)) return true;
  if (Math.abs(name.length - typed.length) > 1) return false;
  let at = 0;
  while (at < name.length && name[at] === typed[at]) at++;
  const rest = (text: string, skip: number) => text.slice(at + skip);
  return (
    rest(name, 1) === rest(typed, 1) ||
    rest(name, 1) === rest(typed, 0) ||
    rest(name, 0) === rest(typed, 1) ||
    (name[at] === typed[at + 1] && name[at + 1] === typed[at] && rest(name, 2) === rest(typed, 2))
  );
}
