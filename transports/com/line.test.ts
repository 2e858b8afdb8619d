import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { com } from './com.ts';
import { lockName } from './line/port-lock.ts';
import { clientOf, Ends, receive, send } from './testing/ends.ts';
import { Relay, type RelayOptions } from './testing/relay.ts';

/** Bytes: a tenth of what the long run sends shows the same. */
const amount = (long: number) => (process.env.HAWSER_FULL ? long : long / 10);

const ends = new Ends();
afterEach(() => ends.close());

async function cable(options: RelayOptions = {}, baud = 4_000_000, channel = 1) {
  const relay = ends.add(await Relay.open(options));
  const [here, there] = relay.ends.map((device) => ({ device, baud, channel }));
  if (!here || !there) throw new Error('no ends');
  return { relay, here, there };
}

/** Both directions at once; each checked byte by byte. */
async function exchange([a, b]: [Duplex, Duplex], total: number): Promise<void> {
  const got = [receive(a, 1), receive(b, 2)];
  await Promise.all([send(a, total, 2), send(b, total, 1)]);
  expect(await Promise.all(got)).toEqual([total, total]);
}

describe('a serial line', () => {
  it.each(process.env.HAWSER_FULL ? [1, 2, 3] : [1])(
    'brings every byte once and in order, both ways, with 1 in 1,000 damaged (seed %i)',
    async (seed) => {
      const { relay, here, there } = await cable({ damage: 1e-3, seed });
      await exchange(await ends.pair(here, there), amount(300_000));
      for (const { damaged } of relay.wires) expect(damaged).toBeGreaterThan(10);
    },
  );

  it('holds at 9,600 baud, with 1 in 2,000 damaged', async () => {
    const { here, there } = await cable({ bytesPerSecond: 960, damage: 5e-4, seed: 4 }, 9600);
    await exchange(await ends.pair(here, there), 2_000);
  });

  it('holds at 921,600 baud, with 1 in 10,000 damaged', async () => {
    const { here, there } = await cable({ bytesPerSecond: 92_160, damage: 1e-4, seed: 5 }, 921_600);
    await exchange(await ends.pair(here, there), amount(150_000));
  });

  it('is saturated both ways without a rate, again and again', async () => {
    const { here, there } = await cable({}, 1_000_000_000);
    for (let round = 0; round < 3; round++) {
      const pair = await ends.pair({ ...here, channel: round }, { ...there, channel: round });
      await exchange(pair, amount(4_000_000));
    }
  });

  it('carries on after stalls', async () => {
    const { relay, here, there } = await cable({ damage: 1e-3, seed: 6 });
    const pair = await ends.pair(here, there);
    let stalls = 0;
    const stalling = setInterval(() => {
      for (const wire of relay.wires) wire.stalled = ++stalls % 4 < 2;
    }, 150);
    ends.add({ close: () => clearInterval(stalling) });
    await exchange(pair, amount(1_000_000));
    expect(stalls).toBeGreaterThan(4);
  });

  it('shares a port among channels, and between two clients of one', async () => {
    const { here, there } = await cable({ damage: 1e-4, seed: 7 });
    const accepted: Duplex[] = [];
    await ends.listen(there, (stream) => accepted.push(stream));
    await ends.listen({ ...there, channel: 254 }, (stream) => accepted.push(stream));
    // And one the other way round.
    await ends.listen({ ...here, channel: 1 }, (stream) => accepted.push(stream));
    const calls = [here, here, { ...here, channel: 254 }, there];
    const pairs: [Duplex, Duplex][] = [];
    for (const line of calls) {
      const called = await ends.connect(line);
      while (accepted.length < pairs.length + 1) await new Promise(setImmediate);
      pairs.push([called, accepted[pairs.length] as Duplex]);
    }
    await Promise.all(pairs.map((pair) => exchange(pair, amount(100_000))));
  });

  it('holds the sender back for a reader that does not read', async () => {
    const { here, there } = await cable();
    const [client, server] = await ends.pair(here, there);
    let sent = 0;
    const sending = (async () => {
      for (; sent < 1_000_000; sent += 1000)
        if (!client.write(Buffer.alloc(1000))) await once(client, 'drain');
    })();
    for (let before = -1; before !== sent; ) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    expect(sent).toBeLessThan(900_000);
    server.resume();
    await sending;
  });
});

