import { spawn } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { openPty, type Pty } from './pty.ts';

interface Mark {
  readonly bytes: Buffer;
  /** What is not in the terminal yet. */
  rest: Buffer;
  /** What may be its beginning. */
  held: Buffer;
  readonly found: Promise<void>;
  readonly find: () => void;
}

/** No more is waited for when a process that the target left behind floods its terminal. */
const LAST_WORDS_MS = 1000;
/** Most that waits to be typed, bytes; what a program does not read for so long is not wanted. */
const MOST_INPUT = 1 << 20;
const INPUT_AGAIN_MS = 10;

/** The terminal that the programs we start have to themselves: bytes, and no display. */
export class ProgramTerminal {
  readonly #pty: Pty;
  readonly #output: (bytes: Buffer) => void;
  #input: Buffer[] = [];
  #inputBytes = 0;
  #typing = false;
  #mark: Mark | null = null;
  #marks = 0;
  #left = false;
  #disposed = false;

  private constructor(pty: Pty, output: (bytes: Buffer) => void) {
    this.#pty = pty;
    this.#output = output;
    pty.master.on('data', (chunk) => this.#data(chunk));
  }

  /** A terminal, or why there is none. */
  static async open(
    output: (bytes: Buffer) => void,
    size = { cols: 80, rows: 25 },
  ): Promise<ProgramTerminal | string> {
    try {
      return new ProgramTerminal(await openPty(size), output);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** The programs' end, held open until {@link dispose}: the terminal stays usable while no program has it. */
  get held(): number {
    return this.#pty.held;
  }

  /** The file of our end. */
  get master(): number {
    return this.#pty.fd;
  }

  /** The path of the programs' end. */
  get name(): string {
    return this.#pty.name;
  }

  /** @param urgent before anything that waits to be read. @returns false: it was not taken, too much waits already */
  write(bytes: Buffer | string, urgent = false): boolean {
    const all = Buffer.from(bytes);
    if (this.#disposed || this.#inputBytes + all.length > MOST_INPUT) return false;
    if (urgent) this.#input.unshift(all);
    else this.#input.push(all);
    this.#inputBytes += all.length;
    this.#type();
    return true;
  }

  pause(): void {
    if (!this.#disposed) this.#pty.master.pause();
  }

  resume(): void {
    if (!this.#disposed) this.#pty.master.resume();
  }

  /**
   * The program is gone: resolves when all that it wrote is out, or after `limit` milliseconds. A mark of ours goes into the
   * terminal behind it.
   * @returns whether all of it is out
   */
  async lastWords(limit = LAST_WORDS_MS): Promise<boolean> {
    if (this.#disposed) return true;
    this.#mark ??= this.#newMark();
    const mark = this.#mark;
    const end = performance.now() + limit;
    // Without blocking: who would empty a full terminal is this very program.
    const writer = openSync(this.name, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    let timer: NodeJS.Timeout | undefined;
    try {
      for (;;) {
        mark.rest = mark.rest.subarray(Math.max(0, tryWrite(writer, mark.rest)));
        if (mark.rest.length === 0 || performance.now() >= end) break;
        await new Promise((turn) => setTimeout(turn, 1));
      }
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, end - performance.now());
      });
      await Promise.race([mark.found, late]);
    } finally {
      clearTimeout(timer);
      closeSync(writer);
    }
    return this.#mark !== mark;
  }

  /** Programs that have it run on after {@link dispose}. */
  leaveToTarget(): void {
    this.#left = true;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#mark?.find();
    this.#pty.master.pause();
    if (this.#left) this.#leave();
    this.#pty.master.destroy();
    closeSync(this.#pty.held);
  }

  /**
   * A `cat` of its own session holds the master's end and throws away what comes, until nobody has the terminal any more.
   * Not while we read it: what a child has as its standard input becomes blocking, for us as well.
   */
  #leave(): void {
    const keeper = spawn('cat', [], { stdio: [this.#pty.fd, 'ignore', 'ignore'], detached: true });
    keeper.on('error', () => {});
    keeper.unref();
  }

  /** By hand: the library's stream waits in the write itself when the program does not read. */
  #type(): void {
    if (this.#typing) return;
    for (let bytes = this.#input[0]; bytes && !this.#disposed; bytes = this.#input[0]) {
      const written = tryWrite(this.#pty.fd, bytes);
      if (written < 0) {
        this.#input = [];
        this.#inputBytes = 0;
        return;
      }
      this.#inputBytes -= written;
      if (written === bytes.length) this.#input.shift();
      else {
        this.#input[0] = bytes.subarray(written);
        this.#typing = true;
        setTimeout(() => {
          this.#typing = false;
          this.#type();
        }, INPUT_AGAIN_MS);
        return;
      }
    }
  }

  #newMark(): Mark {
    const bytes = Buffer.from(`\0hawser ${process.pid}.${++this.#marks} end\0`);
    let find = () => {};
    const found = new Promise<void>((resolve) => {
      find = resolve;
    });
    return { bytes, rest: bytes, held: Buffer.alloc(0), found, find };
  }

  #data(chunk: Buffer): void {
    const mark = this.#mark;
    if (!mark) {
      this.#output(chunk);
      return;
    }
    const all = Buffer.concat([mark.held, chunk]);
    const at = all.indexOf(mark.bytes);
    const sure = at >= 0 ? at : all.length - beginningAtEnd(all, mark.bytes);
    if (sure > 0) this.#output(all.subarray(0, sure));
    if (at < 0) {
      mark.held = all.subarray(sure);
      return;
    }
    this.#mark = null;
    mark.find();
    const behind = all.subarray(at + mark.bytes.length);
    if (behind.length > 0) this.#output(behind);
  }
}

/** How many of the last bytes of `all` are the first of `mark`. */
function beginningAtEnd(all: Buffer, mark: Buffer): number {
  for (let count = Math.min(all.length, mark.length - 1); count > 0; count--)
    if (all.subarray(all.length - count).equals(mark.subarray(0, count))) return count;
  return 0;
}

/** @returns bytes that the terminal took; -1: it is gone */
function tryWrite(file: number, bytes: Buffer): number {
  try {
    return writeSync(file, bytes);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : -1;
  }
}
