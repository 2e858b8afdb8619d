import type { Duplex } from 'node:stream';
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

/** Here the directory service comes in; without it other machines' pipes cannot be reached. */
export const resolvePipe: ResolvePipe = async (server, pipe) => {
  if (server !== undefined) throw connectionErrors.pipeElsewhere(server, pipe);
  return null;
};
