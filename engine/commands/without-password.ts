/** Everybody in the session sees what was typed, and logs keep it: not the password of a `.server`, nor that of a quit lock. */
export function withoutPassword(command: string): string {
  return command
    .replace(/(\.quit_lock\s+\/[sq]\s+)("[^"]*"?|[^\s;]+)/gi, '$1*')
    .replace(/(password\s*=\s*)("[^"]*"?|[^\s,;]+)/gi, '$1*');
}
