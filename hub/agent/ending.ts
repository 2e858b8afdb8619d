import { commandEnd } from '../../engine/commands/syntax/scan.ts';
import type { DebuggerKind } from './debugger.ts';

/**
 * What a line of the host's does to the hosted session besides what it does in the debugger.
 * end: the debugger ends by it (`qq`, `qqd`). detach: it does not, and is ended after it. leave: the session at the other end of a
 * `-remote` is left alone.
 */
export interface EndingCommand {
  readonly kind: 'end' | 'detach' | 'leave';
  /** As the lists show it. */
  readonly command: string;
}

export const CTRL_B = '\x02';

/**
 * Which command of a line, if any, ends the session: of WinDbg's, in whatever case, for Hawser's debuggers; CTRL+B for every one.
 * Commands of a line stand between semicolons.
 */
export function endingCommand(line: string, kind: DebuggerKind): EndingCommand | null {
  if (line.trim() === CTRL_B) return { kind: 'leave', command: 'CTRL+B' };
  if (kind !== 'hawser') return null;
  for (let from = 0; from <= line.length; ) {
    const end = commandEnd(line, from);
    const text = line.slice(from, end).trim();
    // A comment, to the end of the line.
    if (text.startsWith('*')) return null;
    const found = ofCommand(text);
    if (found) return found;
    from = end + 1;
  }
  return null;
}

function ofCommand(text: string): EndingCommand | null {
  const word = text.toLowerCase();
  if (word === 'qq' || word === 'qqd') return { kind: 'end', command: word };
  if (word === '.detach') return { kind: 'detach', command: word };
  // Commands may follow it.
  if (/^\.remote_exit(?:\s|$)/.test(word)) return { kind: 'leave', command: '.remote_exit' };
  return null;
}

/** Whether the last line of what a debugger of Hawser has printed is its prompt: it waits for a command. */
export function atPrompt(tail: string): boolean {
  return /(?:^|\n)\r?[^\s>]{1,60}(?: [^\s>]{1,20})?> $/.test(tail);
}
