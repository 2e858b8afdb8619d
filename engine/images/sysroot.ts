import { mkdir, mkdtemp, realpath, rm, stat, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheError } from './errors.ts';

const MAX_PATH = 2048;
const MAX_NAME = 255;
/** Folders and links: a stub that names libraries without end is not followed. */
const MAX_ENTRIES = 100_000;

/** What a file system that is stricter with names says. */
const UNUSABLE_NAME = new Set(['ENAMETOOLONG', 'EILSEQ', 'EINVAL', 'EEXIST', 'ENOTDIR']);

/**
 * A private folder for one session that mirrors paths of another machine as links to files of this one: what GDB's
 * `set sysroot` is given, so that it finds a library under the name by which the target loaded it.
 *
 * The names come from the other machine and may be hostile: nothing is ever made outside of the folder. Every folder in it is a
 * real one made here, never a link, so that a path can be followed by what this object knows.
 */
export class Sysroot {
  readonly folder: string;
  /** What stands in the folder, by path below it: null for a folder, else where the link leads. */
  readonly #entries = new Map<string, string | null>();
  #queue: Promise<unknown> = Promise.resolve();
  #disposed = false;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param parent folder for it; the system's for temporary files where left out */
  static async create(parent = tmpdir()): Promise<Sysroot> {
    // GDB may show names with links resolved.
    return new Sysroot(await mkdtemp(join(await realpath(parent), 'hawser-sysroot-')));
  }

  /**
   * Makes `remotePath` lead to `localPath`, a regular file that the image store gave. Where it stands in the folder; null
   * for a name that cannot be mirrored: relative, above the root, of odd bytes, too long, a folder already, or with a
   * file where it needs a folder.
   *
   * Names like `/opt/app/bin/../lib/x.so`, which programs with an `$ORIGIN` have, can be found as they are and without the dots.
   */
  add(remotePath: string, localPath: string): Promise<string | null> {
    const added = this.#queue.then(() => this.#add(remotePath, localPath));
    this.#queue = added.catch(() => {});
    return added;
  }

  /** The remote path, without dots, of a path in the folder; null: not in it. */
  remote(path: string): string | null {
    return path.startsWith(`${this.folder}/`) ? path.slice(this.folder.length) : null;
  }

  /** Removes the folder; idempotent. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#queue;
    await rm(this.folder, { recursive: true, force: true });
  }

  async #add(remotePath: string, localPath: string): Promise<string | null> {
    const steps = stepsOf(remotePath);
    if (steps === null || this.#disposed) return null;
    if (!localPath.startsWith('/') || !(await stat(localPath).catch(() => null))?.isFile()) return null;
    const { folders, path } = steps;
    if ([...folders].some((folder) => typeof this.#entries.get(folder) === 'string')) return null;
    const there = this.#entries.get(path);
    if (there === null) return null;
    const full = this.folder + path;
    if (this.#entries.size + folders.size >= MAX_ENTRIES) return null;
    try {
      for (const folder of folders) await this.#makeFolder(folder);
      if (there === localPath) return full;
      if (there !== undefined) await unlink(full);
      this.#entries.delete(path);
      await symlink(localPath, full);
    } catch (error) {
      if (UNUSABLE_NAME.has((error as NodeJS.ErrnoException).code ?? '')) return null;
      throw cacheError(this.folder, error);
    }
    this.#entries.set(path, localPath);
    return full;
  }

  async #makeFolder(path: string): Promise<void> {
    if (this.#entries.has(path)) return;
    await mkdir(this.folder + path, { mode: 0o700 });
    this.#entries.set(path, null);
  }
}

/** The folders that a path goes through, in the order to make them in, and where it ends; null: it is refused. */
function stepsOf(remotePath: string): { folders: ReadonlySet<string>; path: string } | null {
  // Bytes that are no UTF-8 came as U+FFFD: GDB would look for others.
  const odd = /[\0\ufffd\p{Surrogate}]/u.test(remotePath) || Buffer.byteLength(remotePath) > MAX_PATH;
  if (odd || !remotePath.startsWith('/') || /\/\.{0,2}$/.test(remotePath)) return null;
  const folders = new Set<string>();
  const names = remotePath.split('/').filter((name) => name !== '' && name !== '.');
  const last = names.pop();
  if (last === undefined || Buffer.byteLength(last) > MAX_NAME) return null;
  const at: string[] = [];
  for (const name of names) {
    if (Buffer.byteLength(name) > MAX_NAME) return null;
    if (name !== '..') {
      at.push(name);
      folders.add(`/${at.join('/')}`);
    } else if (at.pop() === undefined) return null;
  }
  const path = `/${[...at, last].join('/')}`;
  return folders.has(path) ? null : { folders, path };
}
