import type { OutputLink } from '../protocol/session.ts';

/** Text and the parts of it that run a command. What programs write is never looked at for marks: it is text. */
export interface Marked {
  readonly text: string;
  /** In order, apart from each other. */
  readonly links: readonly OutputLink[];
}

const plain = (part: string | Marked): Marked =>
  typeof part === 'string' ? { text: part, links: [] } : part;

/** Parts with `between` between them. */
export function joined(parts: readonly (string | Marked)[], between: string): Marked {
  const texts: string[] = [];
  const links: OutputLink[] = [];
  let at = 0;
  for (const part of parts) {
    const { text, links: own } = plain(part);
    for (const link of own) links.push({ ...link, start: link.start + at, end: link.end + at });
    texts.push(text);
    at += text.length + between.length;
  }
  return { text: texts.join(between), links };
}

/**
 * A line of which one part, the first from `from` on, runs a command. The command is made of numbers and of names of modules, which
 * hold letters, digits and underscores only: nothing that comes from the target can become a command.
 */
export function linked(line: string | Marked, part: string, command: string, from = 0): Marked {
  const { text, links } = plain(line);
  const start = part === '' ? -1 : text.indexOf(part, from);
  if (start < 0) return { text, links };
  const link = { start, end: start + part.length, command };
  return { text, links: [...links, link].sort((a, b) => a.start - b.start) };
}
