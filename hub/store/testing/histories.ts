import { describe, expect, it } from 'vitest';
import type { HubStore, StoredEntry } from '../store.ts';
import type { Bench } from './bench.ts';

const entry = (seq: number, size = 8): StoredEntry => ({
  seq,
  at: 1_700_000_000_000 + seq,
  sealed: `${seq}.`.padEnd(size, 'x'),
});
const range = (from: number, to: number, size?: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(from + index, size));

const all = (store: HubStore, session: string) => store.histories.read(session, 1, 10_000, 1 << 24);

export function historiesContract(bench: Bench): void {
  describe('histories', () => {
    it('appends and reads', async () => {
      const { histories } = await bench.store();
      expect(await histories.last('s1')).toBe(0);
      expect(await histories.read('s1', 1, 10, 1 << 20)).toEqual([]);
      expect(await histories.append('s1', range(1, 3))).toBe(3);
      expect(await histories.append('s1', range(4, 4))).toBe(4);
      expect(await histories.append('s2', range(1, 1))).toBe(1);
      expect(await histories.last('s1')).toBe(4);
      expect(await histories.read('s1', 1, 10, 1 << 20)).toEqual(range(1, 4));
      expect(await histories.read('s1', 3, 10, 1 << 20)).toEqual(range(3, 4));
      expect(await histories.read('s1', 2, 2, 1 << 20)).toEqual(range(2, 3));
      expect(await histories.read('s1', 5, 10, 1 << 20)).toEqual([]);
      expect(await histories.read('s2', 1, 10, 1 << 20)).toEqual(range(1, 1));
    });

    it('skips what is there already, and keeps what was first', async () => {
      const { histories } = await bench.store();
      await histories.append('s', range(1, 5));
      expect(await histories.append('s', range(2, 4))).toBe(5);
      expect(await histories.append('s', range(4, 8, 20))).toBe(8);
      expect(await histories.read('s', 1, 100, 1 << 20)).toEqual([...range(1, 5), ...range(6, 8, 20)]);
    });

    it('says how large it is, to every hub, and after a start anew', async () => {
      const { histories } = await bench.store();
      expect(await histories.size('s')).toBe(0);
      await histories.append('s', range(1, 5, 100));
      await histories.append('s', range(4, 2000, 300));
      expect(await histories.size('s')).toBe(5 * 100 + 1995 * 300);
      const other = await bench.other();
      expect(await other.histories.size('s')).toBe(5 * 100 + 1995 * 300);
      const again = await bench.reopened();
      expect(await again.histories.size('s')).toBe(5 * 100 + 1995 * 300);
      await again.histories.append('s', range(2001, 2001, 50));
      expect(await again.histories.size('s')).toBe(5 * 100 + 1995 * 300 + 50);
    });

    it('refuses a gap, and names what is next', async () => {
      const { histories } = await bench.store();
      await expect(histories.append('s', range(2, 3))).rejects.toMatchObject({
        code: 'HISTORY_GAP',
        data: { expected: 1, got: 2 },
      });
      await histories.append('s', range(1, 3));
      await expect(histories.append('s', range(5, 6))).rejects.toMatchObject({
        code: 'HISTORY_GAP',
        data: { expected: 4, got: 5 },
      });
      expect(await histories.last('s')).toBe(3);
    });

    it('appends nothing of nothing', async () => {
      const { histories } = await bench.store();
      expect(await histories.append('s', [])).toBe(0);
      await histories.append('s', range(1, 2));
      expect(await histories.append('s', [])).toBe(2);
    });

    it('reads no more bytes than asked for, but always one', async () => {
      const { histories } = await bench.store();
      const size = 80_000;
      await histories.append('s', range(1, 3, size));
      await histories.append('s', range(4, 6, size));
      expect((await histories.read('s', 1, 100, 10)).map(({ seq }) => seq)).toEqual([1]);
      const page = await histories.read('s', 2, 100, 3 * size + 10_000);
      expect(page.length).toBeGreaterThanOrEqual(1);
      expect(page).toEqual(range(2, 1 + page.length, size));
      expect(page.length).toBeLessThanOrEqual(3);
    });

    it('takes two writers of one session, on whichever hub: each number once, without a gap', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      const write = async (store: HubStore) => {
        for (let next = 1; next <= 60; next += 5) await store.histories.append('s', range(next, next + 4));
      };
      await Promise.all([write(one), write(two)]);
      expect(await all(one, 's')).toEqual(range(1, 60));
      expect(await all(two, 's')).toEqual(range(1, 60));
    });

    it('pages through a long one', async () => {
      const { histories } = await bench.store();
      for (let from = 1; from <= 2000; from += 200) await histories.append('s', range(from, from + 199, 100));
      const read: StoredEntry[] = [];
      for (;;) {
        const page = await histories.read('s', read.length + 1, 333, 1 << 20);
        if (page.length === 0) break;
        read.push(...page);
      }
      expect(read).toEqual(range(1, 2000, 100));
    });

    it('tells those who follow, on every hub, up to the last', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      await one.histories.append('s', range(1, 2));
      const seen: number[] = [];
      const end = await two.histories.follow('s', (last) => void seen.push(last));
      for (let seq = 3; seq <= 40; seq++) await one.histories.append('s', [entry(seq)]);
      await expect.poll(() => seen.at(-1), { timeout: bench.patience }).toBe(40);
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
      end();
      const count = seen.length;
      await one.histories.append('s', [entry(41)]);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(seen.length).toBe(count);
    });

    it('loses nothing between the look and the following', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      const writing = (async () => {
        for (let seq = 1; seq <= 100; seq++) await one.histories.append('s', [entry(seq)]);
      })();
      let told = 0;
      await two.histories.follow('s', (last) => {
        told = last;
      });
      // Who follows first and looks then has the last for certain, by one way or the other.
      const looked = await two.histories.last('s');
      await writing;
      await expect.poll(() => Math.max(told, looked), { timeout: bench.patience }).toBe(100);
    });

    it('removes one whole, and only that', async () => {
      const store = await bench.store();
      await store.histories.append('s', range(1, 50));
      await store.histories.append('s1', range(1, 2));
      await store.histories.remove('s');
      await store.histories.remove('never');
      expect(await store.histories.last('s')).toBe(0);
      expect(await all(store, 's')).toEqual([]);
      expect(await all(store, 's1')).toEqual(range(1, 2));
    });

    it('keeps them', async () => {
      const first = await bench.store();
      if (!bench.durable) return;
      await first.histories.append('s', range(1, 30));
      await first.histories.append('s', range(31, 33));
      const again = await bench.reopened();
      expect(await again.histories.last('s')).toBe(33);
      expect(await all(again, 's')).toEqual(range(1, 33));
      expect(await again.histories.append('s', range(32, 35))).toBe(35);
    });
  });
}
