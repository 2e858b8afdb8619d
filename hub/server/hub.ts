import type { WebSocket } from 'ws';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import type { HubStore } from '../store/store.ts';
import { Accounts } from './accounts.ts';
import { AuditLog } from './audit.ts';
import { watchChanges } from './changes.ts';
import type { HubContext } from './context.ts';
import { answer } from './handlers/answer.ts';
import { type HttpEnd, listenHttps } from './http.ts';
import { Invitations } from './invitations.ts';
import { AttemptLimits, Refusals } from './limits.ts';
import type { InvitationMail } from './mail/mail.ts';
import { type OidcOptions, OidcSignIn } from './oidc/oidc.ts';
import { OpenSessions } from './open-sessions.ts';
import { Passwords } from './passwords.ts';
import { Peer } from './peer.ts';
import { Peers } from './peers.ts';
import { Sessions } from './sessions.ts';
import { defaultSettings, type HubSettings } from './settings.ts';

export interface HubOptions {
  readonly store: HubStore;
  /** 0: any that is free. */
  readonly port: number;
  readonly bind?: string;
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly settings?: Partial<HubSettings>;
  readonly mail?: InvitationMail | null;
  readonly oidc?: OidcOptions | null;
}

export interface RunningHub {
  readonly context: HubContext;
  readonly port: number;
  /** As others reach it. */
  readonly url: string;
  /** Connections at this moment. */
  readonly connections: number;
  /** The store is the caller's, and stays open. */
  close(): Promise<void>;
}

/** What stands over a store without anything listening: enough to administer it. */
export function hubParts(store: HubStore, given: Partial<HubSettings> = {}) {
  const settings: { -readonly [N in keyof HubSettings]: HubSettings[N] } = { ...defaultSettings, ...given };
  const passwords = new Passwords(settings.scrypt);
  const accounts = new Accounts(store, passwords, settings.now, settings.signInLifetime);
  const sessions = new Sessions(store, settings.now);
  const audit = new AuditLog(store.audit, settings.now);
  return { settings, store, passwords, accounts, sessions, audit };
}

/** Starts a hub over a store. @throws HawserError */
export async function startHub(options: HubOptions): Promise<RunningHub> {
  const { store } = options;
  const base = hubParts(store, options.settings);
  const { settings } = base;
  const parts = {
    ...base,
    invitations: new Invitations(store, base.accounts, base.sessions, settings),
    limits: new AttemptLimits(settings.signInsPerAddress),
    refusals: new Refusals(),
    peers: new Peers(),
    mail: options.mail ?? null,
  };
  const oidc = options.oidc ? new OidcSignIn(parts, options.oidc) : null;
  const context: HubContext = { ...parts, oidc };
  const unwatch = await watchChanges(context);
  let http: HttpEnd;
  try {
    http = await listenHttps({
      port: options.port,
      bind: options.bind ?? '',
      cert: options.cert,
      key: options.key,
      name: settings.name,
      contact: settings.contact,
      maxConnections: settings.maxConnections,
      maxConnectionsPerAddress: settings.maxConnectionsPerAddress,
      connected: (socket, address) => greet(context, socket, address),
      callback: oidc ? (query) => oidc.callback(query) : null,
    });
  } catch (error) {
    unwatch();
    throw error;
  }
  // A port that the system chose is known only now.
  settings.url ||= `https://localhost:${http.port}`;
  return {
    context,
    port: http.port,
    url: settings.url,
    get connections() {
      return context.peers.all.size;
    },
    close: async () => {
      for (const peer of context.peers.all) peer.close(connectionErrors.serverEnded());
      await http.close();
      unwatch();
    },
  };
}

function greet(hub: HubContext, socket: WebSocket, address: string): void {
  const peer = new Peer(
    socket,
    address,
    (from, name, params) => answer(hub, from, name, params),
    (from) => new OpenSessions(from, hub.store, hub.settings.maxOpen),
  );
  hub.peers.all.add(peer);
  const hello = setTimeout(() => {
    if (!peer.greeted) peer.close(connectionErrors.noAnswer(address, hub.settings.helloTimeout));
  }, hub.settings.helloTimeout);
  const signIn = setInterval(() => {
    if (!peer.identity) peer.close();
  }, hub.settings.signInTimeout);
  peer.onEnd(async () => {
    clearTimeout(hello);
    clearInterval(signIn);
    hub.peers.gone(peer);
    await peer.open.end();
  });
}
