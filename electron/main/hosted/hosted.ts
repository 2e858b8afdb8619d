import { hostname } from 'node:os';
import type { BrowserWindow } from 'electron';
import { hostSession } from '../../../hub/agent/launch.ts';
import { listAgents } from '../../../hub/agent/registry.ts';
import { hubClientErrors } from '../../../hub/client/errors.ts';
import type { HubConnection } from '../../../hub/client/hub-connection.ts';
import { SessionKeyStore } from '../../../hub/client/key-store.ts';
import type { SessionKeys } from '../../../hub/client/keys.ts';
import { makeFragment, makeLink, parseLink } from '../../../hub/client/links.ts';
import { EntryOpener } from '../../../hub/client/seal.ts';
import type { SessionInfo } from '../../../hub/protocol/hub.ts';
import type { RequestArgs } from '../../ipc/contract.ts';
import type { HostedState, HubSight, InvitationsSent, ListedSession, Possible } from '../../ipc/hosted.ts';
import { HubAccount } from './account.ts';
import { hostedErrors } from './errors.ts';
import { Feed } from './feed.ts';
import { listed } from './listed.ts';
import { SessionList } from './sessions.ts';
import { TokenStore } from './token-store.ts';
import { ViewWindow } from './view-window.ts';

export interface HostedOptions {
  readonly log: { info(message: string): void; warn(message: string): void; error(message: string): void };
  /** Of Hawser. */
  readonly version: string;
  /** The file of who is signed in. */
  readonly store: string;
  readonly openExternal: (url: string) => Promise<void>;
  /** A window for a Command window, not loaded yet. */
  readonly newWindow: () => BrowserWindow;
  readonly load: (window: BrowserWindow) => void;
  readonly secure: () => boolean;
  readonly changed: () => void;
}

/** Hosted sessions in this program: who is signed in, their sessions, and the windows of those that are open. */
export class Hosted {
  readonly account: HubAccount;
  readonly #options: HostedOptions;
  readonly #tokens: TokenStore;
  readonly #keys = new SessionKeyStore();
  readonly #windows = new Map<string, ViewWindow>();
  #sessions: SessionList | null = null;
  /** Whose sessions those are. */
  #connection: HubConnection | null = null;
  #hosting: AbortController | null = null;

  constructor(options: HostedOptions) {
    this.#options = options;
    this.#tokens = new TokenStore(options.store, options.log);
    this.account = new HubAccount({
      store: this.#tokens,
      program: `hawser windbg ${options.version}`,
      openExternal: options.openExternal,
      changed: () => this.#accountChanged(),
    });
  }

