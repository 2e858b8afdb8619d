import { type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { connectionErrors } from '../../../transports/errors/connection-errors.ts';
import { HawserError } from '../../../transports/errors/error.ts';
import type { Notification } from './answers.ts';
import type { StubLink } from './link.ts';

/** A file of the server's machine, from `offset` on, unpacked as it is read. */
export function readRemoteFile(link: StubLink, path: string, pid: number | null, offset: number): Readable {
  const file = new Transform({
    transform: (bytes: Buffer, _encoding, done) => done(null, bytes),
  });
  // Whoever destroys it without reading is not to end the program.
  file.on('error', () => undefined);
  fetchInto(link, file, { path, pid, offset }).catch((error: Error) => file.destroy(error));
  return file;
}

async function fetchInto(
  link: StubLink,
  file: Transform,
  what: { readonly path: string; readonly pid: number | null; readonly offset: number },
): Promise<void> {
  const { id, stream } = link.openChannel(true);
  let failure: HawserError | null = null;
  const forget = link.onNotification((notification: Notification) => {
    const { method, params } = notification;
    if (method === 'stub/channelFailed' && params.channel === id)
      failure = HawserError.fromWire(params.error);
  });
  const gunzip = createGunzip();
  try {
    await link.request('stub/openFile', { channel: id, ...what, paced: true }, [id]);
    // Nothing is said in the other direction.
    stream.end();
    await pass(stream, gunzip, file);
  } catch (error) {
    stream.destroy();
    gunzip.destroy();
    if (file.destroyed || error instanceof HawserError) throw error;
    // The reason comes beside the channel, and may be a turn behind.
    await link.caughtUp();
    throw failure ?? unreadable(link, error);
  } finally {
    forget();
  }
}

function pass(stream: Readable, gunzip: Transform, file: Transform): Promise<void> {
  return new Promise((resolve, reject) => {
    const cut = () => reject(connectionErrors.cancelled());
    if (file.destroyed) return cut();
    file.on('close', () => (file.writableFinished ? resolve() : cut()));
    for (const part of [stream, gunzip]) part.on('error', reject);
    const closed = () => {
      if (!stream.readableEnded) reject(new Error('it was cut off'));
    };
    // Its end may have overtaken the answer that names it.
    if (stream.closed) closed();
    stream.on('close', closed);
    file.on('finish', resolve);
    stream.pipe(gunzip).pipe(file);
  });
}

function unreadable(link: StubLink, error: unknown): HawserError {
  if (link.status.state === 'ended' && link.status.error) return link.status.error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return code.startsWith('Z_')
    ? connectionErrors.protocolViolation(`a file is not packed as it should be (${code})`, error)
    : connectionErrors.linkLost('a file was cut off', error);
}
