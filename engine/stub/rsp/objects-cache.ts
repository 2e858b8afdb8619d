import { escapedLength, type RspPacket } from './packets.ts';

export interface ObjectRead {
  readonly object: string;
  readonly annex: string;
  readonly offset: number;
  readonly length: number;
}

const READ = /^qXfer:([\w-]+):read:(.*):([0-9a-f]{1,8}),([0-9a-f]{1,8})$/;

/** What stays the same until the target runs on; others depend on the thread or change by themselves. */
const KEPT: ReadonlySet<string> = new Set([
  'features',
  'auxv',
  'libraries',
  'libraries-svr4',
  'threads',
  'exec-file',
  'memory-map',
]);

/** Of these, what stays as long as the process. */
const LASTING: ReadonlySet<string> = new Set(['features', 'exec-file', 'memory-map', 'auxv']);

export function objectRead(body: string): ObjectRead | null {
  const found = READ.exec(body);
  if (!found) return null;
  const [, object = '', annex = '', offset = '', length = ''] = found;
  if (!KEPT.has(object)) return null;
  return { object, annex, offset: Number.parseInt(offset, 16), length: Number.parseInt(length, 16) };
}

/** Whole; the stub's refusal; or neither is known. */
export type ObjectState = Buffer | RspPacket | 'pending' | 'failed';

/** Objects (`qXfer`) as a whole, so that their chunks cost one wait together. */
export class ObjectsCache {
  readonly #objects = new Map<string, ObjectState>();

  /** The target runs on. */
  resumed(): void {
    for (const [key, state] of this.#objects)
      if (!Buffer.isBuffer(state) || !LASTING.has(key.slice(0, key.indexOf(':')))) this.#objects.delete(key);
  }

  /** Another process, or none. */
  clear(): void {
    this.#objects.clear();
  }

  get({ object, annex }: Pick<ObjectRead, 'object' | 'annex'>): ObjectState | undefined {
    return this.#objects.get(`${object}:${annex}`);
  }

  set({ object, annex }: Pick<ObjectRead, 'object' | 'annex'>, value: ObjectState): void {
    this.#objects.set(`${object}:${annex}`, value);
  }
}

/** An answer as the stub would give it: never longer than was asked for, escapes counted. */
export function chunkOfObject(whole: Buffer, { offset, length }: ObjectRead): Buffer {
  let data = whole.subarray(offset, offset + length);
  while (data.length > 1 && escapedLength(data) > length)
    data = data.subarray(0, Math.max(1, data.length - (escapedLength(data) - length)));
  const last = offset + data.length >= whole.length;
  return Buffer.concat([Buffer.from(last ? 'l' : 'm'), data]);
}
