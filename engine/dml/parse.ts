import type { OutputLink } from '../protocol/session.ts';
import type { Marked } from './marked.ts';

/** WinDbg's marks; whatever else stands between `<` and `>` is text. */
const TAG = /<(\/?)(link|exec|altlink|b|i|u|col)\b((?:\s+[a-z]+\s*=\s*"[^"]*")*)\s*\/?>/gi;
const ENTITY = /&(lt|gt|quot|amp);/g;
const CHARACTERS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };

/** For text that is to stand among marks as it is. */
export function escapeDml(text: string): string {
  return text.replace(/[&<>"]/g, (each) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[each]};`);
}

const plainText = (text: string): string => text.replace(ENTITY, (_, name: string) => CHARACTERS[name] ?? '');

/**
 * Text with the marks of WinDbg's DML: `<link cmd="…">` and `<exec cmd="…">` become links, the others go. Links do not nest; one
 * without an end reaches to the end of the text.
 * @param author who has written it: see {@link OutputLink}
 */
export function parseDml(source: string, author: number): Marked {
  const links: OutputLink[] = [];
  let text = '';
  let open: { readonly start: number; readonly command: string } | null = null;
  const close = () => {
    if (open && text.length > open.start && open.command !== '')
      links.push({ start: open.start, end: text.length, command: open.command, author });
    open = null;
  };
  let at = 0;
  for (const match of source.matchAll(TAG)) {
    text += plainText(source.slice(at, match.index));
    at = match.index + match[0].length;
    const [, slash = '', name = '', attributes = ''] = match;
    if (!/^(?:link|exec)$/i.test(name)) continue;
    close();
    if (slash === '') open = { start: text.length, command: commandIn(attributes) };
  }
  text += plainText(source.slice(at));
  close();
  return { text, links };
}

/** One line: a command is what a person could have typed. */
function commandIn(attributes: string): string {
  const command = /\bcmd\s*=\s*"([^"]*)"/i.exec(attributes)?.[1] ?? '';
  return plainText(command)
    .replace(/[\r\n]+/g, ' ')
    .trim();
}
