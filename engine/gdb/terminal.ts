import { spawn } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** The part of a pseudo-terminal of `@lydell/node-pty` used here; its types leave out what `open` gives. */
interface Pty {
  readonly ptsName?: string;
  readonly _pty?: string;
  readonly master?: Stream;
  /** The master's file descriptor. */
  readonly _fd?: number;
  readonly slave?: { destroy(): void };
  resize(columns: number, rows: number): void;
}

interface Stream {
  on(event: 'data', listener: (chunk: Buffer) => void): void;
  on(event: 'error', listener: () => void): void;
  removeAllListeners(event: 'error'): void;
  destroy(): void;
  write(text: string): boolean;
  pause(): void;
  resume(): void;
}

/** How long output is gathered into one event; a person does not see it, a busy target costs fewer events. */
const GATHER_MS = 4;
/** Output that is passed on at once. */
const GATHER_BYTES = 64 * 1024;

/** No more is waited for when a process that the target left behind floods its terminal. */
const LAST_WORDS_MS = 1000;

/** The terminal that the target has to itself. */
export class Terminal {
  readonly #pty: Pty;
  readonly #master: Stream;
  readonly #held: number;
  readonly #decoder = new StringDecoder('utf8');
  readonly #output: (text: string) => void;
  #gathered = '';
  #timer: NodeJS.Timeout | null = null;
  /** What ends the output that is waited for, and who waits. */
  #mark: { readonly text: string; readonly found: () => void } | null = null;
  #marks = 0;
  readonly name: string;

  private constructor(pty: Pty, master: Stream, name: string, output: (text: string) => void) {
    this.#pty = pty;
    this.#master = master;
    this.#output = output;
    this.name = name;
    // Held open, so that the master stays usable while no target has the terminal. The library's own stream
    // on that end reads, and would swallow the target's input.
    this.#held = openSync(name, constants.O_RDWR | constants.O_NOCTTY);
    pty.slave?.destroy();
    // Its own listener throws into the event loop.
    master.removeAllListeners('error');
    master.on('data', (chunk) => this.#data(chunk));
    // EIO comes when the last process on the terminal has gone.
    master.on('error', () => {});
  }

  /** A terminal, or why there is none. */
  static async open(output: (text: string) => void): Promise<Terminal | string> {
    try {
      const module = (await import('@lydell/node-pty')) as unknown as { open(options: object): Pty };
      const pty = module.open({ cols: 80, rows: 25, encoding: null });
      const name = pty.ptsName ?? pty._pty;
      if (!name || !pty.master) return 'the terminal library gives no terminal on this system';
      return new Terminal(pty, pty.master, name, output);
    } catch (error) {
      return `the terminal library did not load (${error instanceof Error ? error.message : error})`;
    }
  }

  write(text: string): void {
    this.#master.write(text);
  }

  pause(): void {
    this.#master.pause();
  }

  resume(): void {
    this.#master.resume();
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  /** Passes on what has been gathered. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const text = this.#gathered;
    this.#gathered = '';
    if (text) this.#output(text);
  }

  /**
   * The target is gone: passes on all that it wrote. A mark of ours goes into the terminal behind it, and
   * whatever comes out before the mark is the target's.
   */
  async lastWords(): Promise<void> {
    const text = `\0hawser ${process.pid}.${++this.#marks} end\0`;
    const found = new Promise<void>((resolve) => {
      this.#mark = { text, found: resolve };
    });
    const end = performance.now() + LAST_WORDS_MS;
    // Without blocking: who would empty a full terminal is this very program.
    const writer = openSync(this.name, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    try {
      while (!written(writer, text) && performance.now() < end)
        await new Promise((turn) => setTimeout(turn, 1));
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([found, new Promise((late) => (timer = setTimeout(late, end - performance.now())))]);
      clearTimeout(timer);
    } finally {
      closeSync(writer);
      this.#mark = null;
      this.flush();
    }
  }

  /**
   * The target goes on without us: with the last holder of the master's end it would get SIGHUP and die. A `cat` of its
   * own session holds it and throws the output away, until nobody has the terminal any more.
   */
  leaveToTarget(): void {
    const { _fd: master } = this.#pty;
    if (master === undefined) return;
    const keeper = spawn('cat', [], { stdio: [master, 'ignore', 'ignore'], detached: true });
    keeper.on('error', () => {});
    keeper.unref();
  }

  dispose(): void {
    this.flush();
    this.#master.destroy();
    closeSync(this.#held);
  }

  #data(chunk: Buffer | string): void {
    this.#gathered += typeof chunk === 'string' ? chunk : this.#decoder.write(chunk);
    const at = this.#mark ? this.#gathered.indexOf(this.#mark.text) : -1;
    if (this.#mark && at >= 0) {
      this.#gathered = this.#gathered.slice(0, at) + this.#gathered.slice(at + this.#mark.text.length);
      this.#mark.found();
    } else if (this.#mark) return;
    if (this.#gathered.length >= GATHER_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }
}

/** @returns false when the terminal is full */
function written(file: number, text: string): boolean {
  try {
    return writeSync(file, text) === text.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
    throw error;
  }
}
