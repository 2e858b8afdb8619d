import { CommandNames } from '../../names.ts';
import { commandTable } from '../../table.ts';

const names = new CommandNames(commandTable);
/** What sets something in an expression of C++. */
const ASSIGNMENT = /[^=!<>]=(?!=)|\+\+|--/;

/** Where no command begins: behind a letter, say; a digit, or a thread token, may stand before one. */
const WITHIN_WORD = /[A-Za-z_.!$]$/;
const BEHIND_TOKEN = /~[.*#]$/;

/** Whether nothing in a line, wherever it stands, may be a command that says that it changes the target. */
export function isHarmless(line: string): boolean {
  if (ASSIGNMENT.test(` ${line}`) && /@@|c\+\+|\?\?|\br\b|r[@$a-z?]/i.test(line)) return false;
  for (let at = 0; at < line.length; at++) {
    if (WITHIN_WORD.test(line.slice(0, at)) && !BEHIND_TOKEN.test(line.slice(0, at))) continue;
    const end = line.slice(at).search(/[;{}'"\n]/);
    const entry = names.find(line, at, end < 0 ? line.length : at + end)?.entry;
    if (entry && (entry.changes === true || entry.needs === 'live')) return false;
  }
  return true;
}

/**
 * Lines that would reach beyond the target and the session's screen: other processes and files of this machine, servers that
 * listen. They are tried in secure mode only, which refuses them.
 */
export function reachesOut(line: string): boolean {
  return /attach|create|abandon|server|remote|writemem|readmem|dump|log|shell|gdb|premote|psrv|srcpath|sympath|hostaccess|secure/i.test(
    line,
  );
}
