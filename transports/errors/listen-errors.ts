import type { HawserError } from './error.ts';
import { make } from './make.ts';

const ports = (low: number, high: number) =>
  low === high ? `Port ${low} is` : `The ports ${low} to ${high} are all`;

/** Why a server could not be opened. */
export const listenErrors = {
  /** With a range: every port of it. */
  portInUse(low: number, high: number, cause?: unknown): HawserError {
    return make(
      'PORT_IN_USE',
      `${ports(low, high)} in use by another program.`,
      'Use another port, or a range such as port=5000:5010, of which the first free one is taken.',
      { low, high },
      cause,
    );
  },

  addressNotAvailable(address: string, cause?: unknown): HawserError {
    return make(
      'ADDRESS_NOT_AVAILABLE',
      `The address ${address} is none of this machine's.`,
      'Leave bind= away to listen on every address, or give one of this machine.',
      { address },
      cause,
    );
  },

  portNotPermitted(port: number, cause?: unknown): HawserError {
    return make(
      'PORT_NOT_PERMITTED',
      `The system does not permit this user to listen on port ${port}${port < 1024 ? '; ports below 1024 are for root' : ''}.`,
      'Use a port of 1024 or above.',
      { port },
      cause,
    );
  },

  /** The system gave a reason that has no code of its own; it is named. */
  listenFailed(where: string, reason: string, cause?: unknown): HawserError {
    return make(
      'LISTEN_FAILED',
      `The server could not be started on ${where}: ${reason}.`,
      'Check the connection string.',
      { where, reason },
      cause,
    );
  },
} as const;
