import type { HawserError } from './error.ts';
import { endpoint, make } from './make.ts';

/** What only a machine's directory of servers can fail with. */
export const directoryErrors = {
  /** The machine answers, and nothing listens on the directory's port. */
  noDirectory(host: string, port: number, cause?: unknown): HawserError {
    return make(
      'NO_DIRECTORY',
      `No servers are registered on ${host} that this machine may reach: nothing listens on its directory's port ${port}.`,
      'Servers may be hidden there, be for that machine alone, or not run. Who started one can tell its connection string.',
      { host, port },
      cause,
    );
  },

  notADirectory(host: string, port: number, reason: string): HawserError {
    return make(
      'NOT_A_DIRECTORY',
      `What listens on ${endpoint(host, port)} is not Hawser's directory of servers: ${reason}.`,
      'Check that HAWSER_DIRECTORY_PORT is the same on both machines, and what has that port there.',
      { host, port, reason },
    );
  },

  tooManyRequests(): HawserError {
    return make(
      'TOO_MANY_REQUESTS',
      'The directory was asked too often from this address.',
      'Wait a few seconds and try again.',
    );
  },

  directoryOff(): HawserError {
    return make(
      'DIRECTORY_OFF',
      'Browsing is turned off here: HAWSER_DIRECTORY_PORT is no port number.',
      'Set it to the port of the directory, or not at all.',
    );
  },

  /** Asked for by its name, from another machine or by another user. */
  notIntroduced(pipe: string): HawserError {
    return make(
      'PIPE_NOT_INTRODUCED',
      `There is no pipe ${pipe} there that others may reach: it does not exist, is hidden, or has neither password nor certificate.`,
      'Check the name; a pipe is for its own user alone unless the server has a password or a certificate.',
      { pipe },
    );
  },
} as const;
