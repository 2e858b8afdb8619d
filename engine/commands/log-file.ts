import { closeSync, openSync, writeSync } from 'node:fs';
import type { HawserError } from '../../transports/errors/error.ts';
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

  /** @returns why the log ends here: a full disk must not stop the session. Null: it goes on */
  write(text: string): HawserError | null {
    if (!this.#open) return null;
    try {
      for (let rest = Buffer.from(text); rest.length > 0; )
        rest = rest.subarray(writeSync(this.#open.descriptor, rest));
      return null;
    } catch (error) {
      const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
      return engineErrors.logFileEnded(this.close() ?? '', code, message);
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
