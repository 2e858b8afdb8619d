import { spawn } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { holdAlone } from './pty.ts';

/** The part of a pseudo-terminal of `@lydell/node-pty` used here; its types leave out what `open` gives. */
interface Pty {
  readonly ptsName?: string;
  readonly _pty?: string;
  readonly master?: Master;
  /** The master's file descriptor. */
  readonly _fd?: number;
  readonly slave?: { destroy(): void };
}

interface Master {
  on(event: 'data', listener: (chunk: Buffer) => void): void;
  on(event: 'error', listener: () => void): void;
  removeAllListeners(event: 'error'): void;
  destroy(): void;
  write(bytes: Buffer | string): boolean;
  pause(): void;
  resume(): void;
}

/** No more is waited for when a process that the target left behind floods its terminal. */
const LAST_WORDS_MS = 1000;

/** The terminal that the programs we start have to themselves: bytes, and no display. */
export class ProgramTerminal {
  readonly #pty: Pty;
  readonly #master: Master;
  readonly #output: (bytes: Buffer) => void;
  /** The programs' end. Held open, so that the master stays usable while no program has the terminal. */
  readonly held: number;
  /** The path of the programs' end. */
  readonly name: string;
  #mark: { readonly bytes: Buffer; readonly found: () => void; seen: Buffer } | null = null;
  #marks = 0;
  #left = false;
  #disposed = false;

  private constructor(pty: Pty, master: Master, name: string, output: (bytes: Buffer) => void) {
    this.#pty = pty;
    this.#master = master;
    this.name = name;
    this.#output = output;
    this.held = openSync(name, constants.O_RDWR | constants.O_NOCTTY);
    holdAlone(this.held, pty.slave);
    // Its own listener throws into the event loop; EIO comes when the last process on the terminal has gone.
    master.removeAllListeners('error');
    master.on('error', () => {});
    master.on('data', (chunk) => this.#data(chunk));
  }

  /** A terminal, or why there is none. */
  static async open(output: (bytes: Buffer) => void): Promise<ProgramTerminal | string> {
    try {
      const module = (await import('@lydell/node-pty')) as unknown as { open(options: object): Pty };
      const pty = module.open({ cols: 80, rows: 25, encoding: null });
      const name = pty.ptsName ?? pty._pty;
      if (!name || !pty.master) return 'the terminal library gives no terminal on its system';
      return new ProgramTerminal(pty, pty.master, name, output);
    } catch (error) {
      return `the terminal library did not load (${error instanceof Error ? error.message : error})`;
    }
  }

  write(bytes: Buffer | string): void {
    if (!this.#disposed) this.#master.write(bytes);
  }

  pause(): void {
    if (!this.#disposed) this.#master.pause();
  }

  resume(): void {
    if (!this.#disposed) this.#master.resume();
  }

  /** The target is gone: resolves when all that it wrote is out. A mark of ours goes into the terminal behind it. */
  async lastWords(): Promise<void> {
    if (this.#disposed || this.#mark) return;
    const bytes = Buffer.from(`\0hawser ${process.pid}.${++this.#marks} end\0`);
    let found = () => {};
    const seen = new Promise<void>((resolve) => {
      found = resolve;
    });
    this.#mark = { bytes, found, seen: Buffer.alloc(0) };
    const end = performance.now() + LAST_WORDS_MS;
    // Without blocking: who would empty a full terminal is this very program.
    const writer = openSync(this.name, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    let timer: NodeJS.Timeout | undefined;
    try {
      while (!written(writer, bytes) && performance.now() < end)
        await new Promise((turn) => setTimeout(turn, 1));
      await Promise.race([seen, new Promise((late) => (timer = setTimeout(late, end - performance.now())))]);
    } finally {
      clearTimeout(timer);
      closeSync(writer);
      const rest = this.#mark?.seen;
      this.#mark = null;
      if (rest?.length) this.#output(rest);
    }
  }

  /** Programs that have it run on after {@link dispose}. */
  leaveToTarget(): void {
    this.#left = true;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#master.pause();
    if (this.#left) this.#leave();
    this.#master.destroy();
    closeSync(this.held);
  }

  /**
   * A `cat` of its own session holds the master's end and throws away what comes, until nobody has the terminal any more.
   * Not while we read it: what a child has as its standard input becomes blocking, for us as well.
   */
  #leave(): void {
    const { _fd: master } = this.#pty;
    if (master === undefined) return;
    const keeper = spawn('cat', [], { stdio: [master, 'ignore', 'ignore'], detached: true });
    keeper.on('error', () => {});
    keeper.unref();
  }

  #data(chunk: Buffer): void {
    const mark = this.#mark;
    if (!mark) {
      this.#output(chunk);
      return;
    }
    const all = Buffer.concat([mark.seen, chunk]);
    const at = all.indexOf(mark.bytes);
    const sure = at >= 0 ? at : Math.max(0, all.length - mark.bytes.length);
    if (sure > 0) this.#output(all.subarray(0, sure));
    mark.seen = at >= 0 ? all.subarray(at + mark.bytes.length) : all.subarray(sure);
    if (at >= 0) mark.found();
  }
}

/** @returns false when the terminal is full */
function written(file: number, bytes: Buffer): boolean {
  try {
    return writeSync(file, bytes) === bytes.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
    throw error;
  }
}
