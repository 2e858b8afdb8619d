import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { ProgramTerminal } from './terminal.ts';

export interface ConsoleProgramOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where it runs. */
  readonly folder: string;
  readonly size: { readonly cols: number; readonly rows: number };
  readonly output: (bytes: Buffer) => void;
  /** The program has ended and all that it wrote has been given out. One of the two is null. */
  readonly ended: (status: number | null, signal: NodeJS.Signals | null) => void;
}

/** Another program that ours left behind may flood its terminal: then its last words are over. */
const LAST_WORDS_MS = 10_000;

/**
 * A console program on a terminal of its own, whose session it leads. The terminal echoes, calls itself dumb, and gives out
 * every byte that the program wrote before it ended.
 */
export class ConsoleProgram {
  readonly #options: ConsoleProgramOptions;
  readonly #terminal: ProgramTerminal;
  readonly #child: ChildProcess;
  #paused = false;
  #resumed: () => void = () => {};

  private constructor(options: ConsoleProgramOptions, terminal: ProgramTerminal, child: ChildProcess) {
    this.#options = options;
    this.#terminal = terminal;
    this.#child = child;
    child.once('exit', (status, signal) => void this.#exited(status, signal));
  }

  /** @throws Error why there is no terminal, or why the program did not start */
  static async start(options: ConsoleProgramOptions): Promise<ConsoleProgram> {
    const terminal = await ProgramTerminal.open(options.output, options.size);
    if (typeof terminal === 'string') throw new Error(terminal);
    const nothing = openSync('/dev/null', 'r+');
    try {
      // util-linux: makes it the leader of a session whose terminal this is, so that Ctrl+C and hang-ups reach it.
      const child = spawn('setsid', ['--ctty', options.file, ...options.args], {
        cwd: options.folder,
        env: { ...options.env, TERM: 'dumb' },
        stdio: withoutMaster(terminal, nothing),
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
      return new ConsoleProgram(options, terminal, child);
    } catch (error) {
      terminal.dispose();
      throw error;
    } finally {
      closeSync(nothing);
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  type(text: string): void {
    this.#terminal.write(text);
  }

  /** Ctrl+C, before anything that waits to be typed. */
  interrupt(): void {
    this.#terminal.write('\x03', true);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The program waits in its next words, when the system's buffer is full too. */
  pause(): void {
    this.#paused = true;
    this.#terminal.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#terminal.resume();
    this.#resumed();
  }

  async #exited(status: number | null, signal: NodeJS.Signals | null): Promise<void> {
    // As often as it takes for who has no room for them.
    while (!(await this.#terminal.lastWords(LAST_WORDS_MS)) && this.#paused)
      await new Promise<void>((resolve) => {
        this.#resumed = resolve;
      });
    this.#terminal.dispose();
    this.#options.ended(status, signal);
  }
}

/**
 * The library's file of the master is inherited by programs; one that had it would hold its own terminal, and not hear of it when
 * we are gone. So something else is put in its place; Node opened all other files for itself alone.
 */
function withoutMaster({ held, master }: ProgramTerminal, nothing: number): ('ignore' | number)[] {
  return Array.from({ length: Math.max(3, master + 1) }, (_, file) =>
    file < 3 ? held : file === master ? nothing : 'ignore',
  );
}
