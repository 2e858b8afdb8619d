import { ConsoleProgram } from '../../engine/machine/console-program.ts';
import type { TerminatedBy } from '../protocol/hub.ts';
import { atPrompt, CTRL_B, type EndingCommand, endingCommand } from './ending.ts';
import { agentErrors } from './errors.ts';
import type { HandOver } from './hand-over.ts';

export interface Ending {
  readonly by: TerminatedBy;
  readonly detail: string;
}

export interface HostedDebuggerOptions {
  readonly debugger: HandOver['debugger'];
  readonly folder: string;
  readonly output: (bytes: Buffer) => void;
  /** A line of the host's, before it is given to the debugger. */
  readonly command: (line: string) => void;
  /** It has been decided that the session ends; the debugger still runs. */
  readonly ending: (ending: Ending) => void;
  /** The debugger has ended, all its output has been given out. */
  readonly ended: (ending: Ending) => void;
}

/** How long a debugger may take to do what ends it, to come to its prompt, and to leave at each signal; milliseconds. */
const PATIENCE = { act: 30_000, prompt: 10_000, hangUp: 10_000, terminate: 5000 } as const;
const TAIL = 256;
/**
 * Wide, so that few lines are broken, and higher than anybody asks for a key to be pressed at the end of a page: the text goes
 * to windows of all sizes. 65535 is more than GDB takes for a page.
 */
const SIZE = { cols: 160, rows: 65535 };

/** The debugger of a hosted session, and the ways in which it ends. */
export class HostedDebugger {
  readonly #options: HostedDebuggerOptions;
  readonly #waiting = new Set<() => void>();
  #program: ConsoleProgram | null = null;
  #tail = '';
  #ending: Ending | null = null;
  #over = false;

  private constructor(options: HostedDebuggerOptions) {
    this.#options = options;
  }

  /** @throws HawserError `DEBUGGER_UNUSABLE` */
  static async start(options: HostedDebuggerOptions): Promise<HostedDebugger> {
    const made = new HostedDebugger(options);
    const { file, args, env } = options.debugger;
    const { ELECTRON_RUN_AS_NODE: _ours, ...around } = process.env;
    made.#program = await ConsoleProgram.start({
      file,
      args,
      env: { ...around, ...env },
      folder: options.folder,
      size: SIZE,
      output: (bytes) => made.#heard(bytes),
      ended: (status, signal) => made.#ended(signal ?? `exit status ${status}`),
    }).catch((error: Error) => {
      throw agentErrors.debuggerUnusable(file, error.message);
    });
    return made;
  }

  /** Null: it has ended. */
  get pid(): number | null {
    return this.#over ? null : (this.#program?.pid ?? null);
  }

  get ending(): Ending | null {
    return this.#ending;
  }

  pause(): void {
    this.#program?.pause();
  }

  resume(): void {
    this.#program?.resume();
  }

  interrupt(): void {
    if (!this.#ending) this.#program?.interrupt();
  }

  /** What the host has typed: lines, each of which may be the one that ends the session. */
  input(text: string): void {
    for (const line of text.replace(/\r?\n$/, '').split(/\r?\n/)) {
      if (this.#ending) return;
      const ending = endingCommand(line, this.#options.debugger.kind);
      if (ending) void this.#endBy(ending, line);
      else {
        this.#options.command(line);
        this.#program?.type(`${line}\r`);
      }
    }
  }

  /** The session at the other end of a `-remote` is left alone. */
  leave(ending: Ending): void {
    if (this.#decide(ending)) void this.#leave();
  }

  async #endBy({ kind, command }: EndingCommand, line: string): Promise<void> {
    const text = line.trim() === CTRL_B ? command : line;
    this.#options.command(text);
    if (!this.#decide({ by: 'command', detail: command })) return;
    const { remote } = this.#options.debugger;
    const leaves = kind === 'leave';
    // To leave, nothing is stopped that runs elsewhere.
    if (leaves && (command === 'CTRL+B' || !remote || !this.#atPrompt)) return this.#leave();
    if (!this.#atPrompt) this.#program?.interrupt();
    await this.#until(() => this.#atPrompt, PATIENCE.prompt);
    this.#tail = '';
    this.#program?.type(`${line}\r`);
    await this.#until(() => kind === 'detach' && this.#atPrompt, PATIENCE.act);
    await this.#leave();
  }

  /** As when its terminal is closed: Hawser's debuggers leave in good order, GDB lets go of what it attached to. */
  async #leave(): Promise<void> {
    for (const [signal, patience] of [
      ['SIGHUP', PATIENCE.hangUp],
      ['SIGTERM', PATIENCE.terminate],
      ['SIGKILL', PATIENCE.terminate],
    ] as const) {
      if (this.#over) return;
      this.#program?.signal(signal);
      await this.#until(() => false, patience);
    }
  }

  /** @returns false: it was decided before */
  #decide(ending: Ending): boolean {
    if (this.#ending || this.#over) return false;
    this.#ending = ending;
    this.#options.ending(ending);
    return true;
  }

  get #atPrompt(): boolean {
    return atPrompt(this.#tail);
  }

  #heard(bytes: Buffer): void {
    this.#tail = (this.#tail + bytes.subarray(-TAIL).toString('latin1')).slice(-TAIL);
    this.#options.output(bytes);
    this.#look();
  }

  #ended(how: string): void {
    this.#over = true;
    this.#ending ??= { by: 'debugger', detail: how };
    this.#options.ended(this.#ending);
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Also ends when the debugger has. */
  #until(reached: () => boolean, patience: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(late);
        this.#waiting.delete(look);
        resolve();
      };
      const late = setTimeout(done, patience);
      const look = () => {
        if (this.#over || reached()) done();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
