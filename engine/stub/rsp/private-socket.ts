import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Unix socket of this user's alone, which takes one connection. */
export interface PrivateSocket {
  readonly path: string;
  /** Its folder goes; who is connected stays. Idempotent. */
  leave(): Promise<void>;
  /** As {@link leave}, and who is connected is let go. */
  close(): Promise<void>;
}

/** @param serve called once, with whoever connects */
export async function openPrivateSocket(serve: (socket: Socket) => void): Promise<PrivateSocket> {
  // 0700 by itself; whoever cannot enter the folder cannot connect.
  const folder = await mkdtemp(join(tmpdir(), 'hawser-gdb-'));
  const path = join(folder, 'stub');
  let taken: Socket | null = null;
  const server = createServer((socket) => {
    if (taken) {
      socket.destroy();
      return;
    }
    taken = socket;
    server.close();
    serve(socket);
  });
  await listen(server, path).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const leave = async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    path,
    leave,
    close: async () => {
      taken?.destroy();
      await leave();
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
}
