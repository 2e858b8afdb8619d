import type { Duplex } from 'node:stream';
import { Ends } from '../../transports/com/testing/ends.ts';
import { Relay } from '../../transports/com/testing/relay.ts';
import type { Budget, Row } from '../measure/row.ts';

/** Of each line's rate. */
const SECONDS = 10;

interface Line {
  readonly baud: number;
  /** Of each byte, to be changed or dropped. */
  readonly damage: number;
  readonly bothWays: boolean;
}

const lines: readonly Line[] = [9_600, 115_200, 921_600].flatMap((baud) =>
  [0, 1e-4].flatMap((damage) => [false, true].map((bothWays) => ({ baud, damage, bothWays }))),
);

const arrived = (stream: Duplex, total: number) =>
  new Promise<void>((resolve) => {
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes >= total) resolve();
    });
  });

/** Payload bytes a second, of the slower direction; a relay enforces the rate, which pseudo-terminals have not. */
async function payload({ baud, damage, bothWays }: Line): Promise<number> {
  const bytesPerSecond = baud / 10;
  const ends = new Ends();
  const relay = ends.add(await Relay.open({ bytesPerSecond, damage, seed: 1 }));
  try {
    const [here, there] = relay.ends.map((device) => ({ device, baud, channel: 1 }));
    if (!here || !there) throw new Error('the cable has no ends');
    const [a, b] = await ends.pair(here, there);
    const total = bytesPerSecond * SECONDS;
    const all = [arrived(b, total), ...(bothWays ? [arrived(a, total)] : [])];
    const began = performance.now();
    a.write(Buffer.alloc(total, 'a'));
    if (bothWays) b.write(Buffer.alloc(total, 'b'));
    await Promise.all(all);
    return (total * 1000) / (performance.now() - began);
  } finally {
    await ends.close();
  }
}

async function run(say: (line: string) => void): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const line of lines) {
    const ours = await payload(line);
    const anchor = line.baud / 10;
    const least = line.damage === 0 ? 0.9 : 0.7;
    const damage = line.damage === 0 ? 'clean' : 'one byte in 10,000 damaged';
    const what = `${line.baud} baud, ${damage}, ${line.bothWays ? 'both ways at once' : 'one way'}`;
    say(`${what}: ${(ours / anchor).toFixed(3)}`);
    const shown = (rate: number) => `${rate.toFixed(0)} B/s`;
    rows.push({
      name: 'com',
      what,
      ours: shown(ours),
      anchor: shown(anchor),
      ratio: ours / anchor,
      goal: `>= ${least}`,
      met: ours / anchor >= least,
    });
  }
  return rows;
}

export const com: Budget = { name: 'com', what: 'payload on a serial line, of its rate', run };
