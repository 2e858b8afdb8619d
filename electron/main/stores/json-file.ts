import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

export interface StoreLog {
  warn(message: string): void;
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/**
 * A small file of JSON: written whole or not at all, checked when read. A file that does not hold what it
 * should is set aside as `NAME.broken`, which is said, and its place is taken by `fallback`.
 */
export class JsonFile<T> {
  readonly path: string;
  readonly #schema: z.ZodType<T>;
  readonly #fallback: () => T;
  readonly #log: StoreLog;
  readonly #indent: number;

  /** @param readable for people: a line for each value */
  constructor(
    path: string,
    schema: z.ZodType<T>,
    fallback: () => T,
    log: StoreLog,
    { readable = false }: { readonly readable?: boolean } = {},
  ) {
    this.path = path;
    this.#indent = readable ? 2 : 0;
    this.#schema = schema;
    this.#fallback = fallback;
    this.#log = log;
  }

  read(): T {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if (!isMissing(error)) this.#log.warn(`${this.path} cannot be read: ${String(error)}`);
      return this.#fallback();
    }
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch (error) {
      this.#setAside(error);
      return this.#fallback();
    }
  }

  /** False: it could not be written, which is logged; what is kept there is a convenience. */
  write(value: T): boolean {
    try {
      this.mustWrite(value);
      return true;
    } catch (error) {
      this.#log.warn(`${this.path} cannot be written: ${String(error)}`);
      return false;
    }
  }

  /** @throws what the file system says */
  mustWrite(value: T): void {
    const fresh = `${this.path}.${process.pid}.new`;
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(fresh, `${JSON.stringify(value, null, this.#indent)}\n`, { mode: 0o600 });
    renameSync(fresh, this.path);
  }

  /** Reads again before writing: another window of Hawser may have written meanwhile. */
  update(change: (value: T) => T): T {
    const value = change(this.read());
    this.write(value);
    return value;
  }

  #setAside(error: unknown): void {
    const aside = `${this.path}.broken`;
    this.#log.warn(`${this.path} is broken and was set aside as ${aside}: ${String(error)}`);
    try {
      renameSync(this.path, aside);
    } catch (failure) {
      this.#log.warn(`It cannot be set aside: ${String(failure)}`);
    }
  }
}
