import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Size at which a spool file is closed and the next one begun, so that old ones can go whole. */
const FILE_BYTES = 32 * 1024 * 1024;

interface SpoolFile {
  readonly handle: FileHandle;
  readonly path: string;
  size: number;
  /** Chunks that still stand in it. */
  live: number;
}

/**
 * Where an event log puts what is too old to keep in memory: files in a private folder that goes with the
 * log. Readable by the owner only, since a log holds what the target's memory held.
 */
export class Spool {
  readonly #folder: string;
  readonly #files = new Map<number, SpoolFile>();
  #current = 0;
  #made = false;

  constructor(parent = tmpdir()) {
    this.#folder = join(parent, `hawser-log-${process.pid}-${randomBytes(6).toString('hex')}`);
  }

  /** @throws the system's error when the disk is full or refuses. */
  async write(bytes: Buffer): Promise<{ readonly file: number; readonly offset: number }> {
    const file = await this.#writable();
    const offset = file.size;
    // A disk that becomes full takes a part, and says so at the next one.
    for (let done = 0; done < bytes.byteLength; ) {
      const { bytesWritten } = await file.handle.write(bytes, done, bytes.byteLength - done, offset + done);
      done += bytesWritten;
    }
    file.size += bytes.byteLength;
    file.live++;
    return { file: this.#current, offset };
  }

  async read(at: { readonly file: number; readonly offset: number }, length: number): Promise<Buffer> {
    const file = this.#files.get(at.file);
    if (!file) throw new Error('spool file is gone');
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.handle.read(bytes, done, length - done, at.offset + done);
      if (bytesRead === 0) throw new Error('spool file is shorter than what was written');
      done += bytesRead;
    }
    return bytes;
  }

  /** A chunk is not wanted any more; its file goes with the last one in it. */
  async forget(at: { readonly file: number }): Promise<void> {
    const file = this.#files.get(at.file);
    if (!file || --file.live > 0 || at.file === this.#current) return;
    this.#files.delete(at.file);
    await file.handle.close();
    await rm(file.path, { force: true });
  }

  async dispose(): Promise<void> {
    await Promise.allSettled([...this.#files.values()].map((file) => file.handle.close()));
    this.#files.clear();
    if (this.#made) await rm(this.#folder, { recursive: true, force: true });
  }

  async #writable(): Promise<SpoolFile> {
    const current = this.#files.get(this.#current);
    if (current && current.size < FILE_BYTES) return current;
    if (!this.#made) {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      this.#made = true;
    }
    const path = join(this.#folder, `${this.#current + 1}.events`);
    const file = { handle: await open(path, 'wx+', 0o600), path, size: 0, live: 0 };
    this.#files.set(++this.#current, file);
    return file;
  }
}