describe('a port that is pulled out', () => {
  it.each([0, 1] as const)('goes on where it was when it is back (end %i)', async (end) => {
    const { relay, here, there } = await cable();
    const pair = await ends.pair(here, there);
    let pulled = 0;
    const pulling = (async () => {
      while (pulled < 3) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        await relay.unplug(end);
        pulled++;
        await new Promise((resolve) => setTimeout(resolve, 150));
        await relay.plug(end);
      }
    })();
    await exchange(pair, 800_000);
    await pulling;
    expect(pulled).toBe(3);
  });
});

describe('what is wrong on a line', () => {
  it('names baud and channel when nothing comes', async () => {
    const { here } = await cable();
    await expect(ends.connect(here, 300)).rejects.toMatchObject({
      code: 'COM_NO_ANSWER',
      message: expect.stringMatching(/baud=4000000, channel=1\).*nothing came/),
      action: expect.stringMatching(/Compare baud= and channel= at both ends/),
      data: { heard: 'nothing', baud: 4_000_000, channel: 1 },
    });
  });

  it('names them when garbage comes, as from another rate', async () => {
    const { relay, here, there } = await cable({ seed: 8 });
    await ends.listen(there, () => {});
    for (const wire of relay.wires) wire.garble = true;
    // Its calls are garbage to the other end, whose own calls are to this one.
    const other = ends.connect(there, 3_000).catch((error) => error);
    await expect(ends.connect(here, 3_000)).rejects.toMatchObject({
      code: 'COM_NO_ANSWER',
      message: expect.stringMatching(/baud=4000000, channel=1\).*garbage/),
      data: { heard: 'garbage' },
    });
    await other;
  });

  it('names them when the other end has another channel', async () => {
    const { here, there } = await cable();
    await ends.listen({ ...there, channel: 2 }, () => {});
    await expect(ends.connect(here)).rejects.toMatchObject({
      code: 'COM_CHANNEL_REFUSED',
      message: expect.stringMatching(/baud=4000000, channel=1\)/),
      action: expect.stringMatching(/Compare baud= and channel=/),
    });
  });

  it('names both rates where a line carries in spite of them', async () => {
    const { here, there } = await cable();
    await ends.listen({ ...there, baud: 115_200 }, () => {});
    await expect(ends.connect({ ...here, baud: 57_600 })).rejects.toMatchObject({
      code: 'COM_BAUD_DIFFERS',
      data: { baud: 57_600, other: 115_200, there: true },
    });
    await expect(ends.listen({ ...there, baud: 9600, channel: 2 }, () => {})).rejects.toMatchObject({
      code: 'COM_BAUD_DIFFERS',
      data: { baud: 9600, other: 115_200, there: false },
    });
  });

  it('tells a channel that is taken, a port that is not there, is no port, is another program’s', async () => {
    const { relay, here } = await cable();
    await ends.listen(here, () => {});
    await expect(ends.listen(here, () => {})).rejects.toMatchObject({ code: 'COM_CHANNEL_IN_USE' });
    const elsewhere = (device: string) => ends.listen({ ...here, device }, () => {});
    await expect(elsewhere('/dev/no-such-port')).rejects.toMatchObject({ code: 'COM_PORT_NOT_FOUND' });
    await expect(elsewhere('/dev/null')).rejects.toMatchObject({ code: 'COM_PORT_FAILED' });
    const lock = join('/run/lock', lockName(relay.ends[1]));
    writeFileSync(lock, `${String(process.ppid).padStart(10)}\n`);
    await expect(elsewhere(relay.ends[1])).rejects.toMatchObject({
      code: 'COM_PORT_IN_USE',
      data: { holder: process.ppid },
    });
    // Of a process that is dead: nobody's.
    writeFileSync(lock, `${String(2 ** 22 + 1).padStart(10)}\n`);
    const listener = await elsewhere(relay.ends[1]);
    await listener.close();
    while (existsSync(lock)) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('is cancelled while nobody answers, and leaves nothing open', async () => {
    const { here } = await cable();
    const controller = new AbortController();
    const connecting = com.connect(clientOf(here), { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(connecting).rejects.toMatchObject({ code: 'CANCELLED' });
    // The port is free for other rates.
    await ends.listen({ ...here, baud: 9600 }, () => {});
  });
});
