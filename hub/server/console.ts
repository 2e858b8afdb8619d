import { type FileHandle, open, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { fromResponseError, toResponseError } from '../../engine/rpc/errors.ts';
import type { Administration } from './administration.ts';
import { administrationErrors } from './errors.ts';

const FILE = 'console.sock';

const methods = [
  'addAccount',
  'listAccounts',
  'changeAccount',
  'setPassword',
  'removeAccount',
  'listSessions',
  'terminate',
  'audit',
] as const satisfies readonly (keyof Administration)[];

/**
 * The hub's own console, for whoever runs as the hub's user on this machine: a socket in the data folder, which is nobody
 * else's. @returns what ends it
 */
export async function openConsole(
  folder: string,
  administration: Administration,
): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    serve(socket, administration);
  });
  // What is there is of a hub that was cut off: the store, which has one owner, is ours.
  await rm(join(folder, FILE), { force: true });
  const place = await shortPath(folder);
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(place.path, resolve);
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw administrationErrors.settings(
      `${join(folder, FILE)} cannot be made: ${why}`,
      'Check the folder.',
      error,
    );
  } finally {
    process.umask(mask);
  }
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
    await rm(join(folder, FILE), { force: true });
    await place.release();
  };
}

function serve(socket: Socket, administration: Administration): void {
  const connection = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  );
  connection.onError(() => socket.destroy());
  connection.onClose(() => connection.dispose());
  for (const method of methods)
    connection.onRequest(method, async (...given: unknown[]) => {
      // The last one is the library's token.
      const parameters = given.slice(0, -1).map((each) => each ?? undefined);
      const run = administration[method] as (...parameters: unknown[]) => Promise<unknown>;
      return run(...parameters).catch(toResponseError);
    });
  connection.listen();
}

/** The console of the hub that runs on a folder. @throws HawserError `HUB_NOT_RUNNING` */
export async function withConsole<T>(folder: string, use: (hub: Administration) => Promise<T>): Promise<T> {
  const socket = await reach(folder);
  const connection = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  );
  connection.onError(() => undefined);
  connection.listen();
  const administration = Object.fromEntries(
    methods.map((method) => [
      method,
      (...parameters: unknown[]) =>
        connection
          .sendRequest(method, ...parameters.map((each) => each ?? null))
          .catch((error: unknown) => Promise.reject(fromResponseError(error))),
    ]),
  ) as unknown as Administration;
  try {
    return await use(administration);
  } finally {
    connection.dispose();
    socket.destroy();
  }
}

async function reach(folder: string): Promise<Socket> {
  try {
    const place = await shortPath(folder);
    try {
      return await new Promise<Socket>((resolve, reject) => {
        const socket = connect(place.path, () => resolve(socket));
        socket.once('error', reject);
      });
    } finally {
      await place.release();
    }
  } catch (error) {
    throw administrationErrors.hubNotRunning(folder, error);
  }
}

/** Of a Unix socket, whose name has room for 107 bytes: by way of the open folder. */
async function shortPath(folder: string): Promise<{ readonly path: string; release(): Promise<void> }> {
  const path = join(folder, FILE);
  if (Buffer.byteLength(path) < 100 || process.platform !== 'linux')
    return { path, release: async () => undefined };
  const handle: FileHandle = await open(folder);
  return { path: `/proc/self/fd/${handle.fd}/${FILE}`, release: () => handle.close() };
}
