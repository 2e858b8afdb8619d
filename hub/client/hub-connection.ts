import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { type HawserError, toHawserError } from '../../transports/errors/error.ts';
import type { HubErrorCode } from '../protocol/errors.ts';
import type {
  HubAgentRequests,
  HubCallerNotifications,
  HubFacts,
  HubNotifications,
  HubRequestName,
  HubRequests,
  SignedIn,
} from '../protocol/hub.ts';
import { hubOrigin } from './address.ts';
import { hubClientErrors } from './errors.ts';
import { HubLink } from './hub-link.ts';

export interface HubConnectionOptions {
  /** As a person writes it; see hubOrigin. */
  readonly address: string;
  /** SHA-256 of the hub's certificate where a person has accepted it: `data.certificate.fingerprint` of `HUB_CERTIFICATE_UNTRUSTED`. */
  readonly fingerprint?: string | undefined;
  /** Who is calling, for the hub's log: `hawser windbg 0.1.0`. */
  readonly program: string;
  /** Of an earlier sign-in, or an agent's. */
  readonly token?: string | undefined;
  /** An agent's: answers when it has the order. */
  readonly takeOrder?: (params: HubAgentRequests['agent/order']['params']) => void;
}

export type HubLinkState =
  /** `signedIn` null: nobody is; `refused`: why a token was not taken any more. */
  | { readonly state: 'up'; readonly signedIn: SignedIn | null; readonly refused: HawserError | null }
  /** Tried again after `retryIn` milliseconds, for ever. */
  | { readonly state: 'lost'; readonly error: HawserError; readonly retryIn: number }
  | { readonly state: 'closed' };

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, of waiting for the link and the answer together. */
  readonly timeout?: number | undefined;
}

type Params<N extends HubRequestName> = HubRequests[N]['params'];
type Result<N extends HubRequestName> = HubRequests[N]['result'];
type Listener<N extends keyof HubNotifications> = (params: HubNotifications[N]) => void;

const TIMEOUT_MS = 30_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

/** Asked again by themselves when the link was lost before the answer: they may be done twice. */
const REPEATABLE: ReadonlySet<HubRequestName> = new Set<HubRequestName>([
  'account/resume',
  'session/list',
  'session/open',
  'session/close',
  'session/read',
  'session/terminate',
  'session/removeFromList',
  'invite/find',
  'invite/remove',
  'agent/append',
  'agent/ended',
]);

const SIGNS_IN: ReadonlySet<HubRequestName> = new Set<HubRequestName>([
  'account/signIn',
  'account/oidcFinish',
  'account/resume',
]);

/** A token that was answered so will not be taken later either; what else a hub answers passes (STORE_BUSY, …). */
const REFUSED: ReadonlySet<string> = new Set<HubErrorCode>([
  'NOT_SIGNED_IN',
  'SIGN_IN_FAILED',
  'SIGN_IN_EXPIRED',
  'NOT_ALLOWED',
  'SESSION_NOT_FOUND',
  'SESSION_TERMINATED',
  'SESSION_HISTORY_GONE',
  'AGENT_REPLACED',
]);

/**
 * The way to a hub, made anew for as long as it takes whenever it is lost, and signed in again by token. A request that finds no
 * link waits for it; one that loses it before its answer is asked again where that does no harm, else it
 * fails with `LINK_LOST`: nobody knows then whether it was done. Every request ends: answered, or in a HawserError
 * (the hub's, `LINK_LOST`, `HUB_TIMED_OUT`, `CANCELLED`).
 */
export class HubConnection {
  readonly origin: string;
  readonly #options: HubConnectionOptions;
  readonly #cancel = new AbortController();
  readonly #states = new Set<(state: HubLinkState) => void>();
  readonly #listeners = new Map<string, Set<(params: never) => void>>();
  readonly #waiting = new Set<() => void>();
  #link: HubLink | null = null;
  #facts: HubFacts | null = null;
  #token: string | undefined;
  #signedIn: SignedIn | null = null;
  #state: HubLinkState;

  private constructor(options: HubConnectionOptions) {
    this.origin = hubOrigin(options.address);
    this.#options = options;
    this.#token = options.token;
    this.#state = { state: 'lost', error: connectionErrors.linkLost('it was not made yet'), retryIn: 0 };
  }

