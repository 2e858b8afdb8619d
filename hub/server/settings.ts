import { hostname } from 'node:os';
import { OWASP, type ScryptParameters } from './passwords.ts';

/** What can be set at a hub, and what bounds it. Durations in milliseconds. */
export interface HubSettings {
  readonly name: string;
  /** Where people ask for an account: an address or a URL; '' unknown. */
  readonly contact: string;
  /** `https://HOST:PORT`, as others reach it. */
  readonly url: string;
  /** The hub's clock. */
  readonly now: () => number;
  readonly scrypt: ScryptParameters;
  /** How long a sign-in is good for. */
  readonly signInLifetime: number;
  /** From the connection to hub/hello, and to a sign-in. */
  readonly helloTimeout: number;
  readonly signInTimeout: number;
  /** How long an order waits for the agent. */
  readonly orderTimeout: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** Open sessions of one host. */
  readonly maxSessionsPerHost: number;
  /** Sessions one connection has open at once. */
  readonly maxOpen: number;
  /** Entries of one session. */
  readonly maxEntries: number;
  /** Bytes of one session's history, as sealed; what is on its way when it is reached still goes in. */
  readonly maxHistoryBytes: number;
  /** Attempts to sign in from one address at once; a hundredth of it comes back each second. */
  readonly signInsPerAddress: number;
}

export const defaultSettings: HubSettings = {
  name: hostname(),
  contact: '',
  url: '',
  now: Date.now,
  scrypt: OWASP,
  signInLifetime: 30 * 24 * 60 * 60_000,
  helloTimeout: 15_000,
  signInTimeout: 15 * 60_000,
  orderTimeout: 20_000,
  maxConnections: 20_000,
  maxConnectionsPerAddress: 200,
  maxSessionsPerHost: 100,
  maxOpen: 64,
  maxEntries: 10_000_000,
  maxHistoryBytes: 4 * 2 ** 30,
  signInsPerAddress: 30,
};
