import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RelayOptions {
  /** Enforced in each direction; 0: none. */
  readonly bytesPerSecond?: number;
  /** Of each byte, to be changed or to be lost. */
  readonly damage?: number;
  readonly seed?: number;
}

/** Numbers from 0 to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a UART and a cable hold before the sender is held back. */
const MOST_HELD = 64 << 10;
const TICK_MS = 4;

/** One direction: at its rate, with its faults. */
class Wire {
  readonly #rate: number;
  readonly #damage: number;
  readonly #random: () => number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #allowed = 0;
  #last = performance.now();
  /** Bytes until the next that is damaged. */
  #skip = 0;
  from: Socket | null = null;
  to: Socket | null = null;
  stalled = false;
  /** What noise there is in place of what was sent. */
  garble = false;
  carried = 0;
  damaged = 0;

  constructor({ bytesPerSecond = 0, damage = 0, seed = 1 }: RelayOptions) {
    this.#rate = bytesPerSecond;
    this.#damage = damage;
    this.#random = seeded(seed);
    this.#skip = this.#gap();
  }

  take(chunk: Buffer): void {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > MOST_HELD) this.from?.pause();
    if (this.#rate === 0) this.tick();
  }

  tick(): void {
    const now = performance.now();
    // A line that had nothing to send has not saved up for later.
    this.#allowed = Math.min(
      this.#allowed + ((now - this.#last) * this.#rate) / 1000,
      Math.max(16, (this.#rate * 50) / 1000),
    );
    this.#last = now;
    if (this.stalled) this.#allowed = 0;
    if (this.stalled || this.#heldBytes === 0) return;
    const whole = Buffer.concat(this.#held);
    const count = this.#rate === 0 ? whole.length : Math.min(whole.length, Math.floor(this.#allowed));
    this.#allowed -= count;
    this.#held = [whole.subarray(count)];
    this.#heldBytes = whole.length - count;
    this.carried += count;
    if (count > 0) this.to?.write(this.#fault(whole.subarray(0, count)));
    if (this.#heldBytes < MOST_HELD) this.from?.resume();
  }

  forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #gap(): number {
    return this.#damage === 0
      ? Number.POSITIVE_INFINITY
      : Math.floor(Math.log(1 - this.#random()) / Math.log(1 - this.#damage));
  }

  #fault(bytes: Buffer): Buffer {
    if (this.garble) return Buffer.from(bytes.map(() => Math.floor(this.#random() * 256)));
    if (this.#skip >= bytes.length) {
      this.#skip -= bytes.length;
      return bytes;
    }
    const out: Buffer[] = [];
    let at = 0;
    for (let next = this.#skip; next < bytes.length; next += 1 + this.#gap()) {
      out.push(bytes.subarray(at, next));
      if (this.#random() < 0.5)
        out.push(Buffer.of((bytes[next] ?? 0) ^ (1 + Math.floor(this.#random() * 255))));
      at = next + 1;
      this.damaged++;
      this.#skip = next;
    }
    this.#skip = this.#gap();
    out.push(bytes.subarray(at));
    return Buffer.concat(out);
  }
}

/** A cable between two pseudo-terminals, with the faults that are asked for. Its ends can be pulled out. */
export class Relay {
  readonly ends: readonly [string, string];
  readonly wires: readonly [Wire, Wire];
  readonly #folder = mkdtempSync(join(tmpdir(), 'hawser-line-'));
  readonly #servers: Server[] = [];
  readonly #sockets: (Socket | null)[] = [null, null];
  readonly #terminals: (ChildProcess | null)[] = [null, null];
  /** Open while the terminal is there, so that it stays when the port is closed, as a real one does. */
  readonly #holds: (number | null)[] = [null, null];
  readonly #ticks: ReturnType<typeof setInterval>;

  private constructor(options: RelayOptions) {
    this.ends = [join(this.#folder, 'a'), join(this.#folder, 'b')];
    const seed = options.seed ?? 1;
    this.wires = [new Wire({ ...options, seed }), new Wire({ ...options, seed: seed + 1 })];
    this.#ticks = setInterval(() => {
      for (const wire of this.wires) wire.tick();
    }, TICK_MS);
  }

  static async open(options: RelayOptions = {}): Promise<Relay> {
    const relay = new Relay(options);
    for (const end of [0, 1] as const) {
      const server = createServer((socket) => relay.#connected(end, socket));
      relay.#servers.push(server);
      server.listen(join(relay.#folder, `socket${end}`));
      await once(server, 'listening');
      await relay.plug(end);
    }
    return relay;
  }

  async plug(end: 0 | 1): Promise<void> {
    const path = this.ends[end];
    const terminal = spawn(
      'socat',
      [`pty,rawer,link=${path}`, `unix-connect:${join(this.#folder, `socket${end}`)}`],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    this.#terminals[end] = terminal;
    const failed = once(terminal, 'error').then(() => {
      throw new Error('socat is missing: scripts/setup installs it');
    });
    failed.catch(() => {});
    while (!existsSync(path) || !this.#sockets[end])
      await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 5))]);
    this.#holds[end] = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  }

  async unplug(end: 0 | 1): Promise<void> {
    const terminal = this.#terminals[end];
    const hold = this.#holds[end] ?? null;
    this.#terminals[end] = null;
    this.#holds[end] = null;
    if (terminal) {
      const gone = once(terminal, 'exit');
      terminal.kill('SIGKILL');
      await gone;
    }
    if (hold !== null) closeSync(hold);
    rmSync(this.ends[end], { force: true });
    this.#sockets[end]?.destroy();
    this.#sockets[end] = null;
    for (const wire of this.wires) wire.forget();
  }

  async close(): Promise<void> {
    clearInterval(this.#ticks);
    await Promise.all([this.unplug(0), this.unplug(1)]);
    for (const server of this.#servers) server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #connected(end: 0 | 1, socket: Socket): void {
    const [out, back] = [this.wires[end], this.wires[end === 0 ? 1 : 0]];
    out.from = socket;
    back.to = socket;
    this.#sockets[end] = socket;
    socket.on('data', (chunk: Buffer) => out.take(chunk));
    socket.on('error', () => {});
  }
}
