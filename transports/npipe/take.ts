import { randomBytes } from 'node:crypto';
import { chmod, link, unlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { connectionErrors } from '../errors/connection-errors.ts';
import { onWindows, secureFolder, socketsOf } from './folder.ts';
import { isAlive } from './open.ts';

/** Rounds of losing a number to somebody else. */
const ROUNDS = 8;

export interface TakenPipe {
  readonly server: Server;
  /** Stops listening and frees the name. */
  close(): Promise<void>;
}

/** Listens on a path that nobody alive listens on. @throws HawserError `PIPE_IN_USE`, `PIPE_FOLDER_UNSAFE` */
export async function takePipe(path: string, pipe: string): Promise<TakenPipe> {
  const server = createServer();
  if (onWindows) {
    await listening(server, path).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' || error.code === 'EACCES'
        ? connectionErrors.pipeInUse(pipe, error)
        : error;
    });
    return { server, close: async () => void server.close() };
  }
  await secureFolder(dirname(path));
  // Made under a name of its own and then linked: a link is refused where something is, so that of two that take over
  // from the dead one wins, and no name ever leads to a socket that is not ready.
  const own = `${path}.~${randomBytes(6).toString('hex')}`;
  await listening(server, own);
  let claimed: string;
  try {
    await chmod(own, 0o600);
    claimed = await claim(own, path, pipe);
  } catch (error) {
    server.close();
    throw error;
  }
  await unlink(own);
  let closed: Promise<void> | undefined;
  return {
    server,
    close: () => {
      server.close();
      closed ??= unlink(claimed).catch(() => {});
      return closed;
    },
  };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/**
 * The socket of a pipe is `NAME.N`, and who takes over from the dead takes the next number: so nothing is ever removed by a
 * name that meanwhile is another's. @returns the path taken
 */
async function claim(own: string, path: string, pipe: string): Promise<string> {
  for (let round = 0; round < ROUNDS; round++) {
    const found = await socketsOf(path);
    for (const other of found) if (await isAlive(other.path)) throw connectionErrors.pipeInUse(pipe);
    const claimed = `${path}.${(found[0]?.number ?? 0) + 1}`;
    try {
      await link(own, claimed);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    await clearUp(claimed, path, pipe);
    return claimed;
  }
  throw connectionErrors.pipeInUse(pipe);
}

/** Removes the dead. Somebody alive, who has looked before the link was there, goes first. */
async function clearUp(claimed: string, path: string, pipe: string): Promise<void> {
  for (const other of await socketsOf(path)) {
    if (other.path === claimed) continue;
    if (await isAlive(other.path)) {
      await unlink(claimed);
      throw connectionErrors.pipeInUse(pipe);
    }
    await unlink(other.path).catch(() => {});
  }
}
