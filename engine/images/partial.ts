import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheError } from './errors.ts';

/**
 * A file that is on its way. It stands in the cache as KEY.OWNER, so that one that was interrupted can be gone on with: by
 * this process, or by another one when its owner is no more.
 */
export class Partial {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #folder: string;
  /** Bytes that are in it; those of an interrupted fetch at first. */
  done: number;

  private constructor(folder: string, path: string, handle: FileHandle, done: number) {
    this.#folder = folder;
    this.path = path;
    this.#handle = handle;
    this.done = done;
  }

  /** @param key what the bytes are of, exactly: a part of the same key is gone on with; null: begin anew */
  static async open(folder: string, key: string | null): Promise<Partial> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const unique = `${process.pid}${Math.random().toString(36).slice(2)}`;
      const name = `${key ?? unique}.${OWNER}.${unique}`;
      const path = join(folder, name);
      const adopted = key === null ? false : await adopt(folder, key, path);
      const handle = await open(path, adopted ? 'r+' : 'wx', 0o600);
      active.add(path);
      return new Partial(folder, path, handle, adopted ? (await handle.stat()).size : 0);
    } catch (error) {
      throw cacheError(folder, error);
    }
  }

  async write(chunk: Buffer): Promise<void> {
    try {
      for (let at = 0; at < chunk.length; ) {
        const { bytesWritten } = await this.#handle.write(chunk, at, chunk.length - at, this.done);
        at += bytesWritten;
        this.done += bytesWritten;
      }
    } catch (error) {
      throw cacheError(this.#folder, error);
    }
  }

  /** Throws away what is in it. */
  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.done = 0;
  }

  /** To disk, and closed; it stays where it is. */
  async seal(): Promise<void> {
    try {
      await this.#handle.datasync();
      await this.#handle.close();
    } catch (error) {
      throw cacheError(this.#folder, error);
    }
  }

  /** Gives it up; `keep`: somebody may go on with it. Nothing after it was sealed and moved away. */
  async end(keep: boolean): Promise<void> {
    await this.#handle.close().catch(() => {});
    active.delete(this.path);
    if (!keep || this.done === 0) await rm(this.path, { force: true }).catch(() => {});
  }
}

/** Those that this process is writing. */
const active = new Set<string>();

export function isBeingWritten(path: string): boolean {
  return active.has(path);
}

/** The largest part that nobody is writing takes the new name; the others go. Renaming has one winner. */
async function adopt(folder: string, key: string, path: string): Promise<boolean> {
  const found: { readonly path: string; readonly size: number }[] = [];
  for (const name of await readdir(folder)) {
    const old = join(folder, name);
    if (!name.startsWith(`${key}.`) || active.has(old) || isOwned(name)) continue;
    const size = (await stat(old).catch(() => null))?.size ?? 0;
    found.push({ path: old, size });
  }
  const [best, ...others] = found.sort((a, b) => b.size - a.size);
  for (const each of others) await rm(each.path, { force: true });
  if (!best) return false;
  return rename(best.path, path).then(
    () => true,
    () => false,
  );
}

/** By another process that lives, or may live: one that another kernel or container sees cannot be looked for. */
function isOwned(name: string): boolean {
  const [, owner = ''] = name.split('.');
  const [pid = '', start = '', space = ''] = owner.split('-');
  if (owner === OWNER) return false;
  if (space !== SPACE) return true;
  return startOf(Number(pid)) === start;
}

/** When a process was started, in the kernel's ticks; empty when there is none, which on other systems is not known. */
function startOf(pid: number): string {
  try {
    if (process.platform !== 'linux') {
      process.kill(pid, 0);
      return '0';
    }
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Where process ids mean the same: this boot of this machine, this container. */
const SPACE = createHash('sha256').update(spaceName()).digest('hex').slice(0, 12);
const OWNER = `${process.pid}-${startOf(process.pid)}-${SPACE}`;

function spaceName(): string {
  if (process.platform !== 'linux') return process.platform;
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1') + readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
