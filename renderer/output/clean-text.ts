const ESC = String.fromCharCode(27);
const BEL = String.fromCharCode(7);

/** Colours and cursor moves; titles and other strings; character sets; single-letter sequences. */
const sequences = [
  '\\[[0-9;:?<=>]*[ -/]*[@-~]',
  `\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)`,
  '[()][0-9A-Za-z]',
  '[=>78DEHMNOZc]',
];
const ESCAPES = new RegExp(`${ESC}(?:${sequences.join('|')})`, 'g');

/**
 * A debuggee writes for a terminal: colours and cursor moves are taken out, line ends made plain. A CR at the
 * very end waits for the next text, which may begin with its LF.
 */
export class TextCleaner {
  #heldCr = false;

  clean(text: string): string {
    let cleaned = text;
    if (this.#heldCr) cleaned = `\r${cleaned}`;
    this.#heldCr = false;
    if (cleaned.includes(ESC)) cleaned = cleaned.replace(ESCAPES, '');
    if (!cleaned.includes('\r')) return cleaned;
    if (cleaned.endsWith('\r')) {
      this.#heldCr = true;
      cleaned = cleaned.slice(0, -1);
    }
    return cleaned.replace(/\r+\n?/g, '\n');
  }
}
