import { homedir } from 'node:os';
import { basename, posix } from 'node:path';
import { HawserError } from '../../transports/errors/error.ts';
import type { ImageFacts } from '../machine/machine.ts';
import { cacheFolder, DEFAULT_LIMIT, ImageCache, imageKey, type Kind } from './cache.ts';
import { inspectElf, normalBuildId } from './elf-file.ts';
import { imageErrors } from './errors.ts';
import { findDebugInformation, findImage, systemDebug } from './local-files.ts';
import type { Partial } from './partial.ts';
import { receive } from './receive.ts';
import { Sharing, Slots } from './sharing.ts';
import type { FetchImageOptions, FetchOptions, ImageStore, ImageStoreOptions } from './store.ts';
import { environmentServers, parseSymbolPath, type SymbolPath, type SymbolServer } from './symbol-path.ts';
import { SymbolServers } from './symbol-server.ts';

/** Most bytes of one file. */
export const MAX_FILE = 2 * 1024 * 1024 * 1024;

/** Fetches at once; images do not wait for debug information. */
const AT_ONCE = 2;

export function createImageStore(options: ImageStoreOptions = {}): ImageStore {
  return new LocalImageStore(options);
}

/** What is asked of a symbol server. */
interface Wanted {
  readonly buildId: string;
  readonly kind: Kind;
  /** Base name of the image, and size of it where that is known. */
  readonly name: string;
  readonly size: number;
  /** For people. */
  readonly what: string;
}

class LocalImageStore implements ImageStore {
  readonly #env: NodeJS.ProcessEnv;
  readonly #cache: ImageCache;
  readonly #servers: SymbolServers;
  readonly #images = new Sharing<string>();
  readonly #debug = new Sharing<string | null>();
  readonly #imageSlots = new Slots(AT_ONCE);
  readonly #debugSlots = new Slots(AT_ONCE);
  readonly #end = new AbortController();
  #symbolPath: readonly string[] = [];
  #parsed: SymbolPath = { folders: [], servers: [] };

