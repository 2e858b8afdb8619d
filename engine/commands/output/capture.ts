import { engineErrors } from '../../errors.ts';
import type { OutputKind } from '../../protocol/session.ts';

/** Characters that one capture takes. */
const MOST = 0x10_0000;

interface Bucket {
  readonly pieces: string[];
  length: number;
}

/** What commands print on behalf of another one (`.foreach`, `as /c`) goes to it instead of the screen. */
export class Capture {
  readonly #open: Bucket[] = [];

  /** Takes the text; false: nobody wants it. @throws HawserError `TOO_MUCH` */
  write(kind: OutputKind, text: string): boolean {
    const bucket = this.#open.at(-1);
    if (!bucket || kind === 'error' || kind === 'debuggee' || kind === 'debuggee-input' || kind === 'session')
      return false;
    bucket.length += text.length;
    if (bucket.length > MOST)
      throw engineErrors.tooMuch(
        'The output to go through',
        MOST,
        'characters',
        'Ask for less of it at once.',
      );
    bucket.pieces.push(text);
    return true;
  }

  /** What was printed while `work` was done. */
  async during(work: () => Promise<unknown>): Promise<string> {
    const bucket: Bucket = { pieces: [], length: 0 };
    this.#open.push(bucket);
    try {
      await work();
    } finally {
      this.#open.splice(this.#open.indexOf(bucket), 1);
    }
    return bucket.pieces.join('');
  }
}
