import { closeSync, openSync, writeSync } from 'node:fs';
import { engineErrors } from '../errors.ts';

/** The file of `.logopen`. What is written goes out at once, so that a crash leaves a whole log. */
export class LogFile {
  #open: { readonly descriptor: number; readonly path: string } | null = null;

  get path(): string | null {
    return this.#open?.path ?? null;
  }

  /** Opens a file, closing the one before. */
  open(path: string, append: boolean): void {
    let descriptor: number;
    try {
      descriptor = openSync(path, append ? 'a' : 'w', 0o600);
    } catch (error) {
      const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
      throw engineErrors.logFile(path, code, message);
    }
    this.close();
    this.#open = { descriptor, path };
  }

  write(text: string): void {
    if (!this.#open) return;
    try {
      writeSync(this.#open.descriptor, text);
    } catch {
      // A full disk must not stop the session; the log ends here.
      this.close();
    }
  }

  /** The path of the file that was closed. */
  close(): string | null {
    const open = this.#open;
    this.#open = null;
    if (open) closeSync(open.descriptor);
    return open?.path ?? null;
  }
}
