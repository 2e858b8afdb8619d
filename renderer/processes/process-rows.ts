import type { ListedProcess } from '../../electron/ipc/contract.ts';

export type Column = 'pid' | 'name' | 'user' | 'commandLine' | 'architecture' | 'started';

export interface Sorting {
  readonly by: Column;
  readonly down: boolean;
}

/** The last column says when: its first click brings what was started last. */
export const firstSorting = (by: Column): Sorting => ({ by, down: by === 'started' });

const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: ListedProcess, b: ListedProcess, by: Column): number {
  const [left, right] = [a[by], b[by]];
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return order.compare(String(left), String(right));
}

/** The very order in which they were given decides between equals. */
export function sorted(list: readonly ListedProcess[], { by, down }: Sorting): readonly ListedProcess[] {
  const rows = [...list].sort((a, b) => compare(a, b, by) || a.pid - b.pid);
  return down ? rows.reverse() : rows;
}

/** Every word must stand somewhere in name, PID, user or command line. */
export function filtered(list: readonly ListedProcess[], filter: string): readonly ListedProcess[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return list;
  return list.filter(({ pid, name, user, commandLine }) => {
    const text = `${name}\n${pid}\n${user}\n${commandLine}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** In the words of whoever looks: only the time where it is today. */
export function startedWords(started: number, now: number): string {
  if (started === 0) return '';
  const today = new Date(started).toDateString() === new Date(now).toDateString();
  return today ? times.format(started) : dates.format(started);
}

const times = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** What is chosen when the filter changes: what was, while it is shown; else the first that one may touch. */
export function chosenAfterFilter(rows: readonly ListedProcess[], chosen: number | null): number | null {
  if (rows.some(({ pid }) => pid === chosen)) return chosen;
  return (rows.find(({ obstacle }) => obstacle === null) ?? rows[0])?.pid ?? null;
}

const MAX_PID = 0x7fff_ffff;

export function readPid(text: string): number | null {
  const trimmed = text.trim();
  const pid = /^(?:0x[0-9a-f]+|\d+)$/i.test(trimmed) ? Number(trimmed) : 0;
  return pid > 0 && pid <= MAX_PID ? pid : null;
}
