import type { HawserError } from '../../transports/errors/error.ts';

/** A line that was not typed as it is shown in part where it is long: so much on either side of the place. */
const AROUND = 100;

/**
 * An error as WinDbg shows it: `^` under the offending column, then the text. `prompt` is what stood
 * before the line on the screen; null when the line was not shown, then it is put above. An error of another text (an
 * alias, a script) shows that one.
 */
export function errorText(error: HawserError, line: string, prompt: string | null): string {
  const { offset } = error.data;
  const own = typeof error.data.line === 'string' ? error.data.line : line;
  if (typeof offset !== 'number' || own === '') return error.text;
  if (prompt !== null && own === line) return caretLine(`${prompt}${line.slice(0, offset)}`, error);
  const from = Math.max(0, own.lastIndexOf('\n', offset - 1) + 1, offset - AROUND);
  const next = own.indexOf('\n', offset);
  const end = Math.min(next < 0 ? own.length : next, offset + AROUND);
  return `${own.slice(from, end)}\n${caretLine(own.slice(from, offset), error)}`;
}

function caretLine(before: string, error: HawserError): string {
  return `${before.replace(/[^\t]/g, ' ')}^ ${error.text}`;
}
