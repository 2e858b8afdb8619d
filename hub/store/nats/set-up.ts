import { JetStreamApiError, StorageType, type StreamConfig, type StreamInfo } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { nanos } from '@nats-io/transport-node';
import { storeErrors } from '../../errors.ts';
import { recordSets } from '../store.ts';
import { Layout } from './layout.ts';
import type { NatsLink } from './link.ts';
import { type NatsSettings, natsDefaults } from './settings.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Three servers that start together see each other after some seconds. */
const PEERS_MS = 20_000;
const AGAIN_MS = 500;
/** What servers answer: alone; too few in the cluster. */
const NOT_CLUSTERED = 10074;
const NO_PEERS = 10005;

export interface Places {
  readonly layout: Layout;
  readonly shards: number;
  readonly buckets: ReadonlyMap<string, KV>;
}

/** Makes what is not there yet; what is there stays, with more replicas where the cluster has grown. */
export async function setUp(link: NatsLink, settings: NatsSettings): Promise<Places> {
  const layout = new Layout(settings.prefix ?? natsDefaults.prefix);
  const replicas = await replicasFor(link, layout, settings.replicas);
  const kvm = new Kvm(link.js);
  const bucket = async (name: string) => [name, await makeBucket(link, kvm, layout, name, replicas)] as const;
  const [, laid] = await bucket(layout.bucket('layout'));
  const shards = await shardsOf(link, laid, settings.shards ?? natsDefaults.shards);
  const names = [...recordSets, 'presence' as const].map((name) => layout.bucket(name));
  const [buckets] = await Promise.all([
    Promise.all(names.map(bucket)),
    ...Array.from({ length: shards }, (_, shard) =>
      makeStream(link, historyConfig(layout, shard, replicas, settings.historyDays)),
    ),
    makeStream(link, auditConfig(layout, replicas, settings.auditDays)),
  ]);
  return { layout, shards, buckets: new Map(buckets) };
}

type Config = Partial<StreamConfig> & { name: string };

function historyConfig(layout: Layout, shard: number, replicas: number, days: number | undefined): Config {
  return {
    name: layout.historyStream(shard),
    subjects: [layout.historySubjects(shard)],
    num_replicas: replicas,
    max_age: nanos((days ?? natsDefaults.historyDays) * DAY_MS),
    allow_direct: true,
    republish: { src: layout.historySubjects(shard), dest: layout.newsSubjects(shard) },
  };
}

function auditConfig(layout: Layout, replicas: number, days: number | undefined): Config {
  return {
    name: layout.auditStream,
    subjects: [layout.auditSubject],
    num_replicas: replicas,
    max_age: nanos((days ?? natsDefaults.auditDays) * DAY_MS),
    allow_direct: true,
  };
}

async function makeBucket(
  link: NatsLink,
  kvm: Kvm,
  layout: Layout,
  name: string,
  replicas: number,
): Promise<KV> {
  const kv = await link.read(`make the bucket ${name}`, () =>
    kvm.create(name, {
      replicas,
      history: 1,
      // Read from the leader: whoever was told of a write on one hub sees it on any other.
      allow_direct: false,
      republish: { src: `$KV.${name}.>`, dest: layout.changes(name) },
    }),
  );
  await raise(link, await link.read('look at a bucket', () => link.jsm.streams.info(`KV_${name}`)), replicas);
  return kv;
}

async function makeStream(link: NatsLink, config: Config): Promise<void> {
  const info = await link.read(`make the stream ${config.name}`, () => infoOrAdd(link, config));
  await raise(link, info, config.num_replicas ?? 1);
}

async function infoOrAdd(link: NatsLink, config: Config): Promise<StreamInfo> {
  try {
    return await link.jsm.streams.info(config.name);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.status !== 404) throw error;
    return link.jsm.streams.add(config);
  }
}

async function raise(link: NatsLink, { config }: StreamInfo, replicas: number): Promise<void> {
  if (config.num_replicas >= replicas) return;
  await link.read(`keep ${config.name} on ${replicas} servers`, () =>
    link.jsm.streams.update(config.name, { ...config, num_replicas: replicas }),
  );
}

/** What the servers say when they are asked for three. */
async function replicasFor(link: NatsLink, layout: Layout, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) return wanted;
  const there = await link.read('look at what is there', () =>
    replicasOf(link, `KV_${layout.bucket('layout')}`),
  );
  if (there >= 3) return there;
  const name = `${layout.prefix}_probe_${Math.random().toString(36).slice(2)}`;
  const end = performance.now() + PEERS_MS;
  for (;;) {
    const code = await link.read('ask how many servers there are', () => refusalOf(link, name));
    if (code === undefined) return 3;
    if (code === NOT_CLUSTERED || performance.now() > end) return 1;
    await link.pause(AGAIN_MS);
  }
}

async function replicasOf(link: NatsLink, stream: string): Promise<number> {
  try {
    return (await link.jsm.streams.info(stream)).config.num_replicas;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.status === 404) return 0;
    throw error;
  }
}

async function refusalOf(link: NatsLink, name: string): Promise<number | undefined> {
  try {
    await link.jsm.streams.add({
      name,
      subjects: [`${name}.probe`],
      num_replicas: 3,
      storage: StorageType.Memory,
    });
    await link.jsm.streams.delete(name);
    return undefined;
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error;
    if (error.code === NOT_CLUSTERED || error.code === NO_PEERS) return error.code;
    throw error;
  }
}

interface Laid {
  readonly version: 1;
  readonly shards: number;
}

/** The first hub decides, for all and for ever. */
async function shardsOf(link: NatsLink, kv: KV, wanted: number): Promise<number> {
  const key = 'histories';
  for (;;) {
    const now = await link.read('read how the histories are laid out', () => kv.get(key));
    if (now) return checkLaid(now.json<Laid>());
    try {
      await link.write('lay out the histories', () =>
        kv.create(key, JSON.stringify({ version: 1, shards: wanted } satisfies Laid)),
      );
    } catch (error) {
      // Another hub's layout, or our own by an attempt whose answer was lost: it is read.
      if (link.closed) throw error;
    }
  }
}

function checkLaid({ version, shards }: Laid): number {
  if (version !== 1) throw storeErrors.failed('use this store', new Error('a newer hub has laid it out'));
  return shards;
}
