import type { ImageFacts, Machine } from '../machine/machine.ts';

/**
 * Finds the files of programs and libraries of another machine on this one, where GDB runs, and fetches those that
 * are not here. A file is the image when it has its build id; a name alone proves nothing. An image without one (or
 * with one too short to tell anything) is only ever taken from the cache, where size, time of change, path and
 * machine are those it was fetched with.
 *
 * Every method rejects with a HawserError. Nothing blocks: every one can run beside any other.
 */
export interface ImageStore {
  /**
   * Where symbols are looked for, as `.sympath` and `-y` have it: folders, `DebugInfoD*URL[*URL…]`,
   * `srv*[FOLDER*…]URL`, `cache*FOLDER`. What of it GDB can use is {@link debugFolders}. Servers of DEBUGINFOD_URLS come
   * after those of the path.
   */
  symbolPath: readonly string[];
  /**
   * For GDB's `set debug-file-directory`: folders of the symbol path, /usr/lib/debug, and the cache, which has the same
   * `.build-id/xx/yyyy.debug` trees. (`set solib-search-path` goes by names alone: not for other machines' targets.)
   */
  readonly debugFolders: readonly string[];
  /**
   * A file of this machine identical to the image: by build id in the symbol path, at the same path here, in the cache.
   * Quick: no network.
   * @param machineName of the image's machine; any that stays the same from session to session
   */
  find(image: ImageFacts, machineName: string): Promise<string | null>;
  /** A file of separate debug information: in the symbol path, /usr/lib/debug, the cache. Quick: no network. */
  findDebug(buildId: string): Promise<string | null>;
  /**
   * As find; else from debuginfod where configured; else from the target's machine. Two at once, the others wait in
   * order; the same image asked for twice is fetched once, and cancelled when nobody wants it any more. What was
   * interrupted goes on where it stopped when it is asked for again.
   *
   * Rejects `FETCH_CANCELLED`, `FILE_MISMATCH`, `FILE_INCOMPLETE`, `FILE_TOO_LARGE`, `CACHE_FULL`, `CACHE_UNUSABLE`, and with
   * what the machine's `readFile` fails with.
   */
  fetch(image: ImageFacts, options: FetchImageOptions): Promise<string>;
  /**
   * As findDebug; else from debuginfod. Null: no server has it, or none is configured. Rejects as {@link fetch} does, and
   * `DEBUGINFOD_FAILED` when a server could not be asked; that server is left alone for some minutes.
   */
  fetchDebug(buildId: string, options: FetchOptions): Promise<string | null>;
  /** Cancels what is under way; files that were found may be removed from the cache from now on. Idempotent. */
  dispose(): Promise<void>;
}

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Bytes so far, of how many; a few times a second. Not called for a file that was found. */
  progress(done: number, total: number | null): void;
  /** Where it comes from, when that begins: `birch`, `debuginfod.debian.net`. May be called again, with the next source. */
  from(place: string): void;
}

export interface FetchImageOptions extends FetchOptions {
  readonly machine: Machine;
  /** As it is shown, and as it was named to {@link ImageStore.find}. */
  readonly machineName: string;
  /** Process whose view of the file system the image's path is of; null: the server's. */
  readonly pid: number | null;
}

export interface ImageStoreOptions {
  readonly symbolPath?: readonly string[];
  /** `$XDG_CACHE_HOME/hawser/images` where left out. */
  readonly folder?: string;
  /** Bytes that the cache may have; 4 GiB where left out. */
  readonly limit?: number;
  /** DEBUGINFOD_URLS, DEBUGINFOD_TIMEOUT, DEBUGINFOD_MAXTIME, DEBUGINFOD_MAXSIZE, DEBUGINFOD_CACHE_PATH, XDG_CACHE_HOME. */
  readonly env?: NodeJS.ProcessEnv;
}
