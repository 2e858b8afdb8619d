import { signInByBrowser } from '../../../hub/client/browser-sign-in.ts';
import { HubConnection, type HubLinkState } from '../../../hub/client/hub-connection.ts';
import type { Account } from '../../../hub/protocol/hub.ts';
import { toHawserError } from '../../../transports/errors/error.ts';
import type { IpcError } from '../../ipc/contract.ts';
import type { HostedLink } from '../../ipc/hosted.ts';
import { hostedErrors } from './errors.ts';
import type { TokenStore } from './token-store.ts';

export type AccountState =
  | { readonly mode: 'signedOut'; readonly hub: string; readonly error: IpcError | null }
  | { readonly mode: 'reaching'; readonly hub: string; readonly error: IpcError | null }
  | { readonly mode: 'reached'; readonly connection: HubConnection; readonly error: IpcError | null }
  | { readonly mode: 'signedIn'; readonly connection: HubConnection; readonly account: Account };

export interface AccountOptions {
  readonly store: TokenStore;
  /** `hawser windbg 0.1.0`. */
  readonly program: string;
  /** Opens an https address in the system's browser. */
  readonly openExternal: (url: string) => Promise<void>;
  readonly changed: () => void;
}

const SIGN_OUT_MS = 5000;

/** Who is signed in, and the one connection to the hub. Nothing is connected before somebody asks for it. */
export class HubAccount {
  readonly #options: AccountOptions;
  #state: AccountState;
  #connection: HubConnection | null = null;
  #fingerprint: string | undefined;
  /** When a lost link is tried again; null: there is one. */
  #lost: (HostedLink & { state: 'lost' }) | null = null;
  #attempt: AbortController | null = null;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#state = { mode: 'signedOut', hub: options.store.read().hub, error: null };
  }

  get state(): AccountState {
    return this.#state;
  }

  get link(): HostedLink {
    return this.#lost ?? { state: 'up' };
  }

  /** That the hub's certificate was accepted by. */
  get fingerprint(): string | undefined {
    return this.#fingerprint;
  }

  /** @throws HawserError `NOT_SIGNED_IN` */
  get connection(): HubConnection {
    if (this.#state.mode !== 'signedIn') throw hostedErrors.notSignedIn();
    return this.#state.connection;
  }

  /** @throws HawserError `NOT_SIGNED_IN` */
  get person(): Account {
    if (this.#state.mode !== 'signedIn') throw hostedErrors.notSignedIn();
    return this.#state.account;
  }

  /** Of an earlier start; tried for as long as it takes. */
  resume(): void {
    if (this.#state.mode !== 'signedOut') return;
    const { hub, fingerprint, token } = this.#options.store.read();
    if (token === null || hub === '') return;
    this.#fingerprint = fingerprint ?? undefined;
    this.#set({ mode: 'reaching', hub, error: null });
    const { program } = this.#options;
    this.#follow(HubConnection.keep({ address: hub, fingerprint: this.#fingerprint, program, token }));
  }

  /** @throws HawserError as HubConnection.open */
  async reach(address: string, fingerprint: string | undefined): Promise<void> {
    this.#drop();
    const kept = this.#options.store.read();
    // Confirmed before, for the same hub.
    const confirmed =
      fingerprint ?? (sameHub(kept.hub, address) ? (kept.fingerprint ?? undefined) : undefined);
    await this.#attempting({ mode: 'reaching', hub: address, error: null }, async (signal) => {
      const { program } = this.#options;
      const connection = await HubConnection.open({ address, fingerprint: confirmed, program }, signal);
      this.#fingerprint = confirmed;
      this.#set({ mode: 'reached', connection, error: null });
      this.#follow(connection);
    });
  }

  async signIn(email: string, password: string): Promise<void> {
    const connection = this.#reached();
    await this.#attempting(null, (signal) =>
      connection.request('account/signIn', { email: email.trim(), password }, { signal }),
    );
  }

  async signInByBrowser(): Promise<void> {
    const connection = this.#reached();
    await this.#attempting(null, (signal) =>
      signInByBrowser(connection, { signal, show: (url) => this.#show(url) }),
    );
  }

  cancel(): void {
    this.#attempt?.abort();
  }

  /** Back to the choice of a hub; who was signed in still is, at the next start. */
  leave(): void {
    const hub = this.#connection?.origin ?? this.#options.store.read().hub;
    this.#drop();
    this.#set({ mode: 'signedOut', hub, error: null });
  }

  async signOut(): Promise<void> {
    const connection = this.#connection;
    const { hub, email, fingerprint } = this.#options.store.read();
    this.#options.store.write({ hub, email, fingerprint, token: null });
    if (this.#state.mode === 'signedIn' && connection?.state.state === 'up')
      await connection.request('account/signOut', undefined, { timeout: SIGN_OUT_MS }).catch(() => undefined);
    this.leave();
  }

  close(): void {
    this.#attempt?.abort();
    this.#connection?.close();
  }

  #reached(): HubConnection {
    if (this.#state.mode !== 'reached') throw hostedErrors.notSignedIn();
    return this.#state.connection;
  }

  async #show(url: string): Promise<void> {
    if (!URL.canParse(url) || new URL(url).protocol !== 'https:') throw hostedErrors.badSignInPage(url);
    await this.#options.openExternal(url);
  }

  async #attempting(
    state: AccountState | null,
    work: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<void> {
    this.#attempt?.abort();
    const attempt = new AbortController();
    this.#attempt = attempt;
    if (state) this.#set(state);
    try {
      await work(attempt.signal);
    } catch (error) {
      if (state?.mode === 'reaching' && this.#attempt === attempt)
        this.#set({ mode: 'signedOut', hub: state.hub, error: null });
      throw toHawserError(error);
    } finally {
      if (this.#attempt === attempt) this.#attempt = null;
    }
  }

  #follow(connection: HubConnection): void {
    this.#connection = connection;
    connection.onState((state) => {
      if (connection === this.#connection) this.#heard(connection, state);
    });
  }

  #heard(connection: HubConnection, link: HubLinkState): void {
    if (link.state === 'closed') return;
    if (link.state === 'lost') {
      const error = link.error.toWire();
      this.#lost = { state: 'lost', error, retryAt: Date.now() + link.retryIn };
      if (this.#state.mode === 'reaching') this.#set({ ...this.#state, error });
      else this.#options.changed();
      return;
    }
    this.#lost = null;
    const { signedIn, refused } = link;
    if (signedIn?.kind === 'person') this.#signedIn(connection, signedIn.account);
    else {
      if (refused) this.#forgetToken();
      this.#set({ mode: 'reached', connection, error: refused?.toWire() ?? null });
    }
  }

  #signedIn(connection: HubConnection, account: Account): void {
    this.#options.store.write({
      hub: connection.origin,
      email: account.email,
      fingerprint: this.#fingerprint ?? null,
      token: connection.token ?? null,
    });
    this.#set({ mode: 'signedIn', connection, account });
  }

  #forgetToken(): void {
    this.#options.store.write({ ...this.#options.store.read(), token: null });
  }

  #drop(): void {
    this.#attempt?.abort();
    const connection = this.#connection;
    this.#connection = null;
    this.#lost = null;
    connection?.close();
  }

  #set(state: AccountState): void {
    this.#state = state;
    this.#options.changed();
  }
}

function sameHub(origin: string, address: string): boolean {
  const bare = (text: string) =>
    text
      .trim()
      .replace(/^https:\/\//i, '')
      .replace(/\/+$/, '')
      .toLowerCase();
  return origin !== '' && bare(origin) === bare(address);
}
