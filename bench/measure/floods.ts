import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type ServerProcess, serverProcess } from './fronts.ts';
import { root } from './places.ts';
import { flood } from './programs.ts';
import { Reader } from './reader.ts';

export const MIB = 1 << 20;
/** As long as a command line may be. Each `.echo` is delivered twice: as the command that somebody gave, and as what it printed. */
const ECHO_BYTES = 16 * 1024;

/** Text for so many readers. */
export interface Flood {
  readonly readers: number;
  /** To be delivered to each, MiB. */
  readonly mib: number;
}

/** MiB a second, summed over the readers. */
export const rate = ({ readers, mib }: Flood, milliseconds: number) => (readers * mib * 1000) / milliseconds;

/** A session and its clients. */
export class SessionSide {
  readonly #flood: Flood;
  readonly #server: ServerProcess;
  readonly #readers: readonly Reader[];
  readonly #commander: Reader;
  #given = 0;

  private constructor(flood: Flood, server: ServerProcess, readers: readonly Reader[], commander: Reader) {
    this.#flood = flood;
    this.#server = server;
    this.#readers = readers;
    this.#commander = commander;
  }

  /** @param connection the transport, and what it wants beside port and server */
  static async open(wanted: Flood, connection?: string): Promise<SessionSide> {
    const server = await serverProcess(flood(), [String(wanted.mib)], connection);
    const readers: Reader[] = [];
    for (let count = 0; count < wanted.readers; count++) readers.push(await Reader.join(server.connection));
    const [commander] = readers;
    if (!commander) throw new Error('nobody joined');
    return new SessionSide(wanted, server, readers, commander);
  }

  /** Commands flood, waiting in the queue all at once; until the last reader has the last of it. */
  async flood(): Promise<number> {
    const before = this.#readers.map(({ bytes }) => bytes);
    const line = `.echo ${'x'.repeat(ECHO_BYTES - '.echo '.length)}`;
    const began = performance.now();
    const { mib } = this.#flood;
    await this.#commands(new Array<string>((mib * MIB) / (2 * ECHO_BYTES)).fill(line));
    const took = performance.now() - began;
    const whole = this.#readers.every(({ bytes }, index) => bytes - (before[index] ?? 0) >= mib * MIB);
    if (!whole) throw new Error('a reader did not get all of it');
    return rate(this.#flood, took);
  }

  /** The debuggee floods through its terminal. */
  async debuggee(): Promise<number> {
    const began = performance.now();
    await this.#commands(['g']);
    const took = performance.now() - began;
    await this.#commands(['.restart']);
    return rate(this.#flood, took);
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

/** A writer of plain bytes, and as many plain sockets. */
export class PlainSide {
  readonly #flood: Flood;
  readonly #writer: ChildProcess;
  readonly #sockets: readonly Socket[];
  readonly #got: number[];
  #last: (() => void) | null = null;

  private constructor(flood: Flood, writer: ChildProcess, sockets: readonly Socket[]) {
    this.#flood = flood;
    this.#writer = writer;
    this.#sockets = sockets;
    this.#got = sockets.map(() => 0);
    for (const [index, socket] of sockets.entries())
      socket.on('data', (chunk) => {
        this.#got[index] = (this.#got[index] ?? 0) + chunk.length;
        if (this.#got.every((bytes) => bytes === flood.mib * MIB)) this.#last?.();
      });
  }

  /**
   * @param dial resolves to a socket that is connected
   * @param args of the writer: files of certificate and key, for TLS
   */
  static async open(
    flood: Flood,
    dial: (port: number) => Promise<Socket>,
    args: readonly string[] = [],
  ): Promise<PlainSide> {
    const writer = fork(join(root, 'bench/anchors/plain-writer.mjs'), args, { stdio: 'ignore' });
    const [port] = (await once(writer, 'message')) as [number];
    const sockets: Socket[] = [];
    for (let count = 0; count < flood.readers; count++) sockets.push(await dial(port));
    return new PlainSide(flood, writer, sockets);
  }

  async flood(): Promise<number> {
    this.#got.fill(0);
    const all = new Promise<void>((resolve) => {
      this.#last = resolve;
    });
    const began = performance.now();
    this.#writer.send({ bytes: this.#flood.mib * MIB });
    await all;
    return rate(this.#flood, performance.now() - began);
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#writer.disconnect();
  }
}
