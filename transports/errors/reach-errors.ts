import type { HawserError } from './error.ts';
import { endpoint, make, seconds } from './make.ts';

/** Why a server could not be reached. `data` always has what was tried: host and port. */
export const reachErrors = {
  /** The caller's signal fired: nothing went wrong. */
  cancelled(): HawserError {
    return make('CANCELLED', 'Cancelled.');
  },

  hostNotFound(host: string, cause?: unknown): HawserError {
    return make(
      'HOST_NOT_FOUND',
      `The name ${host} was not found: no name service that this machine asks knows it.`,
      'Check the spelling, or use the IP address of the machine.',
      { host },
      cause,
    );
  },

  /** `stub`: one of GDB's remote protocol should listen there, and no server of ours. */
  refused(host: string, port: number, cause?: unknown, stub = false): HawserError {
    return make(
      'CONNECTION_REFUSED',
      `${endpoint(host, port)} refused the connection: the machine answers, but nothing listens on port ${port}.`,
      stub
        ? 'Check that the stub is running, that it listens on this port and on more than its own machine’s loopback, and that no other debugger has it: most stubs take one at a time.'
        : 'Check that the server is running and that the port is the one it printed when it started; one that was started with clicon= does not listen: use clicon= here too.',
      { host, port },
      cause,
    );
  },

  timedOut(host: string, port: number, afterMs: number, cause?: unknown, stub = false): HawserError {
    return make(
      'CONNECT_TIMED_OUT',
      `${endpoint(host, port)} did not answer within ${seconds(afterMs)}: the machine is off, or a firewall drops what is sent to it.`,
      `Check that the machine is up and that its firewall lets the port through${stub ? '' : '; if only it can call out, use clicon= at both ends'}.`,
      { host, port, afterMs },
      cause,
    );
  },

  noRoute(host: string, port: number, cause?: unknown): HawserError {
    return make(
      'NO_ROUTE',
      `There is no way from this machine to ${endpoint(host, port)}: the network or the host cannot be reached.`,
      'Check the network connection (cable, Wi-Fi, VPN) and the address.',
      { host, port },
      cause,
    );
  },

  /** The system gave a reason that has no code of its own; it is named. */
  connectFailed(where: string, reason: string, cause?: unknown): HawserError {
    return make(
      'CONNECT_FAILED',
      `Connecting to ${where} failed: ${reason}.`,
      'Check the connection string and the network.',
      { where, reason },
      cause,
    );
  },
} as const;
