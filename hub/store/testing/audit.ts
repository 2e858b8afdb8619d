import { describe, expect, it } from 'vitest';
import type { AuditLine } from '../store.ts';
import type { Bench } from './bench.ts';
import { collect } from './collect.ts';

const line = (at: number, what = 'session.create'): AuditLine => ({
  at,
  who: 'ann@example.com',
  what,
  about: { session: 'S1', count: 3, ok: true },
});

export function auditContract(bench: Bench): void {
  describe('audit', () => {
    it('lists lines oldest first, between two instants inclusive', async () => {
      const { audit } = await bench.store();
      for (const at of [1000, 2000, 3000, 4000]) await audit.append(line(at));
      expect(await collect(audit.list())).toEqual([1000, 2000, 3000, 4000].map((at) => line(at)));
      expect((await collect(audit.list(2000))).map(({ at }) => at)).toEqual([2000, 3000, 4000]);
      expect((await collect(audit.list(2000, 3000))).map(({ at }) => at)).toEqual([2000, 3000]);
      expect((await collect(audit.list(undefined, 1000))).map(({ at }) => at)).toEqual([1000]);
      expect(await collect(audit.list(5000))).toEqual([]);
    });

    it('keeps all lines of one instant, in order of their coming', async () => {
      const { audit } = await bench.store();
      const names = Array.from({ length: 20 }, (_, index) => `w${index}`);
      for (const name of names) await audit.append(line(7000, name));
      expect((await collect(audit.list())).map(({ what }) => what)).toEqual(names);
    });

    it('keeps lines of both hubs', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).audit.append(line(100 + index))),
      );
      expect((await collect(one.audit.list())).map(({ at }) => at).sort()).toEqual(
        Array.from({ length: 20 }, (_, index) => 100 + index),
      );
    });

    it('keeps them', async () => {
      const first = await bench.store();
      if (!bench.durable) return;
      await first.audit.append(line(1));
      const again = await bench.reopened();
      await again.audit.append(line(1, 'after'));
      expect((await collect(again.audit.list())).map(({ what }) => what)).toEqual([
        'session.create',
        'after',
      ]);
    });
  });
}
