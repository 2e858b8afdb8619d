import type { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { WebSocketServer } from 'ws';
import { openRpc } from '../../../engine/rpc/connection.ts';
import { toResponseError } from '../../../engine/rpc/errors.ts';
import { createCertificate } from '../../../transports/certificates/create.ts';
import { HawserError } from '../../../transports/errors/error.ts';
import type { MessageLink } from '../../../transports/message-link.ts';
import { type Entry, HUB_PROTOCOL_VERSION, type Sealed, type SessionInfo } from '../../protocol/hub.ts';
import { socketLink } from '../socket-link.ts';

interface Caller {
  readonly connection: MessageConnection;
  readonly link: MessageLink;
  who: 'nobody' | 'person' | 'agent';
  /** Of the session that is followed. */
  sent: number | null;
  acked: number;
  window: number;
  bytes: number[];
}

/** Not checked: what comes is ours. */
type Params = { [name: string]: string } & { readonly entries?: unknown };

const person = { email: 'host@example.test', name: 'Host' };
const fail = (code: string) => toResponseError(new HawserError(code, code));

/** A hub of one session, in memory, that goes wrong in the ways that it is told to. For faults only: the real one is in hub/server. */
export class StandInHub {
  readonly fingerprint: string;
  readonly session: SessionInfo;
  history: Entry[] = [];
  /** Changes entries on their way to readers. */
  forge: (entries: readonly Entry[]) => readonly Entry[] = (entries) => entries;
  /** The link is cut when an append has been stored, before it is answered: as often as this says. */
  cutAnswers = 0;
  /** Requests that are not answered at all. */
  silent = new Set<string>();
  /** Code to answer a token with. */
  refuseTokens: string | null = null;
  /** Entries that it keeps. */
  room = Number.POSITIVE_INFINITY;
  version = HUB_PROTOCOL_VERSION;
  appends = 0;
  opens: number[] = [];
  readonly #secure: { cert: string; key: string };
  readonly #callers = new Set<Caller>();
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #away = false;
  #port = 0;
  #ended: (() => void)[] = [];

  private constructor(certificate: X509Certificate, key: string) {
    this.#secure = { cert: certificate.toString(), key };
    this.fingerprint = certificate.fingerprint256;
    this.session = {
      id: `s${Math.random().toString(36).slice(2)}`,
      name: 'Stand-in',
      description: '',
      host: person,
      created: 0,
      state: 'open',
      agent: true,
      end: null,
      last: 0,
      computer: 'here',
      direct: true,
      invited: [],
      role: 'host',
    };
  }

  static async start(): Promise<StandInHub> {
    const { certificate, key } = await createCertificate({ subject: 'localhost', days: 10, bits: 2048 });
    const hub = new StandInHub(certificate, key.export({ type: 'pkcs8', format: 'pem' }) as string);
    await hub.#listen();
    return hub;
  }

  get address(): string {
    return `https://localhost:${this.#port}`;
  }

  get info(): SessionInfo {
    return { ...this.session, last: this.history.length };
  }

  /** Gone without a word; what it has stays. The port is kept, so that nobody else can take it meanwhile. */
  goAway(): void {
    this.#away = true;
    this.cut();
    for (const socket of this.#sockets) socket.destroy();
  }

  comeBack(): void {
    this.#away = false;
  }

  async close(): Promise<void> {
    this.goAway();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(null)));
  }

  async #listen(): Promise<void> {
    const server = createServer(this.#secure, (_request, response) => response.writeHead(404).end());
    new WebSocketServer({ server, path: '/rpc' }).on('connection', (socket) =>
      this.#enter(socketLink(socket)),
    );
    server.on('connection', (socket: Socket) => {
      if (this.#away) return void socket.destroy();
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  cut(): void {
    for (const { link } of this.#callers) link.destroy();
    this.#callers.clear();
  }

  order(sealed: Sealed): Promise<unknown> {
    const agent = [...this.#callers].find(({ who }) => who === 'agent');
    if (!agent) throw fail('SESSION_AGENT_AWAY');
    return agent.connection.sendRequest('agent/order', { sealed });
  }

  async untilEnded(): Promise<void> {
    if (this.session.state !== 'terminated') await new Promise<void>((resolve) => this.#ended.push(resolve));
  }

  tell(method: string, params: object): void {
    // Whoever is leaving at this moment hears it no more.
    for (const { connection } of this.#callers)
      connection.sendNotification(method, params).catch(() => undefined);
  }

  #enter(link: MessageLink): void {
    const { connection } = openRpc(link);
    const caller: Caller = { connection, link, who: 'nobody', sent: null, acked: 0, window: 0, bytes: [] };
    this.#callers.add(caller);
    link.onClose(() => this.#callers.delete(caller));
    connection.onRequest((method: string, params: unknown) => {
      if (this.silent.has(method)) return new Promise(() => undefined);
      return this.#answer(caller, method, params as Params);
    });
    connection.onNotification('session/ack', ({ seq }: { seq: number }) => {
      caller.acked = Math.max(caller.acked, seq);
      this.#feed(caller);
    });
    connection.listen();
  }

  #answer(caller: Caller, method: string, params: Params): unknown {
    switch (method) {
      case 'hub/hello':
        return { version: this.version, name: 'Stand-in', contact: '', signIn: ['password'], mail: false };
      case 'account/signIn':
      case 'account/resume':
        return this.#signIn(caller, params);
      case 'session/create':
        return { session: this.info, agentToken: 'agent-token' };
      case 'session/open':
        caller.sent = Number(params.after);
        caller.acked = caller.sent;
        caller.window = Number(params.window);
        this.opens.push(caller.sent);
        setImmediate(() => this.#feed(caller));
        return this.info;
      case 'session/close':
        caller.sent = null;
        return null;
      case 'session/order':
        return this.order(params.sealed ?? '').then(() => null);
      case 'session/terminate':
        this.tell('agent/terminate', { by: 'menu', detail: '' });
        return this.info;
      case 'agent/append':
        return this.#append(caller, params.entries as readonly Entry[]);
      case 'agent/ended':
        return this.#end(params);
      default:
        return null;
    }
  }

  #signIn(caller: Caller, params: Params): unknown {
    if (this.refuseTokens && 'token' in params) throw fail(this.refuseTokens);
    if (params.token === 'agent-token') {
      caller.who = 'agent';
      return { kind: 'agent', session: this.info };
    }
    caller.who = 'person';
    const account = { ...person, mayHost: true, mayJoin: true, administrator: false, signIn: 'password' };
    return { kind: 'person', account, token: 'person-token', expires: 1e15 };
  }

  #append(caller: Caller, entries: readonly Entry[]): unknown {
    this.appends++;
    if (this.history.length >= this.room) throw fail('HISTORY_FULL');
    for (const entry of entries) {
      if (entry.seq > this.history.length + 1) throw fail('HISTORY_GAP');
      if (entry.seq === this.history.length + 1) this.history.push(entry);
    }
    if (this.cutAnswers > 0) {
      this.cutAnswers--;
      caller.link.destroy();
    }
    for (const other of this.#callers) this.#feed(other);
    return { last: this.history.length };
  }

  #end({ by, detail }: Params): null {
    Object.assign(this.session, { state: 'terminated', end: { at: 0, by, detail } });
    for (const told of this.#ended.splice(0)) told();
    this.tell('session/changed', { id: this.session.id, info: this.info });
    return null;
  }

  #feed(caller: Caller): void {
    while (caller.sent !== null && caller.sent < this.history.length) {
      const ahead = this.history.slice(caller.acked, caller.sent);
      if (ahead.reduce((sum, { sealed }) => sum + sealed.length, 0) >= caller.window) return;
      const entries = this.forge(this.history.slice(caller.sent, caller.sent + 10));
      caller.sent = Math.min(caller.sent + 10, this.history.length);
      caller.connection
        .sendNotification('session/entries', { session: this.session.id, entries })
        .catch(() => undefined);
    }
  }
}
