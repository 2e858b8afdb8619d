import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificate } from '../../../transports/certificates/create.ts';
import { pemOf } from '../../../transports/certificates/store.ts';
import { HubConnection, type HubConnectionOptions } from '../../client/hub-connection.ts';
import type { Entry, SignedIn } from '../../protocol/hub.ts';
import { openLevelStore } from '../../store/level/store.ts';
import type { HubStore } from '../../store/store.ts';
import type { NewAccount } from '../accounts.ts';
import { type HubOptions, type RunningHub, startHub } from '../hub.ts';
import type { HubSettings } from '../settings.ts';

export const PASSWORD = 'correct horse battery staple';

/** A certificate for tests: made once, of a small key. */
let certificate:
  | Promise<{ readonly cert: string; readonly key: string; readonly fingerprint: string }>
  | undefined;

export function testCertificate() {
  certificate ??= createCertificate({ subject: 'localhost', days: 2, bits: 2048 }).then(
    ({ certificate: made, key }) => ({
      cert: made.toString(),
      key: pemOf(key),
      fingerprint: made.fingerprint256,
    }),
  );
  return certificate;
}

/** A hub in this process, over a store in a folder of its own, with a clock that can be set. */
export class TestHub {
  readonly store: HubStore;
  readonly hub: RunningHub;
  readonly #folder: string;
  readonly #fingerprint: string;
  readonly #connections: HubConnection[] = [];
  readonly clock: { offset: number };

  private constructor(
    store: HubStore,
    hub: RunningHub,
    folder: string,
    fingerprint: string,
    clock: { offset: number },
  ) {
    this.store = store;
    this.hub = hub;
    this.#folder = folder;
    this.#fingerprint = fingerprint;
    this.clock = clock;
  }

  static async start(
    options: Partial<Omit<HubOptions, 'settings'>> & { readonly settings?: Partial<HubSettings> } = {},
  ): Promise<TestHub> {
    const folder = await mkdtemp(join(tmpdir(), 'hawser-hub-'));
    const store = options.store ?? (await openLevelStore(folder));
    const { cert, key, fingerprint } = await testCertificate();
    const clock = { offset: 0 };
    const hub = await startHub({
      port: 0,
      bind: '127.0.0.1',
      cert,
      key,
      ...options,
      store,
      settings: {
        // Real ones take a third of a second each.
        scrypt: { n: 1024, r: 8, p: 1 },
        signInsPerAddress: 10_000,
        contact: 'help@example.com',
        now: () => Date.now() + clock.offset,
        ...options.settings,
      },
    });
    return new TestHub(store, hub, folder, fingerprint, clock);
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.hub.close();
    await this.store.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** An account with PASSWORD, that may join unless told otherwise. */
  async person(email: string, rights: Partial<NewAccount> = {}): Promise<void> {
    const { accounts } = this.hub.context;
    const name = email.split('@')[0] ?? '';
    await accounts.add({ email, name, mayHost: false, mayJoin: true, administrator: false, ...rights });
    await accounts.setPassword(email, PASSWORD);
  }

  async connect(options: Partial<HubConnectionOptions> = {}): Promise<HubConnection> {
    const connection = await HubConnection.open({
      address: `https://127.0.0.1:${this.hub.port}`,
      fingerprint: this.#fingerprint,
      program: 'test',
      ...options,
    });
    this.#connections.push(connection);
    return connection;
  }

  /** Connected and signed in. */
  async signIn(
    email: string,
  ): Promise<HubConnection & { readonly me: Extract<SignedIn, { kind: 'person' }> }> {
    const connection = await this.connect();
    const me = await connection.request('account/signIn', { email, password: PASSWORD });
    return Object.assign(connection, { me: me as Extract<SignedIn, { kind: 'person' }> });
  }

  /** An account with its connection. */
  async newcomer(email: string, rights: Partial<NewAccount> = {}) {
    await this.person(email, rights);
    return this.signIn(email);
  }

  /** A session of `host`, with its agent connected. */
  async session(host: HubConnection, name = 'A session') {
    const { session, agentToken } = await host.request('session/create', {
      name,
      description: 'What it is about',
      computer: 'build7',
      direct: false,
    });
    const orders: string[] = [];
    const agent = await this.connect({
      token: agentToken,
      takeOrder: ({ sealed }) => void orders.push(sealed),
    });
    return { id: session.id, session, agentToken, agent, orders };
  }
}

/** An entry as agents send it, as far as a hub can tell. */
export function entry(seq: number, size = 16): Entry {
  const sealed = Buffer.from(`${seq}:`.padEnd(size, 'x')).toString('base64');
  return { seq, at: 1_700_000_000_000 + seq, sealed };
}

export const entries = (from: number, to: number, size?: number): Entry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(from + index, size));

/** Whatever comes of a session, acknowledged at once. */
export function collectEntries(connection: HubConnection, session: string, acknowledge = true): Entry[] {
  const came: Entry[] = [];
  connection.on('session/entries', ({ session: of, entries: more }) => {
    if (of !== session) return;
    came.push(...more);
    const last = more.at(-1)?.seq ?? 0;
    if (acknowledge) connection.notify('session/ack', { session, seq: last });
  });
  return came;
}
