import { stripVTControlCharacters } from 'node:util';

const STEERS = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const CONTROL = /(?![\n\t])\p{Cc}/gu;
/** Marks that turn the order of what is shown around. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text of others (a target's names and output, another client's commands, a server's words) without what would steer a terminal:
 * sequences go, other control characters become dots, marks that turn text around can be seen. Line ends are plain.
 */
export function forTerminal(text: string): string {
  if (!STEERS.test(text)) return text;
  return stripVTControlCharacters(text)
    .replace(/\r+(?:\n|$)/g, (end) => (end.endsWith('\n') ? '\n' : ''))
    .replace(/\r+/g, '\n')
    .replace(CONTROL, '.')
    .replace(TURNING, '\ufffd');
}
