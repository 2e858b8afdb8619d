/**
 * Takes passwords out of text that leaves the program (log, report). Whatever follows `password=` goes, up to the
 * end of its value: a quoted one to its closing quote, a bare one to the comma or blank.
 */
export function redact(text: string): string {
  return text.replace(/(password\s*=\s*)("(?:[^"\\]|\\.|"")*"?|'[^']*'?|[^,\s"']+)/gi, '$1*');
}
