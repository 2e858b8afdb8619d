/** Names of streams, buckets and subjects. */
import { createHash } from 'node:crypto';
import { checkKey } from '../keys.ts';
import type { RecordSet } from '../store.ts';

export class Layout {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  historyStream(shard: number): string {
    return `${this.prefix}_history_${String(shard).padStart(3, '0')}`;
  }

  historySubjects(shard: number): string {
    return `${this.prefix}.history.${shard}.>`;
  }

  historySubject(shard: number, session: string): string {
    return `${this.prefix}.history.${shard}.${tokensOf(session)}`;
  }

  /** Where the servers publish again what has become durable. */
  newsSubjects(shard: number): string {
    return `${this.prefix}.news.${shard}.>`;
  }

  newsSubject(shard: number, session: string): string {
    return `${this.prefix}.news.${shard}.${tokensOf(session)}`;
  }

  bucket(name: RecordSet | 'presence' | 'layout'): string {
    return `${this.prefix}_${name}`;
  }

  /** The same for a bucket. */
  changes(bucket: string): string {
    return `${this.prefix}.changes.${bucket}.>`;
  }

  get auditStream(): string {
    return `${this.prefix}_audit`;
  }

  get auditSubject(): string {
    return `${this.prefix}.audit`;
  }

  signal(subject: string): string {
    return `${this.prefix}.signal.${tokensOf(checkKey(subject))}`;
  }

  get lifeSigns(): string {
    return `${this.prefix}.alive`;
  }
}

/** Which stream a session's history is in: never changes for a number of shards. */
export function shardOf(session: string, shards: number): number {
  return createHash('sha256').update(session).digest().readUInt32BE() % shards;
}

/** A key as tokens of a subject, which cannot be empty: '/' is in no key. */
export function tokensOf(key: string): string {
  return key
    .split('.')
    .map((token) => token || '/')
    .join('.');
}

export function keyOfTokens(tokens: string): string {
  return tokens
    .split('.')
    .map((token) => (token === '/' ? '' : token))
    .join('.');
}