  /**
   * Connects; after that the link is kept.
   * @throws HawserError as dialHub, `HUB_VERSION_MISMATCH`; a token that is not taken is told by `state`
   */
  static async open(options: HubConnectionOptions, signal?: AbortSignal): Promise<HubConnection> {
    const made = new HubConnection(options);
    const abort = () => made.close();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      if (signal?.aborted) throw connectionErrors.cancelled();
      const link = await made.#connect();
      void made.#keep(link);
      return made;
    } catch (error) {
      made.close();
      throw signal?.aborted ? connectionErrors.cancelled() : toHawserError(error);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** As `open`, for who can wait: the first connection too is tried for ever. */
  static keep(options: HubConnectionOptions): HubConnection {
    const made = new HubConnection(options);
    void made.#keep(null);
    return made;
  }

  get state(): HubLinkState {
    return this.#state;
  }

  /** Of the hub, as last heard; null: it was never reached. */
  get facts(): HubFacts | null {
    return this.#facts;
  }

  get signedIn(): SignedIn | null {
    return this.#signedIn;
  }

  /** To be kept for the next start; undefined: not signed in. */
  get token(): string | undefined {
    return this.#token;
  }

  /** @returns what ends it */
  onState(listener: (state: HubLinkState) => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  /** @returns what ends it */
  on<N extends keyof HubNotifications>(name: N, listener: Listener<N>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  async request<N extends HubRequestName>(
    name: N,
    params: Params<N>,
    options: RequestOptions = {},
  ): Promise<Result<N>> {
    const timeout = options.timeout ?? TIMEOUT_MS;
    const late = AbortSignal.timeout(timeout);
    const signal = AbortSignal.any([late, this.#cancel.signal, ...(options.signal ? [options.signal] : [])]);
    const ended = () =>
      late.aborted && !options.signal?.aborted && !this.#cancel.signal.aborted
        ? this.#lateError(name, timeout)
        : connectionErrors.cancelled();
    for (;;) {
      const link = await this.#whenUp(signal, ended);
      try {
        const result = await link.request(name, params, signal, ended);
        if (SIGNS_IN.has(name)) this.#signIn(result as SignedIn);
        if (name === 'account/signOut') this.#signOut();
        return result;
      } catch (error) {
        const failure = toHawserError(error);
        if (failure.code !== 'LINK_LOST' || !REPEATABLE.has(name) || signal.aborted) throw failure;
      }
    }
  }

  /** Lost without a word where there is no link. */
  notify<N extends keyof HubCallerNotifications>(name: N, params: HubCallerNotifications[N]): void {
    this.#link?.notify(name, params);
  }

  /** Every request that waits ends with `CANCELLED`. */
  close(): void {
    if (this.#cancel.signal.aborted) return;
    this.#cancel.abort();
    this.#link?.close();
    this.#tell({ state: 'closed' });
  }

  #lateError(name: string, timeout: number): HawserError {
    return this.#state.state === 'lost' ? this.#state.error : hubClientErrors.timedOut(name, timeout);
  }

  async #keep(first: HubLink | null): Promise<void> {
    let link = first;
    let failures = 0;
    while (!this.#cancel.signal.aborted) {
      let error: HawserError;
      try {
        link ??= await this.#connect();
        failures = 0;
        error = (await link.closed) ?? connectionErrors.linkLost('the hub closed it');
      } catch (failure) {
        error = toHawserError(failure);
      }
      link = null;
      this.#link = null;
      if (this.#cancel.signal.aborted) return;
      const longest = Math.min(FIRST_PAUSE * 2 ** failures++, LONGEST_PAUSE);
      // Those who lost a hub together do not come back together.
      const retryIn = Math.round(longest * (0.5 + Math.random() / 2));
      this.#tell({ state: 'lost', error, retryIn });
      await pause(retryIn, this.#cancel.signal);
    }
  }

  /** @returns a link that is up: greeted, and signed in where there is a token */
  async #connect(): Promise<HubLink> {
    const link = await HubLink.open({
      origin: this.origin,
      fingerprint: this.#options.fingerprint,
      program: this.#options.program,
      signal: this.#cancel.signal,
      told: (name, params) => this.#hear(name, params),
      takeOrder: this.#options.takeOrder,
    });
    this.#facts = link.facts;
    let refused: HawserError | null = null;
    if (this.#token !== undefined) {
      try {
        const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.#cancel.signal]);
        const ended = () => connectionErrors.linkLost('the hub did not answer');
        this.#signIn(await link.request('account/resume', { token: this.#token }, signal, ended), false);
      } catch (error) {
        refused = toHawserError(error);
        if (!REFUSED.has(refused.code)) {
          link.close();
          throw refused;
        }
        this.#signedIn = null;
      }
    }
    this.#link = link;
    this.#tell({ state: 'up', signedIn: this.#signedIn, refused });
    return link;
  }

  #signIn(signedIn: SignedIn, tell = true): void {
    this.#signedIn = signedIn;
    if (signedIn.kind === 'person') this.#token = signedIn.token;
    if (tell && this.#link) this.#tell({ state: 'up', signedIn, refused: null });
  }

  #signOut(): void {
    this.#signedIn = null;
    this.#token = undefined;
    if (this.#link) this.#tell({ state: 'up', signedIn: null, refused: null });
  }

  #whenUp(signal: AbortSignal, ended: () => HawserError): Promise<HubLink> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!signal.aborted && !this.#link) return;
        this.#waiting.delete(look);
        signal.removeEventListener('abort', look);
        if (signal.aborted || !this.#link) reject(ended());
        else resolve(this.#link);
      };
      this.#waiting.add(look);
      signal.addEventListener('abort', look);
      look();
    });
  }

  #hear<N extends keyof HubNotifications>(name: N, params: HubNotifications[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as Listener<N>)(params);
  }

  #tell(state: HubLinkState): void {
    this.#state = state;
    for (const look of [...this.#waiting]) look();
    for (const listener of [...this.#states]) listener(state);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
