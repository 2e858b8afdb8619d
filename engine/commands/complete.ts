import type { CommandEntry } from './entry.ts';

interface Completion {
  readonly from: number;
  readonly items: readonly { readonly text: string; readonly detail: string }[];
}

/** Names of commands that begin with what stands before the caret, at the start of a command. */
export function complete(text: string, caret: number, commands: readonly CommandEntry[]): Completion {
  const before = text.slice(0, caret);
  const match = /(?:^|[;{])\s*(?:~\S+?\s+)?([.!?|]?[a-z]*)$/i.exec(before);
  const typed = match?.[1] ?? '';
  const from = caret - typed.length;
  if (!match || typed === '') return { from, items: [] };
  const lower = typed.toLowerCase();
  const items = commands
    .flatMap((entry) => [entry.name, ...(entry.aliases ?? [])].map((name) => ({ name, entry })))
    .filter(({ name }) => name.toLowerCase().startsWith(lower))
    .map(({ name, entry }) => ({ text: name, detail: entry.summary }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  return { from, items };
}
