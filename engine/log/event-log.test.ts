import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NumberedEvent } from '../protocol/session.ts';
import { EventLog } from './event-log.ts';
import { Spool } from './spool.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const line = (n: number) =>
  ({ type: 'output', kind: 'normal', text: `line ${n}\n"quoted" ${'x'.repeat(80)}\n` }) as const;

async function readAll(log: EventLog, after: number, limit: number) {
  const events: NumberedEvent[] = [];
  const gaps: { from: number; to: number }[] = [];
  for (let cursor = after; ; ) {
    const slice = await log.read(cursor, limit);
    if (!slice) return { events, gaps };
    if (slice.kind === 'gap') {
      gaps.push({ from: slice.from, to: slice.to });
      cursor = slice.to;
    } else {
      events.push(...(JSON.parse(`[${slice.json.toString('utf8')}]`) as NumberedEvent[]));
      cursor = slice.last;
    }
  }
}

describe('EventLog', () => {
  it('gives every event once, in order, from any cursor and in any portion', async () => {
    const log = new EventLog({ memory: 1 << 20, total: 1 << 26 }, new Spool(folder));
    for (let n = 1; n <= 10_000; n++) log.append(line(n), n);
    for (const [after, limit] of [
      [0, 1 << 20],
      [0, 1],
      [1234, 5000],
      [9_999, 10],
      [10_000, 10],
    ] as const) {
      const { events, gaps } = await readAll(log, after, limit);
      expect(gaps).toEqual([]);
      expect(events.length).toBe(10_000 - after);
      expect(events.every((event, index) => event.seq === after + 1 + index)).toBe(true);
      expect(events[0]?.event ?? line(after + 1)).toEqual(line(after + 1));
    }
    await log.dispose();
  });

  it('keeps memory bounded by spooling, and reads the spool back', async () => {
    const log = new EventLog({ memory: 1 << 20, total: 1 << 30 }, new Spool(folder));
    for (let n = 1; n <= 100_000; n++) {
      log.append(line(n), n);
      // As fast as the disk takes it, whatever disk that is.
      while (n % 5000 === 0 && log.memoryBytes > 2 << 20) await new Promise((done) => setTimeout(done, 5));
    }
    expect(log.oldest).toBe(1);
    expect(log.memoryBytes).toBeLessThan(4 << 20);
    const { events, gaps } = await readAll(log, 0, 1 << 18);
    expect(gaps).toEqual([]);
    expect(events.length).toBe(100_000);
    expect(events[99_999]?.event).toEqual(line(100_000));
    await log.dispose();
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes nothing any more once it was disposed of, and stays bounded', async () => {
    const log = new EventLog({ memory: 1 << 20, total: 1 << 30 }, new Spool(folder));
    await log.dispose();
    for (let n = 1; n <= 100_000; n++) log.append(line(n), n);
    expect(log.memoryBytes).toBeLessThan(5 << 20);
    await new Promise((done) => setTimeout(done, 50));
    expect(await readdir(folder)).toEqual([]);
  });

  it('says how much is gone when the limit is reached', async () => {
    const log = new EventLog({ memory: 1 << 20, total: 1 << 21 }, new Spool(folder));
    for (let n = 1; n <= 50_000; n++) log.append(line(n), n);
    const { events, gaps } = await readAll(log, 0, 1 << 18);
    expect(gaps).toEqual([{ from: 1, to: (events[0]?.seq ?? 0) - 1 }]);
    expect(events.at(-1)?.seq).toBe(50_000);
    await log.dispose();
  });

  it('gives readers at the same place the same slice', async () => {
    const log = new EventLog({ memory: 1 << 20, total: 1 << 21 }, new Spool(folder));
    for (let n = 1; n <= 10; n++) log.append(line(n), n);
    const first = await log.read(0, 1 << 16);
    expect(await log.read(0, 1 << 16)).toBe(first);
    log.append(line(11));
    expect(await log.read(0, 1 << 16)).not.toBe(first);
    await log.dispose();
  });
});
