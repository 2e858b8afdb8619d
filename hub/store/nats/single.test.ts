import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeContract } from '../testing/contract.ts';
import { openNatsStore } from './store.ts';
import { NatsCluster } from './testing/cluster.ts';

let cluster: NatsCluster;
let count = 0;

beforeAll(async () => {
  cluster = await NatsCluster.start(1);
});
afterAll(() => cluster.dispose());

storeContract('one NATS server', async () => {
  const prefix = `t${++count}`;
  return {
    open: () => openNatsStore({ servers: cluster.urls, prefix, shards: 2, lifetime: 2000 }),
    sideBySide: true,
    durable: true,
    dispose: async () => {},
  };
});

it('hands signals on in the order sent, those too that were sent a moment before there was a listener', async () => {
  const [one, two] = await Promise.all([
    openNatsStore({ servers: cluster.urls, prefix: 'early', shards: 1 }),
    openNatsStore({ servers: cluster.urls, prefix: 'early', shards: 1 }),
  ]);
  try {
    const numbers = (from: number) => Array.from({ length: 50 }, (_, index) => from + index);
    const send = (number: number) => one.signals.send('s', number, 20_000);
    const seen: number[] = [];
    await one.signals.listen('there', () => true);
    const before = numbers(0).map(send);
    // They have come to the server, which had nobody to give them to.
    expect(await one.signals.send('there', 0, 20_000)).toBe(true);
    await two.signals.listen('s', (message) => {
      seen.push(message as number);
      return true;
    });
    expect(await Promise.all(numbers(50).map(send))).toEqual(numbers(50).map(() => true));
    const heard = (await Promise.all(before)).filter(Boolean).length;
    expect(seen).toEqual([...numbers(0).slice(50 - heard), ...numbers(50)]);
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
});
