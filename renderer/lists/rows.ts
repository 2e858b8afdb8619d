/** Rows drawn beyond what is in sight. */
const MORE = 8;

export function rowsInSight(
  count: number,
  height: number,
  top: number,
  seen: number,
): { from: number; to: number } {
  const from = Math.max(0, Math.min(count, Math.floor(top / height)) - MORE);
  return { from, to: Math.min(count, Math.ceil((top + seen) / height) + MORE) };
}

/** Where a key leads from a row (-1: none is selected); null: the key is not for the list. */
export function movedRow(key: string, from: number, count: number, page: number): number | null {
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, from + 1);
    case 'ArrowUp':
      return from < 0 ? last : Math.max(0, from - 1);
    case 'PageDown':
      return Math.min(last, from + page);
    case 'PageUp':
      return Math.max(Math.min(0, last), from - page);
    case 'Home':
      return Math.min(0, last);
    case 'End':
      return last;
    default:
      return null;
  }
}
