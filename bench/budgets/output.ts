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
/** Text to be delivered to each. */
const TEXT_MIB = 16;
/** As long as a command line may be. Each `.echo` is delivered twice: as the command that somebody gave, and as what it printed. */
const ECHO_BYTES = 16 * 1024;
const ECHOES = (TEXT_MIB * MIB) / (2 * ECHO_BYTES);
const ROUNDS = 7;
const STALLED_ROUNDS = 3;

/** MiB a second, summed over the readers. */
const rate = (milliseconds: number) => (READERS * TEXT_MIB * 1000) / milliseconds;

class SessionSide {
  readonly #server: ServerProcess;
  readonly #readers: readonly Reader[];
  readonly #commander: Reader;
  #given = 0;

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

  /** Commands flood, waiting in the queue all at once; until the last reader has the last of it. */
  async flood(): Promise<number> {
    const before = this.#readers.map(({ bytes }) => bytes);
    const line = `.echo ${'x'.repeat(ECHO_BYTES - '.echo '.length)}`;
    const began = performance.now();
    await this.#commands(new Array<string>(ECHOES).fill(line));
    const took = performance.now() - began;
    const whole = this.#readers.every(({ bytes }, index) => bytes - (before[index] ?? 0) >= TEXT_MIB * MIB);
    if (!whole) throw new Error('a reader did not get all of it');
    return rate(took);
  }

  /** The debuggee floods through its terminal. */
  async debuggee(): Promise<number> {
    const began = performance.now();
    await this.#commands(['g']);
    const took = performance.now() - began;
    await this.#commands(['.restart']);
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

  async #commands(commands: readonly string[]): Promise<void> {
    const done = this.#readers.map((reader) => reader.commandsDone(commands.length));
    for (const command of commands)
      this.#commander.request('session/execute', { command, commandId: `c${++this.#given}` });
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

async function compare(ours: SessionSide, plain: PlainSide, say: (line: string) => void): Promise<Row[]> {
  const terminal = [await ours.debuggee(), await ours.debuggee(), await ours.debuggee()];
  say(`a debuggee that floods, to ${READERS} clients: ${median(terminal).toFixed(0)} MiB/s`);
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
      what: `text of \`.echo\` to ${READERS} clients`,
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

export const output: Budget = {
  name: 'output',
  what: `${TEXT_MIB} MiB of text for ${READERS} clients, against plain sockets`,
  async run(say) {
    const ours = await SessionSide.open();
    const plain = await PlainSide.open();
    try {
      return await compare(ours, plain, say);
    } finally {
      plain.end();
      await ours.end();
    }
  },
};
