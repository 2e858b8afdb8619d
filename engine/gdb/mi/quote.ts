/** A parameter of an MI command as a C string; anything but a NUL can be in it. */
export function quote(parameter: string): string {
  if (/^[\w./=+:@%,*-]+$/.test(parameter) && !parameter.startsWith('-')) return parameter;
  const escaped = parameter.replace(/[\\"\n\r\t]/g, (found) => ESCAPES[found] ?? found);
  return `"${escaped}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A command of GDB's own language inside MI. */
export function consoleCommand(command: string): string {
  return `-interpreter-exec console ${quote(command)}`;
}

/** One word for a POSIX shell, whatever is in it. */
export function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * One word of arguments for a program that a stub starts: GDB takes them apart itself, and a backslash escapes between
 * apostrophes too.
 */
export function stubWord(word: string): string {
  return `"${word.replace(/["\\]/g, '\\$&')}"`;
}
