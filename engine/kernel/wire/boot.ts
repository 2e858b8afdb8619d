/** What Linux writes first of all, on a console that shares the line with its stub. */
const FIRST_WORDS = 'Linux version ';

/**
 * Looks for a kernel that begins: `seen` is called once. What a stub answers is in hexadecimal, and cannot be taken for it.
 */
export function bootSeen(seen: () => void): (bytes: Buffer) => void {
  let tail = '';
  let over = false;
  return (bytes) => {
    if (over) return;
    const text = tail + bytes.toString('latin1');
    over = text.includes(FIRST_WORDS);
    tail = text.slice(-FIRST_WORDS.length);
    if (over) seen();
  };
}
