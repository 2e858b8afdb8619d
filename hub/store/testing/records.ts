import { describe, expect, it } from 'vitest';
import { type Records, recordSets } from '../store.ts';
import type { Bench } from './bench.ts';
import { collect } from './collect.ts';

async function entries<T>(records: Records<T>, prefix?: string): Promise<readonly (readonly [string, T])[]> {
  return collect(records.list(prefix));
}

export function recordsContract(bench: Bench): void {
  describe('records', () => {
    it('gives back what was put, by key and set', async () => {
      const store = await bench.store();
      const value = { text: 'häß ☃ \u0000 "', list: [1, null, { deep: true }], number: 1.5 };
      for (const name of recordSets)
        expect(await store.records<unknown>(name).put('Key-1_=.x', { ...value, name })).toBeTypeOf('number');
      for (const name of recordSets)
        expect((await store.records(name).get('Key-1_=.x'))?.value).toEqual({ ...value, name });
      expect(await store.records('accounts').get('Key-1_=.X')).toBeUndefined();
      expect(await store.records('accounts').get('other')).toBeUndefined();
    });

    it('refuses what is no key', async () => {
      const records = (await bench.store()).records('accounts');
      for (const key of ['', 'a b', 'a/b', 'ä', 'x'.repeat(201), 'a*', '>'])
        await expect(records.put(key, 1)).rejects.toMatchObject({ code: 'STORE_FAILED' });
      expect(await records.put('x'.repeat(200), 1)).toBeTypeOf('number');
    });

    it('replaces only what it was asked to replace', async () => {
      const records = (await bench.store()).records<number>('sessions');
      const first = await records.put('k', 1, 0);
      expect(first).toBeTypeOf('number');
      expect(await records.put('k', 2, 0)).toBeUndefined();
      const second = await records.put('k', 3, first);
      expect(second).not.toBe(first);
      expect(await records.put('k', 4, first)).toBeUndefined();
      expect(await records.get('k')).toEqual({ value: 3, revision: second });
      const third = await records.put('k', 5);
      expect((await records.get('k'))?.revision).toBe(third);
    });

    it('deletes only what it was asked to delete', async () => {
      const records = (await bench.store()).records<number>('tokens');
      const revision = await records.put('k', 1);
      expect(await records.delete('k', (revision ?? 0) + 1000)).toBe(false);
      expect(await records.delete('k', revision)).toBe(true);
      expect(await records.get('k')).toBeUndefined();
      // What is not there: nothing to do.
      expect(await records.delete('k')).toBe(true);
      // And a key that was deleted is as one that never was.
      expect(await records.put('k', 2, 0)).toBeTypeOf('number');
      expect(await records.delete('k')).toBe(true);
    });

    it('lets exactly one of many writers win, on whichever hub', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      const sets = [one.records<number>('sessions'), two.records<number>('sessions')] as const;
      await sets[0].put('counter', 0, 0);
      const add = async (records: Records<number>) => {
        for (;;) {
          const now = await records.get('counter');
          if (!now) throw new Error('it is gone');
          if ((await records.put('counter', now.value + 1, now.revision)) !== undefined) return;
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, index) => add(sets[index % 2 ? 1 : 0])));
      expect((await sets[1].get('counter'))?.value).toBe(20);
    });

    it('lists in the order of keys, by prefix', async () => {
      const records = (await bench.store()).records<number>('members');
      for (const key of ['b.1', 'a.10', 'a.2', 'ab.1', 'c', 'a']) await records.put(key, key.length);
      expect((await entries(records)).map(([key]) => key)).toEqual(['a', 'a.10', 'a.2', 'ab.1', 'b.1', 'c']);
      expect(await entries(records, 'a.')).toEqual([
        ['a.10', 4],
        ['a.2', 3],
      ]);
      expect(await entries(records, 'zz')).toEqual([]);
      await records.delete('a.10');
      expect((await entries(records, 'a.')).map(([key]) => key)).toEqual(['a.2']);
    });

    it('tells of changes on every hub, in order for each key, until it is ended', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      await one.records('accounts').put('before', 1);
      const seen: [string, unknown][] = [];
      const end = await two.records('accounts').watch((key, value) => void seen.push([key, value]));
      const records = one.records('accounts');
      for (let count = 1; count <= 5; count++) await records.put('a', count);
      await records.put('b', { x: 1 });
      await records.delete('a');
      await one.records('sessions').put('elsewhere', 1);
      await expect.poll(() => seen.length, { timeout: bench.patience }).toBe(7);
      expect(seen.filter(([key]) => key === 'a').map(([, value]) => value)).toEqual([
        1,
        2,
        3,
        4,
        5,
        undefined,
      ]);
      expect(seen.filter(([key]) => key === 'b')).toEqual([['b', { x: 1 }]]);
      end();
      await records.put('c', 1);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(seen.length).toBe(7);
    });

    it('keeps them', async () => {
      const first = await bench.store();
      if (!bench.durable) return;
      const revision = await first.records<string>('accounts').put('k', 'kept');
      await first.records<string>('accounts').put('gone', 'x');
      await first.records<string>('accounts').delete('gone');
      const records = (await bench.reopened()).records<string>('accounts');
      expect(await records.get('k')).toEqual({ value: 'kept', revision });
      expect(await records.get('gone')).toBeUndefined();
      expect(await records.put('k', 'newer', revision)).toBeTypeOf('number');
    });

    it('holds a thousand', async () => {
      const records = (await bench.store()).records<number>('tokens');
      const keys = Array.from({ length: 1000 }, (_, index) => `n${String(index).padStart(4, '0')}`);
      await Promise.all(keys.map((key, index) => records.put(key, index)));
      expect((await entries(records)).map(([key]) => key)).toEqual(keys);
    });
  });
}
