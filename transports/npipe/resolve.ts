import type { Duplex } from 'node:stream';
import { introduceTo, isOff, isUnknown } from '../directory/introduce.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import type { ConnectOptions } from '../transport.ts';

/**
 * Reaches a pipe that is not in this user's own folder: of another machine, or (`server` undefined) of another user of this
 * one. @returns null when there is no such pipe
 */
export type ResolvePipe = (
  server: string | undefined,
  pipe: string,
  options: ConnectOptions,
) => Promise<Duplex | null>;

/** By way of the machine's directory, which introduces the caller to the process that owns the pipe. */
export const resolvePipe: ResolvePipe = async (server, pipe, options) => {
  try {
    return await introduceTo(server, pipe, options);
  } catch (error) {
    // Of this machine: as if there were no directory.
    if (server === undefined && isUnknown(error)) return null;
    if (server !== undefined && isOff(error)) throw connectionErrors.pipeElsewhere(server, pipe);
    throw error;
  }
};
