import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { exitFiles, removeQuietly } from '../exit-files.ts';

/**
 * Where the processes of a user find the one that holds a port. The same for all of a user's sessions, so not in a
 * folder that only some of them know.
 */
export class BrokerPlace {
  readonly #path: string;
  /** A name that the system frees with its owner's death. */
  readonly #election: string | null;

  /** @param device The port's path, as everybody names it. @throws when the folder is not private */
  constructor(device: string) {
    const digest = createHash('sha256').update(device).digest('hex').slice(0, 24);
    const user = process.getuid?.() ?? userInfo().username;
    if (process.platform === 'win32') {
      this.#path = `\\\\.\\pipe\\hawser-com-${user}-${digest}`;
      this.#election = null;
      return;
    }
    const folder = join(tmpdir(), `hawser-com-${user}`);
    privateFolder(folder);
    this.#path = join(folder, digest);
    this.#election = process.platform === 'linux' ? `\0hawser-com-${user}-${digest}` : null;
  }

  /** Whoever holds the port, or null when nobody does. */
  connect(): Promise<Socket | null> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.#path);
      socket.once('connect', () => resolve(socket));
      socket.on('error', (error: NodeJS.ErrnoException) => {
        socket.destroy();
        if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
        else reject(error);
      });
    });
  }

  /**
   * Becomes the one that holds the port; null when another process is about to. A socket's file stays when its owner is
   * killed, and two that both find it dead must not remove each other's: hence the election first, by a name without
   * a file. (Elsewhere than on Linux there is none, and a moment in which the second takes the first one's place.)
   */
  async elect(): Promise<Elected | null> {
    const election = this.#election === null ? null : await listen(this.#election);
    if (this.#election !== null && !election) return null;
    return {
      open: async () => {
        if (process.platform === 'win32') return listen(this.#path);
        removeQuietly(this.#path);
        const server = await listen(this.#path);
        if (server) exitFiles.add(this.#path);
        // Node removes it in closing.
        server?.once('close', () => exitFiles.delete(this.#path));
        return server;
      },
      close: () => {
        election?.close();
      },
    };
  }
}

export interface Elected {
  /** Lets others come in. Null when the place is taken after all. */
  open(): Promise<Server | null>;
  /** Gives the office up; the server is the caller's to close before. */
  close(): void;
}

/** Null when the place is taken. */
function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(path, () => {
      server.on('error', () => {});
      server.unref();
      resolve(server);
    });
  });
}

function privateFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
    throw new Error(`the folder ${folder} is not private to this user`);
}
