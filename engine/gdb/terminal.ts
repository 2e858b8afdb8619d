import { closeSync, constants, openSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** The part of a pseudo-terminal of `@lydell/node-pty` used here; its types leave out what `open` gives. */
interface Pty {
  readonly ptsName?: string;
  readonly _pty?: string;
  readonly master?: Stream;
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

/** The terminal that the target has to itself. */
export class Terminal {
  readonly #pty: Pty;
  readonly #master: Stream;
  readonly #held: number;
  readonly #decoder = new StringDecoder('utf8');
  readonly #output: (text: string) => void;
  #gathered = '';
  #timer: NodeJS.Timeout | null = null;
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

  dispose(): void {
    this.flush();
    this.#master.destroy();
    closeSync(this.#held);
  }

  #data(chunk: Buffer | string): void {
    this.#gathered += typeof chunk === 'string' ? chunk : this.#decoder.write(chunk);
    if (this.#gathered.length >= GATHER_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }
}
