import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { listenTcp, type OpenPort } from '../../../transports/tcp-listen.ts';
import { HeldDebugger } from './debugger.ts';

/** A debugger's first words; a browser that a page sends here says something else. */
const FIRST = '+-$\x03';

/** For debuggers without Hawser, on this machine only: each connection has a gdbserver of its own. */
export class PlainGdbServer {
  #server: OpenPort | null = null;
  readonly #open = new Map<Socket, { held: HeldDebugger | null; ended: Promise<void> }>();
  readonly #changed: () => void;
  readonly #gdbserver: string;

  private constructor(gdbserver: string, changed: () => void) {
    this.#gdbserver = gdbserver;
    this.#changed = changed;
  }

  /** @param changed called when a connection came or went @throws HawserError why it cannot listen */
  static async start(port: number, gdbserver: string, changed: () => void): Promise<PlainGdbServer> {
    const plain = new PlainGdbServer(gdbserver, changed);
    const target = { port: { low: port, high: port }, bind: '127.0.0.1' };
    plain.#server = await listenTcp(target, ({ stream }) => plain.#connected(stream as Socket));
    return plain;
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  get clients(): number {
    return this.#open.size;
  }

  holder(tracer: number): string | null {
    for (const [socket, { held }] of this.#open)
      if (held?.pid === tracer) return `A plain debugger (tcp 127.0.0.1:${socket.remotePort})`;
    return null;
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await Promise.all(
      [...this.#open].map(([socket, { ended }]) => {
        socket.destroy();
        return ended;
      }),
    );
  }

  #connected(socket: Socket): void {
    socket.on('error', () => undefined);
    const connection = { held: null as HeldDebugger | null, ended: Promise.resolve() };
    this.#open.set(socket, connection);
    this.#changed();
    connection.ended = this.#serve(socket, connection)
      .catch(() => void socket.destroy())
      .finally(() => {
        this.#open.delete(socket);
        this.#changed();
      });
  }

  async #serve(socket: Socket, connection: { held: HeldDebugger | null }): Promise<void> {
    const first = await firstBytes(socket);
    if (first === null || !FIRST.includes(first.toString('latin1', 0, 1)) || !(await isOurs(socket))) {
      socket.destroy();
      return;
    }
    const console = new PrintedConsole((text) => connection.held?.print(text) ?? false);
    const held = await HeldDebugger.open(this.#gdbserver, socket, console, {
      said: () => undefined,
      ended: () => void socket.end(),
      resumed: () => console.flush(),
    });
    connection.held = held;
    socket.unshift(first);
    socket.resume();
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    if (!socket.destroyed) await Promise.race([closed, held.closed]);
    await held.close();
    socket.destroy();
  }
}

/** How long it is tried again to print what came while the target stood, milliseconds. */
const PRINT_MS = 50;
/** What is kept of it. */
const PRINT_BYTES = 64 * 1024;
/** In a packet, where each byte is two digits. */
const PRINT_PIECE = 1024;

/** Programs' output goes to the debugger in the protocol's own way; they have nothing to read. */
class PrintedConsole extends Duplex {
  readonly #print: (text: Buffer) => boolean;
  #waiting = Buffer.alloc(0);
  #timer: NodeJS.Timeout | null = null;

  constructor(print: (text: Buffer) => boolean) {
    super();
    this.#print = print;
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#waiting = Buffer.concat([this.#waiting, bytes]).subarray(-PRINT_BYTES);
    this.flush();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#timer) clearTimeout(this.#timer);
    done(error);
  }

  /** Prints what waits, if it can be printed now. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#waiting.length > 0 && this.#print(this.#waiting.subarray(0, PRINT_PIECE)))
      this.#waiting = this.#waiting.subarray(PRINT_PIECE);
    if (this.#waiting.length > 0 && !this.destroyed)
      this.#timer = setTimeout(() => this.flush(), PRINT_MS).unref();
  }
}

/** Null: it was closed before. */
function firstBytes(socket: Socket): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const done = (bytes: Buffer | null) => {
      socket.off('data', took);
      socket.off('close', gone);
      resolve(bytes);
    };
    const took = (bytes: Buffer) => {
      socket.pause();
      done(bytes);
    };
    const gone = () => done(null);
    socket.once('data', took);
    socket.once('close', gone);
  });
}

/** Whether the other end belongs to this user, or root: loopback is everybody's on this machine. */
async function isOurs({ localPort = 0, remotePort = 0 }: Socket): Promise<boolean> {
  const word = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const table = await readFile('/proc/net/tcp', 'latin1').catch(() => null);
  // No such table: another system, or no right to look.
  if (table === null || table === '') return true;
  const wanted = `${word(remotePort)} ${word(localPort)} `;
  const row = table.split('\n').find((line) => line.includes(wanted));
  const uid = Number(row?.trim().split(/\s+/)[7] ?? -1);
  return uid === 0 || uid === process.getuid?.();
}
