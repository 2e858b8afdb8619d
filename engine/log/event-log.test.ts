import { execFileSync } from 'node:child_process';
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

const noMount = process.getuid?.() !== 0 || process.platform !== 'linux';

describe('a log that cannot be spooled', () => {
  /** Everything that was appended is there, or said to be gone; the newest is there. */
  async function expectAccounted(log: EventLog, count: number): Promise<number> {
    const { events, gaps } = await readAll(log, 0, 1 << 18);
    const missing = gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    expect(missing + events.length).toBe(count);
    expect(events.at(-1)?.seq).toBe(count);
    expect(events.at(-1)?.event).toEqual(line(count));
    expect(log.memoryBytes).toBeLessThan(5 << 20);
    return missing;
  }

  async function fill(log: EventLog, from: number, to: number): Promise<void> {
    for (let n = from; n <= to; n++) {
      log.append(line(n), n);
      if (n % 1000 === 0) await new Promise((done) => setTimeout(done, 1));
    }
  }

  it.skipIf(noMount)(
    'for the disk is full (needs root for a small file system): the oldest goes, and how much is said',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'hawser-test', folder]);
      try {
        const log = new EventLog({ memory: 1 << 20, total: 1 << 30 }, new Spool(folder));
        await fill(log, 1, 60_000);
        expect(await expectAccounted(log, 60_000)).toBeGreaterThan(0);
        await fill(log, 60_001, 70_000);
        await expectAccounted(log, 70_000);
        await log.dispose();
      } finally {
        execFileSync('umount', [folder]);
      }
    },
  );

  it('for its folder has been cleared away', async () => {
    const log = new EventLog({ memory: 1 << 20, total: 1 << 30 }, new Spool(folder));
    await fill(log, 1, 10_000);
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    // More than one file holds.
    await fill(log, 10_001, 400_000);
    await expectAccounted(log, 400_000);
    await log.dispose();
  });
});
