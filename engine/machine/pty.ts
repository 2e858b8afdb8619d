import { closeSync, constants, fstatSync, openSync, readdirSync } from 'node:fs';

/** What `open` of `@lydell/node-pty` gives, as far as it is used here; the library's types leave it out. */
interface LibraryPty {
  readonly ptsName?: string;
  readonly _pty?: string;
  readonly master?: PtyMaster;
  readonly _fd?: number;
  readonly slave?: { destroy(): void };
}

export interface PtyMaster {
  on(event: 'data', listener: (chunk: Buffer) => void): void;
  on(event: 'error' | 'end' | 'close', listener: () => void): void;
  destroy(): void;
  write(bytes: Buffer | string): boolean;
  pause(): void;
  resume(): void;
}

/** A pseudo-terminal: bytes, and no display. */
export interface Pty {
  readonly master: PtyMaster;
  /** The master's file descriptor. */
  readonly fd: number;
  /** The path of the programs' end. */
  readonly name: string;
  /** The programs' end, to be closed by the caller. While it is held the master stays usable though no program has the terminal. */
  readonly held: number;
}

/** @throws Error where the library does not load or the system has no terminal left: its message says which */
export async function openPty(size: { readonly cols: number; readonly rows: number }): Promise<Pty> {
  const pty = await libraryPty(size);
  const { master, _fd: fd } = pty;
  const name = pty.ptsName ?? pty._pty;
  if (!name || !master || fd === undefined)
    throw new Error('the terminal library gives no terminal on its system');
  const held = openSync(name, constants.O_RDWR | constants.O_NOCTTY);
  holdAlone(held, pty.slave);
  // Its own listener throws into the event loop. EIO comes when nobody has the terminal any more and all has been read.
  (master as PtyMaster & { removeAllListeners(event: string): void }).removeAllListeners('error');
  master.on('error', () => {});
  return { master, fd, name, held };
}

async function libraryPty(size: object): Promise<LibraryPty> {
  let library: { open(options: object): LibraryPty };
  try {
    library = (await import('@lydell/node-pty')) as unknown as typeof library;
    return library.open({ ...size, encoding: null });
  } catch (error) {
    throw new Error(`the terminal library did not load (${error instanceof Error ? error.message : error})`);
  }
}

/**
 * Closes the programs' end of a new pseudo-terminal, as the library gives it, but for the file `held`. The library's stream on
 * it would swallow the programs' input, and Node, which opens a terminal anew for a stream, leaves the file it was given open
 * when the stream ends: the terminal would never be free, and whoever waits for that would wait for ever.
 */
function holdAlone(held: number, stream: { destroy(): void } | undefined): void {
  stream?.destroy();
  const terminal = fstatSync(held).rdev;
  for (const file of readdirSync('/dev/fd').map(Number)) {
    if (file !== held && deviceOf(file) === terminal) closeSync(file);
  }
}

function deviceOf(file: number): number | null {
  try {
    return fstatSync(file).rdev;
  } catch {
    // The folder that was just read.
    return null;
  }
}
