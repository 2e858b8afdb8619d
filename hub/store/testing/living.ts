import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.ts';

const sorted = (list: readonly (readonly [string, string])[]) =>
  [...list].sort(([a], [b]) => (a < b ? -1 : 1));

/** What is there only while hubs run: presence and signals. */
export function livingContract(bench: Bench): void {
  describe('presence', () => {
    it('is held until it is released, seen on every hub', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      const a = await one.presence.hold('agent.S1.c1', 'one');
      const b = await two.presence.hold('agent.S1.c2', 'two');
      await one.presence.hold('agent.S10.c1', 'else');
      const list = async () => sorted(await one.presence.list('agent.S1.'));
      await expect.poll(list, { timeout: bench.patience }).toEqual([
        ['agent.S1.c1', 'one'],
        ['agent.S1.c2', 'two'],
      ]);
      const all = async () => sorted(await two.presence.list('agent.'));
      await expect.poll(all, { timeout: bench.patience }).toEqual([
        ['agent.S1.c1', 'one'],
        ['agent.S1.c2', 'two'],
        ['agent.S10.c1', 'else'],
      ]);
      await a.release();
      await expect.poll(list, { timeout: bench.patience }).toEqual([['agent.S1.c2', 'two']]);
      await b.release();
      await b.release();
      await expect.poll(list, { timeout: bench.patience }).toEqual([]);
    });

    it('tells who comes and goes, on every hub', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      const seen: string[] = [];
      const end = await two.presence.watch('p.', (key, value) => void seen.push(`${key} ${value ?? 'gone'}`));
      const held = await one.presence.hold('p.a', 'here');
      await one.presence.hold('q.a', 'elsewhere');
      await held.release();
      await expect.poll(() => seen, { timeout: bench.patience }).toEqual(['p.a here', 'p.a gone']);
      end();
    });

    it('ends with the hub that held it', async () => {
      const one = await bench.store();
      expect(one.presence.lifetime).toBeGreaterThan(0);
      await one.presence.hold('p.a', 'here');
      const again = await bench.reopened();
      const patience = again.presence.lifetime * 3 + bench.patience;
      await expect.poll(() => again.presence.list('p.'), { timeout: patience }).toEqual([]);
    });
  });

  describe('signals', () => {
    it('reach every listener of just that subject, on every hub', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      const seen: unknown[] = [];
      const take = (hub: number) => (message: unknown) => {
        seen.push([hub, message]);
        return true;
      };
      await one.signals.listen('order.S1', take(1));
      await two.signals.listen('order.S1', take(2));
      await two.signals.listen('order.S10', take(3));
      expect(await one.signals.send('order.S1', { a: 1 }, 20_000)).toBe(true);
      await expect
        .poll(() => [...seen].sort(), { timeout: bench.patience })
        .toEqual([
          [1, { a: 1 }],
          [2, { a: 1 }],
        ]);
    });

    it('say whether somebody took it', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      expect(await one.signals.send('nobody', 1, 20_000)).toBe(false);
      const ends = [
        await one.signals.listen('s', () => false),
        await two.signals.listen('s', async () => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          return true;
        }),
      ];
      expect(await one.signals.send('s', 1, 20_000)).toBe(true);
      for (const end of ends) end();
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(await one.signals.send('s', 1, 2000)).toBe(false);
    });

    it('do not wait for ever', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      await two.signals.listen('s', () => new Promise<boolean>(() => undefined));
      expect(await one.signals.send('s', 1, 300)).toBe(false);
    });

    it('take a listener that throws for one that did not take it', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      await two.signals.listen('s', () => {
        throw new Error('thrown by the test');
      });
      expect(await one.signals.send('s', 1, 1000)).toBe(false);
    });

    it('come in the order sent', async () => {
      const [one, two] = [await bench.store(), await bench.other()];
      const seen: unknown[] = [];
      await two.signals.listen('s', (message) => {
        seen.push(message);
        return true;
      });
      await Promise.all(Array.from({ length: 100 }, (_, index) => one.signals.send('s', index, 20_000)));
      expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index));
    });
  });
}
