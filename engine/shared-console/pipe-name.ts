/** What the names of Remote.exe's pipes begin with. */
const PREFIX = 'remote.';

/** The pipe of a session: names differ in more than case, and pipes have no blanks or quote marks in theirs. */
export function pipeOf(name: string): string {
  return (
    PREFIX + name.toLowerCase().replace(/[^a-z0-9.-]/gu, (char) => `_${char.codePointAt(0)?.toString(16)}_`)
  );
}

/** The session of a pipe, in lower case; null: it is another server's pipe. */
export function sessionOf(pipe: string): string | null {
  if (!pipe.toLowerCase().startsWith(PREFIX)) return null;
  return pipe.slice(PREFIX.length).replace(/_([0-9a-f]{1,6})_/g, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Why a name cannot be taken; null: it can. */
export function nameProblem(name: string): string | null {
  if (name.trim() === '') return 'it is empty';
  if (name.length > 60) return 'it has more than 60 characters';
  if (/[\p{C}"]/u.test(name)) return 'it has a quote mark or a control character in it';
  return null;
}
