import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type ServerProcess, serverProcess } from '../measure/fronts.ts';
import { root } from '../measure/places.ts';
import { flood } from '../measure/programs.ts';
import { Reader } from '../measure/reader.ts';
import type { Budget, Row } from '../measure/row.ts';
import { interleave, median } from '../measure/stats.ts';

const READERS = 50;
const MIB = 1 << 20;
/** Text that the debuggee writes, to be delivered to each. */
const TEXT_MIB = 16;
const ROUNDS = 5;
const STALLED_ROUNDS = 3;

/** MiB a second, summed over the readers. */
const rate = (milliseconds: number) => (READERS * TEXT_MIB * 1000) / milliseconds;

class SessionSide {
  readonly #server: ServerProcess;
  readonly #readers: readonly Reader[];
  readonly #commander: Reader;

  private constructor(server: ServerProcess, readers: readonly Reader[], commander: Reader) {
    this.#server = server;
    this.#readers = readers;
    this.#commander = commander;
  }

  static async open(): Promise<SessionSide> {
    const server = await serverProcess(flood(), [String(TEXT_MIB)]);
    const readers: Reader[] = [];
    for (let count = 0; count < READERS; count++) readers.push(await Reader.join(server.connection));
    const [commander] = readers;
    if (!commander) throw new Error('nobody joined');
    return new SessionSide(server, readers, commander);
  }

  /** The debuggee floods; until the last reader has the last of it. */
  async flood(): Promise<number> {
    const began = performance.now();
    await this.#command('g');
    const took = performance.now() - began;
    await this.#command('.restart');
    return rate(took);
  }

  /** The same while one more client has stopped reading. */
  async floodWithStalled(): Promise<number> {
    const stalled = await Reader.join(this.#server.connection);
    stalled.stall();
    const reached = await this.flood();
    stalled.leave();
    return reached;
  }

  end(): Promise<void> {
    for (const reader of this.#readers) reader.leave();
    return this.#server.end();
  }

  async #command(command: string): Promise<void> {
    const done = this.#readers.map((reader) => reader.commandDone());
    this.#commander.request('session/execute', { command, commandId: `c${Math.random()}` });
    await Promise.all(done);
  }
}

class PlainSide {
  readonly #writer: ChildProcess;
  readonly #sockets: readonly Socket[];
  readonly #got: number[];
  #last: (() => void) | null = null;

  private constructor(writer: ChildProcess, sockets: readonly Socket[]) {
    this.#writer = writer;
    this.#sockets = sockets;
    this.#got = sockets.map(() => 0);
    for (const [index, socket] of sockets.entries())
      socket.on('data', (chunk) => {
        this.#got[index] = (this.#got[index] ?? 0) + chunk.length;
        if (this.#got[index] === TEXT_MIB * MIB && this.#got.every((bytes) => bytes === TEXT_MIB * MIB))
          this.#last?.();
      });
  }

  static async open(): Promise<PlainSide> {
    const writer = fork(join(root, 'bench/anchors/plain-writer.mjs'), { stdio: 'ignore' });
    const [port] = (await once(writer, 'message')) as [number];
    const sockets: Socket[] = [];
    for (let count = 0; count < READERS; count++) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      sockets.push(socket);
    }
    return new PlainSide(writer, sockets);
  }

  async flood(): Promise<number> {
    this.#got.fill(0);
    const all = new Promise<void>((resolve) => {
      this.#last = resolve;
    });
    const began = performance.now();
    this.#writer.send({ bytes: TEXT_MIB * MIB });
    await all;
    return rate(performance.now() - began);
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#writer.disconnect();
  }
}

async function compare(ours: SessionSide, plain: PlainSide): Promise<Row[]> {
  const all = await interleave(
    ROUNDS,
    2,
    () => ours.flood(),
    () => plain.flood(),
  );
  const stalled = await interleave(
    STALLED_ROUNDS,
    0,
    () => ours.floodWithStalled(),
    () => ours.flood(),
  );
  const unit = (value: number) => `${value.toFixed(0)} MiB/s`;
  return [
    {
      name: 'output',
      what: `flood of a debuggee to ${READERS} clients`,
      ours: unit(all.ours),
      anchor: unit(all.anchor),
      ratio: all.ratio,
      goal: '>= 0.5',
      met: all.ratio >= 0.5,
    },
    {
      name: 'output',
      what: 'the same with a stalled client, against without',
      ours: unit(stalled.ours),
      anchor: unit(stalled.anchor),
      ratio: stalled.ratio,
      goal: '>= 0.95',
      met: stalled.ratio >= 0.95,
    },
  ];
}

/** What one client alone gets: the rate at which the text is produced. */
async function alone(say: (line: string) => void): Promise<void> {
  const server = await serverProcess(flood(), [String(TEXT_MIB)]);
  const reader = await Reader.join(server.connection);
  const rates: number[] = [];
  for (let round = 0; round < 3; round++) {
    for (const command of ['g', '.restart']) {
      const done = reader.commandDone();
      const began = performance.now();
      reader.request('session/execute', { command, commandId: `${command}${round}` });
      await done;
      if (command === 'g') rates.push((TEXT_MIB * 1000) / (performance.now() - began));
    }
  }
  reader.leave();
  await server.end();
  say(`to one client: ${median(rates).toFixed(0)} MiB/s of text`);
}

export const output: Budget = {
  name: 'output',
  what: `a debuggee writes ${TEXT_MIB} MiB for ${READERS} clients, against plain sockets`,
  async run(say) {
    await alone(say);
    const ours = await SessionSide.open();
    const plain = await PlainSide.open();
    try {
      return await compare(ours, plain);
    } finally {
      plain.end();
      await ours.end();
    }
  },
};
