import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { NatsServer } from './server.ts';

const PATIENCE_MS = 120_000;

/** Real nats-server processes on loopback ports, with their data in a temporary folder. */
export class NatsCluster {
  readonly servers: readonly NatsServer[];
  readonly #folder: string;

  private constructor(folder: string, servers: readonly NatsServer[]) {
    this.#folder = folder;
    this.servers = servers;
  }

  /** @param count 1: alone; more: a cluster. Resolves when JetStream answers with all its servers. */
  static async start(count: number, more = ''): Promise<NatsCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'hawser-nats-'));
    const ports = await freePorts(count * 2);
    const routes = ports.slice(count);
    const servers = ports.slice(0, count).map((port, index) => {
      const name = `n${index + 1}`;
      const cluster = count > 1 ? { cluster: { port: routes[index] ?? 0, routes } } : {};
      return new NatsServer({ folder: join(folder, name), name, port, more, ...cluster });
    });
    const all = new NatsCluster(folder, servers);
    try {
      await Promise.all(servers.map((server) => server.start()));
      if (more === '') await all.ready();
    } catch (error) {
      await all.dispose();
      throw error;
    }
    return all;
  }

  get urls(): readonly string[] {
    return this.servers.map(({ url }) => url);
  }

  /** By the name that a stream's information gives its leader. */
  named(name: string | undefined): NatsServer {
    const found = this.servers.find((server) => server.options.name === name);
    if (!found) throw new Error(`there is no server ${name}`);
    return found;
  }

  /** Waits until a stream with as many replicas as there are servers can be made. */
  async ready(): Promise<void> {
    const nc = await connect({ servers: [...this.urls], maxReconnectAttempts: -1, waitOnFirstConnect: true });
    const end = performance.now() + PATIENCE_MS;
    try {
      for (;;) {
        try {
          const jsm = await jetstreamManager(nc);
          await jsm.streams.add({
            name: 'READY',
            subjects: ['ready'],
            num_replicas: Math.min(3, this.servers.length),
          });
          await jsm.streams.delete('READY');
          return;
        } catch (error) {
          if (performance.now() > end) throw error;
          await wait(200);
        }
      }
    } finally {
      await nc.close();
    }
  }

  /** The name of the server that leads a stream just now. */
  async leaderOf(stream: string): Promise<string | undefined> {
    return this.#ask(async (jsm) => (await jsm.streams.info(stream)).cluster?.leader);
  }

  /** Waits until every replica of every stream has all of it. */
  async current(): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const behind = await this.#ask(async (jsm) => {
        const names: string[] = [];
        for await (const { config, cluster } of jsm.streams.list())
          if (!cluster?.leader || cluster.replicas?.some(({ current }) => !current)) names.push(config.name);
        return names;
      }).catch((error: unknown) => [String(error)]);
      if (behind.length === 0) return;
      if (performance.now() > end) throw new Error(`not all replicas are there: ${behind.join(', ')}`);
      await wait(200);
    }
  }

  async #ask<T>(question: (jsm: JetStreamManager) => Promise<T>): Promise<T> {
    const nc = await connect({ servers: [...this.urls], maxReconnectAttempts: -1 });
    try {
      return await question(await jetstreamManager(nc));
    } finally {
      await nc.close();
    }
  }

  async dispose(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Free at this moment; taken together, so that none comes twice. */
export async function freePorts(count: number): Promise<number[]> {
  const holders = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = holders.map((server) => (server.address() as { port: number }).port);
  await Promise.all(holders.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
