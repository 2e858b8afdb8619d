import { randomUUID } from 'node:crypto';
import { storeErrors } from '../../errors.ts';
import type { HubStore, RecordSet, Records } from '../store.ts';
import { NatsAudit } from './audit.ts';
import { Blocks } from './blocks.ts';
import { Bucket } from './bucket.ts';
import { Followers } from './followers.ts';
import { NatsHistories } from './histories.ts';
import { NatsLink } from './link.ts';
import { NatsPresence } from './presence.ts';
import { NatsRecords } from './records.ts';
import { type Places, setUp } from './set-up.ts';
import { type NatsSettings, natsDefaults } from './settings.ts';
import { NatsSignals } from './signals.ts';
import type { Tail } from './tail.ts';

/** What a hub keeps, on NATS JetStream: any number of hubs may open the same. docs/hub.md says how it is laid out. */
class NatsStore implements HubStore {
  readonly histories: NatsHistories;
  readonly audit: NatsAudit;
  readonly presence: NatsPresence;
  readonly signals: NatsSignals;
  readonly #link: NatsLink;
  readonly #places: Places;
  readonly #followers: Followers;
  readonly #tails = new Set<Tail>();
  #closing: Promise<void> | undefined;

  constructor(link: NatsLink, places: Places, presence: NatsPresence) {
    this.#link = link;
    this.#places = places;
    this.presence = presence;
    const blocks = new Blocks(link, places.layout, places.shards);
    this.#followers = new Followers(link, blocks);
    this.histories = new NatsHistories(link, blocks, this.#followers);
    this.audit = new NatsAudit(link, places.layout);
    this.signals = new NatsSignals(link, places.layout);
    void this.#hurry();
  }

  records<T>(name: RecordSet): Records<T> {
    return new NatsRecords(bucketOf<T>(this.#link, this.#places, name), this.#tails);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#followers.close();
    for (const tail of this.#tails) tail.end();
    // Best effort: where the servers are away, the other hubs notice by themselves.
    await Promise.race([this.presence.close().catch(() => undefined), this.#link.pause(FAREWELL_MS)]);
    await this.#link.close();
  }

  /** What was published while the connection was away is looked for at once. */
  async #hurry(): Promise<void> {
    for await (const { type } of this.#link.nc.status()) {
      if (type !== 'reconnect') continue;
      this.#followers.hurry();
      for (const tail of this.#tails) void tail.catchUp().catch(() => undefined);
    }
  }
}

const FAREWELL_MS = 2000;

function bucketOf<T>(link: NatsLink, { layout, buckets }: Places, name: RecordSet | 'presence'): Bucket<T> {
  const full = layout.bucket(name);
  const kv = buckets.get(full);
  if (!kv) throw storeErrors.failed('find its records', new Error(name));
  return new Bucket<T>(link, kv, full, layout.changes(full));
}

/** @throws HawserError `STORE_UNREACHABLE`, `STORE_FAILED` */
export async function openNatsStore(settings: NatsSettings): Promise<HubStore> {
  const link = await NatsLink.open(settings);
  try {
    const places = await setUp(link, settings);
    const bucket = bucketOf<string>(link, places, 'presence');
    const lifetime = settings.lifetime ?? natsDefaults.lifetime;
    return new NatsStore(
      link,
      places,
      await NatsPresence.start(link, bucket, places.layout, randomUUID(), lifetime),
    );
  } catch (error) {
    await link.close();
    throw error;
  }
}