  get state(): HostedState {
    const { state } = this.account;
    if (state.mode === 'signedOut' || state.mode === 'reaching') return state;
    const hub = sight(state.connection);
    const { link } = this.account;
    if (state.mode === 'reached')
      return { mode: 'reached', hub, email: this.#tokens.read().email, error: state.error, link };
    const { account } = state;
    return {
      mode: 'signedIn',
      hub,
      person: { email: account.email, name: account.name },
      link,
      mayHost: this.#mayHost(account.mayHost, hub),
      mayJoin: account.mayJoin || `Your account may not take part in sessions. ${asking(hub)}`,
      sessions: this.#sessions?.all?.map((info) => this.#listed(info)) ?? null,
      sealedToken: this.#tokens.sealed,
    };
  }

  #mayHost(account: boolean, hub: HubSight): Possible {
    if (this.#options.secure()) return 'Secure mode is on: no debugger is started on this computer.';
    return account || `Your account may not host sessions. ${asking(hub)}`;
  }

  session(id: string): ListedSession | null {
    const info = this.#sessions?.get(id);
    return info ? this.#listed(info) : null;
  }

  async host(wanted: RequestArgs<'hosted/host'>): Promise<string> {
    const { connection } = this.account;
    this.#hosting?.abort();
    const hosting = new AbortController();
    this.#hosting = hosting;
    try {
      const { session } = await hostSession({
        connection,
        fingerprint: this.account.fingerprint,
        debugger: wanted.debugger,
        arguments: plainDashes(wanted.arguments),
        name: wanted.name.trim(),
        description: wanted.description.trim(),
        keyStore: this.#keys,
        version: this.#options.version,
        signal: hosting.signal,
      });
      this.#sessions?.take(session);
      await this.open(session.id);
      return session.id;
    } finally {
      if (this.#hosting === hosting) this.#hosting = null;
    }
  }

  cancel(): void {
    this.account.cancel();
    this.#hosting?.abort();
  }

  /** @throws HawserError `SESSION_KEY_MISSING` */
  async open(id: string): Promise<void> {
    const window = this.#windows.get(id);
    if (window) return window.focus();
    const { connection } = this.account;
    const session = this.#info(id);
    const keys = await this.#keys.get(connection.origin, id);
    if (!keys) throw hubClientErrors.keyMissing(id);
    const here = await runsHere(session);
    if (!this.#windows.has(id)) this.#openWindow(connection, this.#listed(session), keys, here);
  }

  close(id: string): void {
    this.#windows.get(id)?.window.close();
  }

  async terminate(id: string): Promise<void> {
    this.#sessions?.take(await this.account.connection.request('session/terminate', { session: id }));
  }

  async remove(id: string): Promise<void> {
    const { connection } = this.account;
    await connection.request('session/removeFromList', { session: id });
    this.close(id);
    await this.#keys.remove(connection.origin, id);
    await this.#sessions?.refresh();
  }

  async invite(id: string, emails: readonly string[]): Promise<InvitationsSent> {
    const { connection } = this.account;
    const keys = await this.#keys.get(connection.origin, id);
    if (!keys) throw hubClientErrors.keyMissing(id);
    const fragments = { client: makeFragment(keys, 'client'), host: makeFragment(keys, 'host') };
    const mail = connection.facts?.mail === true;
    const sent = await connection.request('invite/send', {
      session: id,
      emails,
      ...(mail && { fragments }),
    });
    const whole = (link: string, fragment: string) => {
      const { hub, token } = parseLink(link);
      return makeLink(hub, token, fragment);
    };
    return {
      mailed: sent.mailed,
      unmailed: sent.unmailed,
      invited: sent.invited.map(({ email, link }) => ({ email, link: whole(link, fragments.client) })),
      host: { email: sent.host.email, link: whole(sent.host.link, fragments.host) },
    };
  }

  /** Accepts an invitation, keeps its key, opens the session. */
  async takePart(text: string): Promise<string> {
    const { connection } = this.account;
    const { hub, token, keys } = parseLink(text);
    if (hub !== connection.origin) throw hostedErrors.otherHub(hub, connection.origin);
    if (!keys) throw hostedErrors.noKeyInLink();
    const session = await connection.request('invite/accept', { token });
    await this.#keys.put(connection.origin, session.id, keys);
    this.#sessions?.take(session);
    this.#reopen(session.id);
    await this.open(session.id);
    return session.id;
  }

  /** The key for a session of the list, from a link that may have been used. */
  async unlock(id: string, text: string): Promise<void> {
    const { connection } = this.account;
    const { hub, keys } = parseLink(text);
    if (hub !== connection.origin) throw hostedErrors.otherHub(hub, connection.origin);
    if (!keys) throw hostedErrors.noKeyInLink();
    await this.#checkKey(connection, id, keys);
    await this.#keys.put(connection.origin, id, keys);
    this.#reopen(id);
    await this.open(id);
  }

  /** `Menu.setApplicationMenu` has given every window the main one's menu. */
  showMenus(): void {
    for (const view of this.#windows.values()) view.showMenu();
  }

  /** Secure mode has begun. */
  secureChanged(): void {
    for (const view of this.#windows.values()) view.changed();
    this.#options.changed();
  }

  /** The program ends; sessions go on. */
  end(): void {
    this.cancel();
    this.account.close();
  }

  /** With another key than before, its window is another one. */
  #reopen(id: string): void {
    this.#windows.get(id)?.window.destroy();
  }

  async #checkKey(connection: HubConnection, session: string, keys: SessionKeys): Promise<void> {
    const { entries } = await connection.request('session/read', { session, from: 1, count: 1 });
    const [first] = entries;
    if (!first) return;
    try {
      new EntryOpener(session, keys).open(first);
    } catch {
      throw hubClientErrors.keyWrong(session);
    }
  }

  #openWindow(connection: HubConnection, session: ListedSession, keys: SessionKeys, here: boolean): void {
    const { id } = session;
    const window = this.#options.newWindow();
    const view = new ViewWindow(
      {
        window,
        log: this.#options.log,
        hostKey: keys.role === 'host',
        secure: () => here && this.#options.secure(),
        feed: (made) =>
          new Feed({
            connection,
            session: id,
            keys,
            show: (entries) => made.show(entries),
            changed: (info) => this.#sessions?.take(info),
            gone: () => made.gone(),
            failed: (error) => made.failed(error.toWire()),
          }),
        session: () => this.session(id),
        link: () => this.account.link,
        terminate: () => this.terminate(id),
        closed: () => {
          if (this.#windows.get(id) === view) this.#windows.delete(id);
          this.#options.changed();
        },
      },
      session,
    );
    this.#windows.set(id, view);
    view.changed();
    this.#options.load(window);
    this.#options.changed();
  }

  #info(id: string): SessionInfo {
    const info = this.#sessions?.get(id);
    if (!info) throw hostedErrors.noSession(id);
    return info;
  }

  #listed(info: SessionInfo): ListedSession {
    return listed(info, this.#windows.has(info.id), this.account.link.state === 'up');
  }

  #accountChanged(): void {
    const { state } = this.account;
    const connection = state.mode === 'signedIn' ? state.connection : null;
    if (connection !== this.#connection) this.#follow(connection);
    for (const view of this.#windows.values()) view.changed();
    this.#options.changed();
  }

  /** What was another person's is not shown any more. */
  #follow(connection: HubConnection | null): void {
    this.#connection = connection;
    this.#sessions?.close();
    this.#sessions = null;
    for (const view of [...this.#windows.values()]) view.window.destroy();
    if (!connection) return;
    const changed = (id: string | null) => {
      for (const [each, view] of this.#windows) if (id === null || id === each) view.changed();
      this.#options.changed();
    };
    this.#sessions = new SessionList(connection, changed, (text) => this.#options.log.warn(text));
  }
}

const asking = ({ contact }: HubSight) =>
  contact === '' ? 'Ask who runs the hub.' : `Ask for it at ${contact}.`;

function sight({ origin, facts }: HubConnection): HubSight {
  return {
    origin,
    name: facts?.name ?? '',
    contact: facts?.contact ?? '',
    signIn: facts?.signIn ?? [],
    mail: facts?.mail ?? false,
  };
}

/** Whether its debugger runs on this computer: by what the hub says of it, and by the agents that are here, whatever that says. */
async function runsHere({ id, computer }: SessionInfo): Promise<boolean> {
  return computer === hostname() || (await listAgents()).some(({ session }) => session === id);
}

/** People paste an en dash; a debugger that is not ours knows only the plain one. */
function plainDashes(line: string): string {
  return line.replace(/(^|\s)[\u2010-\u2015\u2212](?=\w)/g, '$1-');
}
