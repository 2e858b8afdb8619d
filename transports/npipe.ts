import { dirname } from 'node:path';
import type { Duplex } from 'node:stream';
import type { PipeClient, PipeServer } from './connection-string/pipes.ts';
import { connectionErrors } from './errors/connection-errors.ts';
import { HawserError } from './errors/error.ts';
import { checkFolder, onWindows, pathsOf, socketsOf } from './npipe/folder.ts';
import { expandPipeName } from './npipe/name.ts';
import { isAlive, isDead, openPipe } from './npipe/open.ts';
import { resolvePipe } from './npipe/resolve.ts';
import { takePipe } from './npipe/take.ts';
import { isThisMachineOrThrow } from './npipe/this-machine.ts';
import type { Connection, ConnectOptions, Listening, Transport } from './transport.ts';

/** Named pipes: on Linux and macOS a Unix socket in a folder that is this user's alone, on Windows the system's own. */
export const npipe: Transport<'npipe'> = {
  protocol: 'npipe',
  connect: connectPipe,
  listen: listenPipe,
};

/** Reaches a pipe. @throws HawserError */
export async function connectPipe(target: PipeClient, options: ConnectOptions): Promise<Connection> {
  const { pipe, server } = target;
  if (options.signal.aborted) throw connectionErrors.cancelled();
  if (server !== undefined && !(await isThisMachineOrThrow(server))) {
    const stream = await resolvePipe(server, pipe, options);
    if (!stream) throw connectionErrors.pipeNotFound(pipe);
    return connectionOf(stream, `\\\\${server}\\${pipe}`);
  }
  const stream = (await openOwn(pipe, options)) ?? (await resolvePipe(undefined, pipe, options));
  if (!stream) throw connectionErrors.pipeNotFound(pipe);
  return connectionOf(stream, pipe);
}

/** The pipe in this user's own folders; null when it is in none. */
async function openOwn(pipe: string, options: ConnectOptions): Promise<Duplex | null> {
  for (const base of pathsOf(pipe)) {
    for (const { path } of await socketsOf(base)) {
      const socket = await openOne(path, pipe, options);
      if (socket) return socket;
    }
  }
  return null;
}

async function openOne(path: string, pipe: string, options: ConnectOptions): Promise<Duplex | null> {
  try {
    if (!onWindows) await checkFolder(dirname(path));
    return await openPipe(path, options);
  } catch (error) {
    if (isDead(error)) return null;
    if (error instanceof HawserError) throw error;
    const { message } = error as Error;
    throw connectionErrors.connectFailed(`the pipe ${pipe}`, message, error);
  }
}

/** Takes the name of a pipe, and accepts. @throws HawserError */
export async function listenPipe<T extends PipeServer>(
  target: T,
  accept: (connection: Connection) => void,
): Promise<Listening<T>> {
  const pipe = expandPipeName(target.pipe);
  const [path, ...others] = pathsOf(pipe);
  if (path === undefined)
    throw connectionErrors.listenFailed(`the pipe ${pipe}`, "the path of this user's folder is too long");
  for (const other of others)
    for (const socket of await socketsOf(other))
      if (await isAlive(socket.path)) throw connectionErrors.pipeInUse(pipe);
  const taken = await takePipe(path, pipe).catch((error: unknown) => {
    if (error instanceof HawserError) throw error;
    throw connectionErrors.listenFailed(`the pipe ${pipe}`, (error as Error).message, error);
  });
  taken.server.on('connection', (socket) => {
    // Stays for good: an error nobody listens to would end the program. Whoever takes the socket adds its own.
    socket.on('error', () => {});
    accept(connectionOf(socket, pipe));
  });
  // Such as too many open files on accept: the listener lives on.
  taken.server.on('error', () => {});
  return {
    bound: { ...target, pipe },
    // Of a machine or user that the directory introduced: attempts are counted by where it comes from.
    adopt: (stream, from) => accept({ stream, peer: `npipe ${pipe} from ${from}`, peerAddress: from }),
    close: () => taken.close(),
  };
}

/** The system does not say who is at the other end of a pipe, only that it is this user. */
function connectionOf(stream: Duplex, pipe: string): Connection {
  return { stream, peer: `npipe ${pipe}`, peerAddress: 'npipe' };
}