  constructor(options: ImageStoreOptions) {
    this.#env = options.env ?? process.env;
    const folder = options.folder ?? cacheFolder(this.#env, homedir());
    this.#cache = new ImageCache(folder, options.limit ?? DEFAULT_LIMIT);
    this.#servers = new SymbolServers(this.#env);
    this.symbolPath = options.symbolPath ?? [];
  }

  get symbolPath(): readonly string[] {
    return this.#symbolPath;
  }

  set symbolPath(parts: readonly string[]) {
    this.#symbolPath = parts;
    this.#parsed = parseSymbolPath(parts);
  }

  get debugFolders(): readonly string[] {
    return [...this.#parsed.folders, systemDebug(), this.#cache.folder];
  }

  async find(image: ImageFacts, machine: string): Promise<string | null> {
    const buildId = normalBuildId(image.buildId);
    if (buildId === null) return this.#cache.findNameless(image, machine);
    const { folders } = this.#parsed;
    return (
      (await findImage(buildId, image.path, image.size, folders, this.#env)) ??
      (await this.#cache.find(buildId, 'executable', image.size))
    );
  }

  async findDebug(buildId: string): Promise<string | null> {
    const id = normalBuildId(buildId);
    if (id === null) return null;
    return (
      (await findDebugInformation(id, this.#parsed.folders, this.#env)) ??
      (await this.#cache.find(id, 'debuginfo', 0))
    );
  }

  async fetch(image: ImageFacts, options: FetchImageOptions): Promise<string> {
    const key = imageKey(image, options.machineName);
    const shared = this.#images.has(key);
    const asker = { ...options, signal: this.#signal(options) };
    const ask = () =>
      this.#images.ask(
        key,
        asker,
        (job) => this.#image(image, { ...options, ...job }),
        () => imageErrors.fetchCancelled(nameOf(image)),
      );
    try {
      return await ask();
    } catch (error) {
      // Another's machine may have failed it; this one's is asked then.
      if (!shared || asker.signal.aborted) throw error;
      return ask();
    }
  }

  async fetchDebug(buildId: string, options: FetchOptions): Promise<string | null> {
    const id = normalBuildId(buildId);
    if (id === null) return null;
    const what = `debug information of build id ${id}`;
    const asker = { ...options, signal: this.#signal(options) };
    return this.#debug.ask(
      id,
      asker,
      async (job) => {
        const place = this.#debugSlots.queue(job.signal);
        try {
          const found = await this.findDebug(id);
          if (found !== null || this.#sources().length === 0) return found;
          await place.turn;
          const wanted = { buildId: id, kind: 'debuginfo', name: id, size: 0, what } as const;
          const { path, error } = await this.#fromServers(wanted, job);
          if (path === null && error !== null) throw error;
          return path;
        } finally {
          place.leave();
        }
      },
      () => imageErrors.fetchCancelled(what),
    );
  }

  async dispose(): Promise<void> {
    this.#end.abort();
    this.#cache.release();
  }

  #signal({ signal }: FetchOptions): AbortSignal {
    return AbortSignal.any([signal, this.#end.signal]);
  }

  #sources(): readonly SymbolServer[] {
    const all = [...this.#parsed.servers, ...environmentServers(this.#env)];
    return all.filter((each, index) => all.findIndex((other) => other.url === each.url) === index);
  }

  async #image(image: ImageFacts, options: FetchImageOptions): Promise<string> {
    const { machineName } = options;
    const place = this.#imageSlots.queue(options.signal);
    try {
      const found = await this.find(image, machineName);
      if (found !== null) return found;
      await place.turn;
      // While this one waited, another process may have fetched it.
      const come = await this.find(image, machineName);
      if (come !== null) return come;
      const buildId = normalBuildId(image.buildId);
      if (buildId !== null) {
        const name = posix.basename(image.path);
        const wanted = { buildId, kind: 'executable', name, size: image.size, what: nameOf(image) } as const;
        const { path } = await this.#fromServers(wanted, options);
        if (path !== null) return path;
      }
      return await this.#fromMachine(image, buildId, options);
    } finally {
      place.leave();
    }
  }

  /** From the first server that has it. An error of one does not keep the next from being asked. */
  async #fromServers(
    wanted: Wanted,
    options: FetchOptions,
  ): Promise<{ path: string | null; error: unknown }> {
    let failure: unknown = null;
    for (const server of this.#sources()) {
      try {
        const path = await this.#fromServer(server, wanted, options);
        if (path !== null) return { path, error: null };
      } catch (error) {
        if (options.signal.aborted || isCacheError(error)) throw error;
        failure ??= error;
      }
    }
    return { path: null, error: failure };
  }

  async #fromServer(server: SymbolServer, wanted: Wanted, options: FetchOptions): Promise<string | null> {
    const { host } = new URL(server.url);
    const { signal } = options;
    return this.#servers.ask(server, { ...wanted, limit: MAX_FILE, signal }, async (file) => {
      const { body, total, limit } = file;
      options.from(host);
      const partial = await this.#cache.begin(null, total ?? 0);
      const received = (done: number) => {
        file.alive();
        options.progress(done, total);
      };
      try {
        await receive(body, partial, { what: wanted.what, limit, signal, received });
        await partial.seal();
        await verify(partial.path, host, wanted);
        return await this.#cache.keep(partial, this.#cache.pathOf(wanted.buildId, wanted.kind));
      } finally {
        await partial.end(false);
      }
    });
  }

  async #fromMachine(image: ImageFacts, buildId: string | null, options: FetchImageOptions): Promise<string> {
    const what = nameOf(image);
    const { machineName } = options;
    if (image.size > MAX_FILE) throw imageErrors.fileTooLarge(what, image.size, MAX_FILE);
    options.from(machineName);
    const final =
      buildId === null
        ? this.#cache.pathOfNameless(image, machineName)
        : this.#cache.pathOf(buildId, 'executable');
    // What may have changed without that being seen is not gone on with.
    const certain = image.size > 0 && image.modified > 0;
    const identity = certain ? [machineName, image.path, image.size, image.modified, buildId] : null;
    const partial = await this.#cache.begin(identity, image.size);
    let keep = false;
    try {
      if (image.size > 0 && partial.done > image.size) await partial.restart();
      await this.#read(image, options, partial).catch((error: unknown) => {
        // The bytes are good as far as they go, unless it is they that were the trouble.
        keep = identity !== null && !isFileError(error) && !isCacheError(error);
        throw error;
      });
      await partial.seal();
      if (buildId !== null)
        await verify(partial.path, machineName, { buildId, kind: 'executable', size: image.size, what });
      else await unchanged(image, options);
      return await this.#cache.keep(partial, final ?? this.#cache.pathOfUnknown());
    } finally {
      await partial.end(keep);
    }
  }

  async #read(image: ImageFacts, options: FetchImageOptions, partial: Partial): Promise<void> {
    const what = nameOf(image);
    const total = image.size > 0 ? image.size : null;
    options.progress(partial.done, total);
    const stream = options.machine.readFile(image.path, options.pid, partial.done);
    const received = (done: number) => {
      if (total !== null && done > total)
        throw imageErrors.fileMismatch(what, options.machineName, `it is larger than ${total} bytes`);
      options.progress(done, total);
    };
    await receive(stream, partial, { what, limit: MAX_FILE, signal: options.signal, received });
    if (total !== null && partial.done < total)
      throw imageErrors.fileIncomplete(what, options.machineName, partial.done, total);
  }
}

/** @throws HawserError `FILE_MISMATCH` */
async function verify(path: string, place: string, wanted: Omit<Wanted, 'name'>): Promise<void> {
  const facts = await inspectElf(path);
  const wrong = (why: string) => imageErrors.fileMismatch(wanted.what, place, why);
  if (facts === null) throw wrong('it is no ELF file');
  if (facts.buildId !== wanted.buildId)
    throw wrong(`its build id is ${facts.buildId ?? 'missing'}, not ${wanted.buildId}`);
  if (!facts.complete && facts.size !== wanted.size) throw wrong('it is cut short');
  if (wanted.kind === 'executable' && !facts.program)
    throw wrong('it is debug information without a program');
}

/** An image without a build id: all that can be known is that it did not change while it was read. */
async function unchanged(image: ImageFacts, options: FetchImageOptions): Promise<void> {
  const [now] = await options.machine.images(options.pid, [image.path]);
  if (now && now.size === image.size && now.modified === image.modified && now.buildId === image.buildId)
    return;
  throw imageErrors.fileMismatch(nameOf(image), options.machineName, 'it was changed meanwhile');
}

function nameOf(image: ImageFacts): string {
  return basename(image.path) || image.path;
}

function isCacheError(error: unknown): boolean {
  return error instanceof HawserError && error.code.startsWith('CACHE_');
}

function isFileError(error: unknown): boolean {
  return (
    error instanceof HawserError &&
    ['FILE_MISMATCH', 'FILE_INCOMPLETE', 'FILE_TOO_LARGE'].includes(error.code)
  );
}
