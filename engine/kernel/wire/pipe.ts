import { closeSync, constants, openSync, statSync } from 'node:fs';
import { createConnection, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { HawserError } from '../../../transports/errors/error.ts';
import type { PipeWire } from './com-string.ts';
import { wireErrors } from './errors.ts';

/** How often a pipe that is not there yet is looked for, ms. */
const LOOK_MS = 250;

/**
 * Opens the pipe of a virtual machine's serial port: a Unix socket, or two FIFOs, `PATH.in` to the machine and `PATH.out`
 * from it, as QEMU has them. With `reconnect` one that is not there is waited for.
 * @throws HawserError `WIRE_PIPE_FAILED`, `CANCELLED`
 */
export async function openWirePipe(
  { path, reconnect }: PipeWire & { readonly path: string },
  signal: AbortSignal,
  waiting: () => void = () => undefined,
): Promise<Duplex> {
  for (let told = false; ; ) {
    if (signal.aborted) throw connectionErrors.cancelled();
    try {
      return await openOnce(path, signal);
    } catch (error) {
      if (!reconnect || !mayCome(error)) throw toWireError(path, error);
    }
    if (!told) waiting();
    told = true;
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function openOnce(path: string, signal: AbortSignal): Promise<Duplex> {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind?.isSocket()) return openSocket(path, signal);
  if (kind?.isCharacterDevice()) throw new NotAPipe('it is a terminal; write com:port=PATH,baud=RATE for it');
  if (kind && !kind.isFIFO()) throw new NotAPipe('it is neither a socket nor a FIFO');
  return openPair(path);
}

class NotAPipe extends Error {}

function openSocket(path: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const cancel = () => socket.destroy(connectionErrors.cancelled());
    signal.addEventListener('abort', cancel, { once: true });
    socket.on('error', reject);
    socket.once('close', () => reject(connectionErrors.cancelled()));
    socket.once('connect', () => {
      signal.removeEventListener('abort', cancel);
      resolve(socket);
    });
  });
}

/** Neither end waits for the other: ENXIO when nobody reads. */
function openPair(path: string): Duplex {
  const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
  const to = openSync(`${path}.in`, O_WRONLY | O_NONBLOCK);
  let from: number;
  try {
    from = openSync(`${path}.out`, O_RDONLY | O_NONBLOCK);
  } catch (error) {
    closeSync(to);
    throw error;
  }
  const writable = new Socket({ fd: to, readable: false, writable: true });
  const readable = new Socket({ fd: from, readable: true, writable: false });
  const pair = Duplex.from({ readable, writable });
  pair.once('close', () => {
    readable.destroy();
    writable.destroy();
  });
  return pair;
}

function mayCome(error: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED', 'ENXIO', 'EAGAIN'].includes((error as NodeJS.ErrnoException).code ?? '');
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is none',
  ECONNREFUSED: 'nobody listens at it',
  ENXIO: 'nobody reads from it',
  EACCES: 'this user may not open it',
  EPERM: 'this user may not open it',
  EAGAIN: 'it is busy',
};

function toWireError(path: string, error: unknown): HawserError {
  if (error instanceof HawserError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return wireErrors.wirePipe(path, WHY[code] ?? message.replace(/\.$/, ''));
}
