import { setTimeout as wait } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubStore, recordSets, type StoredEntry } from '../store.ts';
import { storeContract } from '../testing/contract.ts';
import { Layout, shardOf } from './layout.ts';
import { openNatsStore } from './store.ts';
import { NatsCluster } from './testing/cluster.ts';

let cluster: NatsCluster;

beforeAll(async () => {
  cluster = await NatsCluster.start(3);
});
afterAll(() => cluster.dispose());

const shared = 'shared';

storeContract('three NATS servers', async () => ({
  open: () => openNatsStore({ servers: cluster.urls, prefix: shared, shards: 1, lifetime: 3000 }),
  sideBySide: true,
  durable: true,
  dispose: emptied,
}));

/** Streams made anew for each test would be minutes of elections; emptied, they also have their message ids still. */
async function emptied(): Promise<void> {
  await withConnection(async (nc) => {
    const jsm = await jetstreamManager(nc, { timeout: 30_000 });
    const layout = new Layout(shared);
    const names = [...recordSets, 'presence' as const].map((name) => `KV_${layout.bucket(name)}`);
    for (const name of [...names, layout.historyStream(0), layout.auditStream]) await jsm.streams.purge(name);
  });
}

async function withConnection<T>(work: (nc: NatsConnection) => Promise<T>): Promise<T> {
  const nc = await connect({ servers: [...cluster.urls], maxReconnectAttempts: -1 });
  try {
    return await work(nc);
  } finally {
    await nc.close();
  }
}

const entry = (session: string, seq: number): StoredEntry => ({
  seq,
  at: seq,
  sealed: Buffer.from(`${session} ${seq} ${'.'.repeat(seq % 90)}`).toString('base64'),
});

describe('three NATS servers, one killed', () => {
  const sessions = Array.from({ length: 24 }, (_, index) => `s${index}`);
  const prefix = 'kill';

  it('keeps three replicas of everything, made once', async () => {
    // By hubs that start at the same moment, each at a server of its own.
    const stores = await Promise.all(
      cluster.urls.map((url) => openNatsStore({ servers: [url], prefix, shards: 3 })),
    );
    for (const store of stores) await store.close();
    await withConnection(async (nc) => {
      const jsm = await jetstreamManager(nc);
      let streams = 0;
      for await (const { config } of jsm.streams.list()) {
        if (!config.name.includes(`${prefix}_`)) continue;
        streams++;
        expect([config.name, config.num_replicas]).toEqual([config.name, 3]);
      }
      expect(streams).toBe(3 + 1 + 7);
    });
  });

  // Elections take long. In every run tools/hub/cluster.test.ts sees the same through hubs and their clients.
  const inWhole = process.env.HAWSER_FULL ? it : () => undefined;
  inWhole(
    'loses nothing that was confirmed, doubles nothing, leaves no gap, and followers see all of it',
    async () => {
      const [one, two] = await Promise.all([
        openNatsStore({ servers: cluster.urls, prefix, shards: 3 }),
        openNatsStore({ servers: cluster.urls, prefix, shards: 3 }),
      ]);
      const confirmed = new Map<string, number>();
      const told = new Map<string, number>();
      let going = true;
      try {
        for (const session of sessions)
          await two.histories.follow(session, (last) => void told.set(session, last));
        const writers = sessions.map((session) => writeUntil(one, session, confirmed, () => going));
        const total = () => [...confirmed.values()].reduce((sum, last) => sum + last, 0);
        await expect.poll(total, { timeout: 60_000 }).toBeGreaterThan(1000);

        const shard = new Layout(prefix).historyStream(shardOf('s0', 3));
        const server = cluster.named(await cluster.leaderOf(shard));
        await server.kill();
        const before = total();
        // The sessions that it led as well: each of them goes on.
        const then = new Map(confirmed);
        const stalled = () =>
          sessions.filter((session) => (confirmed.get(session) ?? 0) <= (then.get(session) ?? 0) + 3);
        await expect.poll(stalled, { timeout: 90_000 }).toEqual([]);
        await server.start();
        await wait(1000);
        going = false;
        await Promise.all(writers);
        expect(total()).toBeGreaterThan(before);

        for (const session of sessions) {
          const last = confirmed.get(session) ?? 0;
          expect(await whole(two, session)).toEqual(
            Array.from({ length: last }, (_, index) => entry(session, index + 1)),
          );
        }
        await expect
          .poll(() => Object.fromEntries(told), { timeout: 60_000 })
          .toEqual(Object.fromEntries(confirmed));
      } finally {
        going = false;
        await Promise.all([one.close(), two.close()]);
      }
    },
  );
});

/** One after the other, in batches of changing size. */
async function writeUntil(
  store: HubStore,
  session: string,
  confirmed: Map<string, number>,
  going: () => boolean,
): Promise<void> {
  for (let next = 1; going(); ) {
    const size = 1 + (next % 4);
    const last = await store.histories.append(
      session,
      Array.from({ length: size }, (_, index) => entry(session, next + index)),
    );
    expect(last).toBe(next + size - 1);
    confirmed.set(session, last);
    next = last + 1;
  }
}

async function whole(store: HubStore, session: string): Promise<StoredEntry[]> {
  const all: StoredEntry[] = [];
  for (;;) {
    const page = await store.histories.read(session, all.length + 1, 500, 1 << 20);
    if (page.length === 0) return all;
    all.push(...page);
  }
}
