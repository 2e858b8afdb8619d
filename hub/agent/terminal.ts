import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { holdAlone } from '../../engine/machine/pty.ts';
import { agentErrors } from './errors.ts';

/** The part of a pseudo-terminal of `@lydell/node-pty` used here; its types leave out what `open` gives. */
interface Pty {
  readonly ptsName?: string;
  readonly _pty?: string;
  readonly master: Master;
  /** The master's file descriptor. */
  readonly _fd: number;
  readonly slave: { destroy(): void };
}

interface Master {
  on(event: 'data', listener: (chunk: Buffer) => void): void;
  on(event: 'error' | 'end' | 'close', listener: () => void): void;
  removeAllListeners(event: 'error'): void;
  destroy(): void;
  pause(): void;
  resume(): void;
}

export interface TerminalOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly output: (bytes: Buffer) => void;
  /** The debugger has ended and all that it wrote has been given out. */
  readonly ended: (how: string) => void;
}

/**
 * Wide, so that few lines are broken, and higher than anybody asks for a key to be pressed at the end of a page: the text goes
 * to windows of all sizes. 65535 is more than GDB takes for a page.
 */
const SIZE = { cols: 160, rows: 65535 };
/** Most that waits to be typed, bytes; what a debugger does not read for so long is not wanted. */
const MOST_INPUT = 1 << 20;
const INPUT_AGAIN_MS = 10;
/** A program that the debugger left behind may hold its terminal: the last words are over when nothing came for so long. */
const QUIET_MS = 500;

/** The debugger of a hosted session on a terminal of its own, whose session it leads. The terminal echoes and calls itself dumb. */
export class DebuggerTerminal {
  readonly #options: TerminalOptions;
  readonly #pty: Pty;
  readonly #child: ChildProcess;
  #input: Buffer[] = [];
  #inputBytes = 0;
  #typing = false;
  #paused = false;
  #heard = 0;
  #exit: string | null = null;
  #over = false;

  private constructor(options: TerminalOptions, pty: Pty, child: ChildProcess) {
    this.#options = options;
    this.#pty = pty;
    this.#child = child;
    // Its own listener throws into the event loop. EIO comes when nobody has the terminal any more and all has been read.
    pty.master.removeAllListeners('error');
    pty.master.on('data', (bytes) => {
      this.#heard = performance.now();
      options.output(bytes);
    });
    pty.master.on('end', () => this.#drain());
    pty.master.on('error', () => this.#closed());
    pty.master.on('close', () => this.#closed());
    child.once('exit', (status, signal) => this.#exited(signal ?? `exit status ${status}`));
  }

  /** @throws HawserError `DEBUGGER_UNUSABLE` */
  static async start(options: TerminalOptions): Promise<DebuggerTerminal> {
    const module = (await import('@lydell/node-pty')) as unknown as { open(options: object): Pty };
    const pty = module.open({ ...SIZE, encoding: null });
    const held = openSync(pty.ptsName ?? pty._pty ?? '', constants.O_RDWR | constants.O_NOCTTY);
    holdAlone(held, pty.slave);
    const nothing = openSync('/dev/null', 'r+');
    try {
      // util-linux: makes it the leader of a session whose terminal this is, so that Ctrl+C and hang-ups reach it.
      const child = spawn('setsid', ['--ctty', options.file, ...options.args], {
        cwd: options.folder,
        env: { ...options.env, TERM: 'dumb' },
        stdio: withoutMaster(held, pty._fd, nothing),
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', (error) => reject(agentErrors.debuggerUnusable(options.file, error.message)));
      });
      return new DebuggerTerminal(options, pty, child);
    } catch (error) {
      pty.master.removeAllListeners('error');
      pty.master.on('error', () => undefined);
      pty.master.destroy();
      throw error;
    } finally {
      closeSync(held);
      closeSync(nothing);
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  type(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#over || this.#inputBytes + bytes.length > MOST_INPUT) return;
    this.#input.push(bytes);
    this.#inputBytes += bytes.length;
    this.#type();
  }

  /** Ctrl+C, before anything that waits to be typed. */
  interrupt(): void {
    this.#input.unshift(Buffer.from('\x03'));
    this.#inputBytes++;
    this.#type();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The debugger waits in its next words, when the system's buffer is full too. */
  pause(): void {
    this.#paused = true;
    this.#pty.master.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#heard = performance.now();
    this.#pty.master.resume();
  }

  /** By hand: the library's stream waits in the write itself when the debugger does not read. */
  #type(): void {
    if (this.#typing) return;
    for (let bytes = this.#input[0]; bytes && !this.#over; bytes = this.#input[0]) {
      const written = tryWrite(this.#pty._fd, bytes);
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

  #exited(how: string): void {
    this.#exit = how;
    this.#heard = performance.now();
    if (this.#over) this.#options.ended(how);
    else this.#watchQuiet();
  }

  #watchQuiet(): void {
    if (this.#over) return;
    const quiet = performance.now() - this.#heard;
    if (!this.#paused && quiet >= QUIET_MS) this.#pty.master.destroy();
    else setTimeout(() => this.#watchQuiet(), QUIET_MS / 5);
  }

  /**
   * Node takes a hang-up behind a short read for the end; what the debugger wrote last may be on its way through the kernel still.
   * The file is not closed yet: it is read by hand until it has no more.
   */
  #drain(): void {
    const bytes = Buffer.allocUnsafe(1 << 16);
    try {
      for (let read = 1; read > 0; ) {
        read = readSync(this.#pty._fd, bytes);
        if (read > 0) this.#options.output(Buffer.from(bytes.subarray(0, read)));
      }
    } catch {
      // EIO: nobody has it any more.
    }
  }

  #closed(): void {
    if (this.#over) return;
    this.#over = true;
    this.#pty.master.destroy();
    if (this.#exit !== null) this.#options.ended(this.#exit);
  }
}

/**
 * The library's file of the master is inherited by programs; a debugger that had it would hold its own terminal, and not hear of
 * it when the agent is gone. So something else is put in its place.
 */
function withoutMaster(terminal: number, master: number, nothing: number): ('ignore' | number)[] {
  return Array.from({ length: Math.max(3, master + 1) }, (_, file) =>
    file < 3 ? terminal : file === master ? nothing : 'ignore',
  );
}

/** @returns bytes that the terminal took; -1: it is gone */
function tryWrite(file: number, bytes: Buffer): number {
  try {
    return writeSync(file, bytes);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : -1;
  }
}
