import type { HawserError } from '../../transports/errors/error.ts';

/**
 * An error as WinDbg shows it: `^` under the offending column, then the text. `prompt` is what stood
 * before the line on the screen; null when the line was not shown, then it is put above.
 */
export function errorText(error: HawserError, line: string, prompt: string | null): string {
  const { offset } = error.data;
  if (typeof offset !== 'number' || line === '') return error.text;
  const before = `${prompt ?? ''}${line.slice(0, offset)}`;
  const caret = `${before.replace(/[^\t]/g, ' ')}^ ${error.text}`;
  return prompt === null ? `${line}\n${caret}` : caret;
}
