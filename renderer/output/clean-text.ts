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

/** A sequence that has only begun: its rest comes with the next text. */
const BEGUN = new RegExp(`${ESC}(?:\\[[0-9;:?<=>]*|\\][^${BEL}${ESC}]*|[()])?$`);
/** One that is longer is no sequence that anybody waits for. */
const LONGEST = 256;

/**
 * A debuggee writes for a terminal: colours and cursor moves are taken out, line ends made plain. What is cut
 * in two at the end of a text, a CR before its LF or a sequence, waits for the next.
 */
export class TextCleaner {
  #held = '';

  clean(text: string): string {
    let cleaned = this.#held + text;
    this.#held = '';
    if (cleaned.includes(ESC)) {
      cleaned = cleaned.replace(ESCAPES, '');
      const begun = BEGUN.exec(cleaned.slice(-LONGEST));
      if (begun) cleaned = this.#hold(cleaned, begun[0].length);
    }
    if (!cleaned.includes('\r')) return cleaned;
    if (cleaned.endsWith('\r')) cleaned = this.#hold(cleaned, 1);
    return cleaned.replace(/\r+\n?/g, '\n');
  }

  #hold(text: string, length: number): string {
    this.#held = text.slice(-length) + this.#held;
    return text.slice(0, -length);
  }
}
