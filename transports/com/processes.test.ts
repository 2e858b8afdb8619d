import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from './testing/bundle.ts';
import { Ends } from './testing/ends.ts';
import { Relay } from './testing/relay.ts';

const ends = new Ends();
let program: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  program = await bundle('talker');
});
afterAll(() => program.remove());
afterEach(() => ends.close());

/** What a talker has said. */
class Talker {
  readonly lines: string[] = [];
  readonly process: ChildProcess;
  readonly #more = new Set<() => void>();
  #over = false;

  constructor(device: string, baud: number, channel: number, bytes: number) {
    const args = [program.file, device, baud, channel, bytes].map(String);
    this.process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    ends.add({ close: () => this.process.kill('SIGKILL') });
    const told = () => {
      for (const resolve of this.#more) resolve();
      this.#more.clear();
    };
    if (this.process.stdout)
      createInterface(this.process.stdout).on('line', (line) => {
        this.lines.push(line);
        told();
      });
    this.process.once('exit', () => {
      this.#over = true;
      told();
    });
  }

  async until(fits: (line: string) => boolean): Promise<void> {
    while (!this.lines.some(fits)) {
      if (this.#over) throw new Error(`it ended after ${this.lines.at(-1)}`);
      await new Promise<void>((resolve) => this.#more.add(resolve));
    }
  }

  got = (bytes: number) => this.until((line) => Number(line) >= bytes);
  done = () => this.until((line) => line === 'done');
}

/** Broken or ended. */
const closed = (stream: Duplex | undefined) => new Promise((resolve) => stream?.once('close', resolve));

const BAUD = 4_000_000;
const TOTAL = 300_000;

describe('several processes at one port', () => {
  async function echoing(channels: readonly number[], damage = 0): Promise<[string, Duplex[]]> {
    const relay = ends.add(await Relay.open({ damage, seed: 9 }));
    const accepted: Duplex[] = [];
    for (const channel of channels)
      await ends.listen({ device: relay.ends[0], baud: BAUD, channel }, (stream) => {
        accepted[channel] = stream;
        stream.pipe(stream);
      });
    return [relay.ends[1], accepted];
  }

  it('goes on in the others when the one that holds it is killed, down to the last', async () => {
    const [device, accepted] = await echoing([1, 2, 3, 4], 1e-4);
    const holder = new Talker(device, BAUD, 1, 50_000_000);
    await holder.got(8192);
    const others = [2, 3, 4].map((channel) => new Talker(device, BAUD, channel, 5 * TOTAL));
    await Promise.all(others.map((other) => other.got(16_384)));
    const cut = closed(accepted[1]);
    holder.process.kill('SIGKILL');
    for (const [index, other] of others.entries()) {
      await Promise.all(others.slice(index).map((each) => each.got((index + 1) * 80_000)));
      if (index < 2) other.process.kill('SIGKILL');
    }
    // Whoever holds the port now knows nothing of the killed one's connection, and says so to its other end.
    await cut;
    await others[2]?.done();
    expect(accepted[1]?.destroyed).toBe(true);
  });

  it('tells the other end at once when one that does not hold it is killed', async () => {
    const [device, accepted] = await echoing([1, 2]);
    const holder = new Talker(device, BAUD, 1, TOTAL);
    await holder.got(8192);
    const other = new Talker(device, BAUD, 2, 50_000_000);
    await other.got(8192);
    const cut = closed(accepted[2]);
    other.process.kill('SIGKILL');
    await cut;
    await holder.done();
  });

  it('goes on when the one that holds it is done first', async () => {
    const [device] = await echoing([1, 2]);
    const holder = new Talker(device, BAUD, 1, 40_000);
    await holder.got(8192);
    const other = new Talker(device, BAUD, 2, TOTAL);
    await holder.done();
    if (holder.process.exitCode === null) await once(holder.process, 'exit');
    await other.done();
  });

  it('makes one of many that start at once the holder', async () => {
    const [device] = await echoing([1, 2, 3, 4]);
    const all = [1, 2, 3, 4].map((channel) => new Talker(device, BAUD, channel, 60_000));
    await Promise.all(all.map((each) => each.done()));
  });
});
