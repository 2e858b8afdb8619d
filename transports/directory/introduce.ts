import type { Duplex } from 'node:stream';
import { connectionErrors } from '../errors/connection-errors.ts';
import { HawserError } from '../errors/error.ts';
import { connectTcp } from '../tcp-connect.ts';
import { CONNECT_TIMEOUT_MS, type ConnectOptions } from '../transport.ts';
import { askDirectory } from './ask.ts';
import { directoryPort } from './port.ts';

/**
 * Reaches a pipe of another machine, or (`server` undefined) of another user of this one: the machine's directory is
 * asked, and the process that owns the pipe opens a port for this one caller.
 * @throws HawserError `PIPE_NOT_INTRODUCED`, or why directory or port could not be reached
 */
export async function introduceTo(
  server: string | undefined,
  pipe: string,
  { signal, timeoutMs = CONNECT_TIMEOUT_MS }: ConnectOptions,
): Promise<Duplex> {
  const port = directoryPort();
  if (port === null) throw connectionErrors.directoryOff();
  const host = server ?? '127.0.0.1';
  const answer = await askDirectory(host, port, { request: 'introduce', pipe }, { signal, timeoutMs });
  if (answer.hawser !== 'introduced')
    throw connectionErrors.notADirectory(host, port, 'it answered something else');
  const target = { protocol: 'tcp', role: 'client', server: host, port: answer.port } as const;
  return connectTcp(target, { signal, timeoutMs });
}

/** Whether the directory has nothing to do with this pipe: none runs, or it does not know the name. */
export function isUnknown(error: unknown): boolean {
  return (
    error instanceof HawserError &&
    ['NO_DIRECTORY', 'DIRECTORY_OFF', 'PIPE_NOT_INTRODUCED'].includes(error.code)
  );
}

export function isOff(error: unknown): boolean {
  return error instanceof HawserError && error.code === 'DIRECTORY_OFF';
}
