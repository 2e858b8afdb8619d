import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HubConnection } from '../../hub/client/hub-connection.ts';
import { hubParts } from '../../hub/server/hub.ts';
import { testCertificate } from '../../hub/server/testing/test-hub.ts';
import { openNatsStore } from '../../hub/store/nats/store.ts';
import { freePorts, NatsCluster } from '../../hub/store/nats/testing/cluster.ts';
import type { HubStore } from '../../hub/store/store.ts';
import { Balancer } from './balancer.ts';
import { ConsoleProcess } from './console-process.ts';

/** Everybody here comes from one address. */
const LIMITS = ['-max-per-address', '20000', '-max-sign-ins', '1000'];

/** Three real NATS servers, hubs on them as processes of their own, and what shares connections out among those. */
export class HubCluster {
  readonly nats: NatsCluster;
  readonly balancer: Balancer;
  readonly fingerprint: string;
  readonly #folder: string;
  readonly #ports: readonly number[];
  readonly #hubs: (ConsoleProcess | undefined)[] = [];
  readonly #connections: HubConnection[] = [];
  readonly #people = new Map<string, Promise<string>>();
  #store: Promise<HubStore> | undefined;

  private constructor(
    nats: NatsCluster,
    balancer: Balancer,
    fingerprint: string,
    folder: string,
    ports: readonly number[],
  ) {
    this.nats = nats;
    this.balancer = balancer;
    this.fingerprint = fingerprint;
    this.#folder = folder;
    this.#ports = ports;
  }

  static async start(hubs: number): Promise<HubCluster> {
    const [nats, { cert, key, fingerprint }, folder, ports] = await Promise.all([
      NatsCluster.start(3),
      testCertificate(),
      mkdtemp(join(tmpdir(), 'hawser-hubs-')),
      freePorts(hubs),
    ]);
    const made = new HubCluster(nats, await Balancer.start(ports), fingerprint, folder, ports);
    try {
      await writeFile(join(folder, 'cert.pem'), cert);
      await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 });
      await Promise.all(ports.map((_port, index) => made.startHub(index)));
      return made;
    } catch (error) {
      await made.dispose();
      throw error;
    }
  }

  get address(): string {
    return `https://127.0.0.1:${this.balancer.port}`;
  }

  /** Connections made by `person` and `connect`. */
  get connections(): number {
    return this.#connections.length;
  }

  async startHub(index: number): Promise<void> {
    const file = (name: string) => join(this.#folder, name);
    const words = ['-nats', this.nats.urls.join(','), '-data', file(`hub${index}`), '-url', this.address];
    const listen = ['-port', String(this.#ports[index]), '-bind', '127.0.0.1'];
    const certificate = ['-cert', file('cert.pem'), '-key', file('key.pem')];
    const hub = new ConsoleProcess(['hub', ...words, ...listen, ...certificate, ...LIMITS]);
    this.#hubs[index] = hub;
    await hub.see(/Ctrl\+C stops it/);
  }

  pidOf(index: number): number {
    return this.#hubs[index]?.child.pid ?? 0;
  }

  /** As a power cut would. */
  async killHub(index: number): Promise<void> {
    const hub = this.#hubs[index];
    this.#hubs[index] = undefined;
    hub?.kill('SIGKILL');
    await hub?.exited();
  }

  /** A connection of its own of somebody who may host and join, by way of the balancer. */
  async person(name: string): Promise<HubConnection> {
    const token = this.#people.get(name) ?? this.#enrol(name);
    this.#people.set(name, token);
    return this.connect(await token);
  }

  async connect(token?: string): Promise<HubConnection> {
    const { address, fingerprint } = this;
    const connection = await HubConnection.open({ address, fingerprint, program: 'test', token });
    this.#connections.push(connection);
    return connection;
  }

  /** Administered as any hub's store on NATS. @returns the token of a sign-in */
  async #enrol(name: string): Promise<string> {
    this.#store ??= openNatsStore({ servers: this.nats.urls });
    const { accounts } = hubParts(await this.#store);
    const rights = { mayHost: true, mayJoin: true, administrator: false };
    const account = await accounts.add({ email: emailOf(name), name, ...rights });
    return (await accounts.signIn(account)).token;
  }

  async dispose(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await Promise.all(this.#hubs.map((_hub, index) => this.killHub(index)));
    await (await this.#store)?.close();
    await this.balancer.close();
    await this.nats.dispose();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export const emailOf = (name: string) => `${name}@example.com`;
