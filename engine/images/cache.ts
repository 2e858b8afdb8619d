import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImageFacts } from '../machine/machine.ts';
import { inspectElf, normalBuildId } from './elf-file.ts';
import { cacheError, imageErrors } from './errors.ts';
import { isBeingWritten, Partial } from './partial.ts';

export const DEFAULT_LIMIT = 4 * 1024 * 1024 * 1024;

/** A disk is not filled to its last byte. */
const MARGIN = 16 * 1024 * 1024;

/** What was used within this time may be another process' that cannot be asked; it says so by touching its files more often. */
const SPARE_MS = 30 * 60 * 1000;
const TOUCH_MS = 10 * 60 * 1000;

/** Other processes add to the cache as well: it is counted again after this time, or when it seems to be full. */
const COUNT_MS = 60 * 1000;

export type Kind = 'executable' | 'debuginfo';

/** Uses of cached files by all stores of this process. */
const uses = new Map<string, number>();

/**
 * Fetched files, kept for the next session: `.build-id/xx/yyyy` and `.build-id/xx/yyyy.debug`, as GDB has them too; those
 * without a build id under a digest of all that is known of them. Many processes use it at once: a file appears whole, by
 * renaming, and what is in use is never removed.
 */
export class ImageCache {
  readonly folder: string;
  readonly #limit: number;
  readonly #held = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #ready: Promise<void> | null = null;
  /** Bytes when they were last counted, and when that was; bytes that this store has added since. */
  #total = 0;
  #counted = 0;
  #added = 0;

  constructor(folder: string, limit: number) {
    this.folder = folder;
    this.#limit = limit;
  }

  /** @throws HawserError `CACHE_UNUSABLE`, `CACHE_FULL` */
  ready(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = null;
      throw cacheError(this.folder, error);
    });
    return this.#ready;
  }

  async #prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const found = await lstat(this.folder);
    const own = process.getuid?.();
    if (!found.isDirectory()) throw imageErrors.cacheUnusable(this.folder, 'it is no folder');
    if (own !== undefined && found.uid !== own)
      throw imageErrors.cacheUnusable(this.folder, 'it belongs to another user');
    if ((found.mode & 0o077) !== 0) await chmod(this.folder, 0o700);
  }

  /** Where a file of this build id stands, whether or not it does. */
  pathOf(buildId: string, kind: Kind): string {
    const end = kind === 'debuginfo' ? '.debug' : '';
    return join(this.folder, '.build-id', buildId.slice(0, 2), `${buildId.slice(2)}${end}`);
  }

  /** As {@link pathOf}, for an image without a build id; null: too little is known of it for it to be told from others. */
  pathOfNameless(image: ImageFacts, machine: string): string | null {
    if (image.size === 0 || image.modified === 0) return null;
    return join(this.folder, 'nameless', digest([machine, image.path, image.size, image.modified]));
  }

  /** Where an image goes that nobody could find again. */
  pathOfUnknown(): string {
    return join(this.folder, 'nameless', randomBytes(20).toString('hex'));
  }

  /** @param size of the file where that is known, else 0 */
  async find(buildId: string, kind: Kind, size: number): Promise<string | null> {
    const path = this.pathOf(buildId, kind);
    const facts = await inspectElf(path);
    const whole = facts?.buildId === buildId && (facts.complete || facts.size === size);
    return whole && (await this.hold(path)) ? path : null;
  }

  async findNameless(image: ImageFacts, machine: string): Promise<string | null> {
    const path = this.pathOfNameless(image, machine);
    const found = path === null ? null : await stat(path).catch(() => null);
    return path !== null && found?.size === image.size && (await this.hold(path)) ? path : null;
  }

  /**
   * A file to fetch into. @param identity all that the bytes depend on, for going on with an interrupted fetch
   * @param size bytes that will come; 0 where not known
   */
  async begin(identity: readonly unknown[] | null, size: number): Promise<Partial> {
    await this.ready();
    const key = identity === null ? null : digest(identity);
    const partial = await Partial.open(join(this.folder, 'partial'), key);
    try {
      await this.#makeRoom(Math.max(0, size - partial.done));
      return partial;
    } catch (error) {
      await partial.end(true);
      throw error;
    }
  }

  /** A fetched file, sealed and verified, takes its place. */
  async keep(partial: Partial, path: string): Promise<string> {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // Held first, so that nobody of this process makes room with it.
      this.#use(path);
      await rename(partial.path, path);
    } catch (error) {
      throw cacheError(this.folder, error);
    }
    this.#added += partial.done;
    await this.#makeRoom(0);
    return path;
  }

  /** False: it has gone meanwhile. */
  async hold(path: string): Promise<boolean> {
    this.#use(path);
    return touch(path);
  }

  #use(path: string): void {
    if (this.#held.has(path)) return;
    this.#held.add(path);
    uses.set(path, (uses.get(path) ?? 0) + 1);
    this.#timer ??= setInterval(() => void Promise.all([...this.#held].map(touch)), TOUCH_MS).unref();
  }

  /** Lets go what was found or fetched. */
  release(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    for (const path of this.#held) {
      const left = (uses.get(path) ?? 1) - 1;
      if (left > 0) uses.set(path, left);
      else uses.delete(path);
    }
    this.#held.clear();
  }

  /** The files used longest ago go until so much more has room, within the limit and on the disk. */
  async #makeRoom(size: number): Promise<void> {
    const disk = await statfs(this.folder).catch(() => null);
    // What cannot be known (file systems that say 0 of 0) hinders nothing.
    let free = disk && disk.blocks > 0 ? disk.bavail * disk.bsize - MARGIN : Number.POSITIVE_INFINITY;
    const fits = (total: number) => total + size <= this.#limit && (size === 0 || size <= free);
    if (Date.now() - this.#counted < COUNT_MS && fits(this.#total + this.#added)) return;
    const files = await this.#files();
    let total = files.reduce((sum, file) => sum + file.size, 0);
    for (const file of files.sort((a, b) => a.used - b.used)) {
      if (fits(total)) break;
      if (uses.has(file.path) || isBeingWritten(file.path) || Date.now() - file.used < SPARE_MS) continue;
      await rm(file.path, { force: true }).catch(() => {});
      total -= file.size;
      free += file.size;
    }
    this.#total = total;
    this.#added = 0;
    this.#counted = Date.now();
    if (size > 0 && size > free) throw imageErrors.cacheFull(this.folder);
  }

  async #files(): Promise<{ readonly path: string; readonly size: number; readonly used: number }[]> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = [];
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const found = await lstat(path).catch(() => null);
      if (found) files.push({ path, size: found.size, used: Math.max(found.atimeMs, found.mtimeMs) });
    }
    return files;
  }
}

/** Where the cache is unless told otherwise. */
export function cacheFolder(env: NodeJS.ProcessEnv, home: string): string {
  const base = env.XDG_CACHE_HOME;
  return join(base?.startsWith('/') ? base : join(home, '.cache'), 'hawser/images');
}

export function imageKey(image: ImageFacts, machine: string): string {
  return (
    normalBuildId(image.buildId) ?? digest([machine, image.path, image.size, image.modified, image.buildId])
  );
}

/** Says that it is used, on file systems too that do not note it by themselves. */
async function touch(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    await utimes(path, new Date(), found.mtime);
    return true;
  } catch {
    return false;
  }
}

function digest(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 40);
}
