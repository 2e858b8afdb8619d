import type { ConnectionCheck } from '../../electron/ipc/contract.ts';

const BACKSLASHES = /(?:^|[,:])\s*server\s*=\s*(\\+)/i;

/** `server=\\HOST` works on the command line; in this dialog the host stands without backslashes. */
export function backslashProblem(text: string): ConnectionCheck | null {
  const found = BACKSLASHES.exec(text);
  const slashes = found?.[1];
  if (!found || !slashes) return null;
  return {
    error: {
      code: 'BAD_CONNECTION_STRING',
      message: 'The server’s name begins with backslashes.',
      action: 'Write the name without them here: server=HOST. Only the command line takes server=\\\\HOST.',
      data: {},
    },
    offset: found.index + found[0].length - slashes.length,
    length: slashes.length,
    hasPassword: false,
    asksPassword: false,
  };
}

export interface Marked {
  readonly before: string;
  readonly word: string;
  readonly after: string;
}

/** The text in three: the offending word and what is around it. An empty word stands where something is missing. */
export function markWord(text: string, offset: number, length: number): Marked {
  const from = Math.min(Math.max(0, offset), text.length);
  const to = Math.min(text.length, from + Math.max(0, length));
  return { before: text.slice(0, from), word: text.slice(from, to), after: text.slice(to) };
}

/** The asterisk of `password=*`, to be typed over; null when there is none. */
export function asteriskIn(text: string): { readonly from: number; readonly to: number } | null {
  const found = /[,:]\s*password\s*=\s*\*(?=\s*(?:,|$))/i.exec(text);
  if (!found) return null;
  const to = found.index + found[0].length;
  return { from: to - 1, to };
}
