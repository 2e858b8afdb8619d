import { toHawserError } from '../../transports/errors/error.ts';
import type { Backend } from '../backend/backend.ts';
import { engineErrors } from '../errors.ts';
import type { TargetState } from '../protocol/session.ts';
import type { Breakpoint } from './breakpoints/breakpoint.ts';
import { complete } from './complete.ts';
import type { Environment } from './context.ts';
import type { Resumption } from './entry.ts';
import { errorText } from './error-text.ts';
import type {
  Caller,
  CommandHost,
  CommandOutcome,
  DebuggerLanguage,
  StartOptions,
  TargetSpec,
} from './host.ts';
import { Interpreter, type ResumeSlot } from './interpreter.ts';
import { LogFile } from './log-file.ts';
import { RepeatMemory } from './repeat.ts';
import { DebuggerState } from './state.ts';
import { Execution } from './stops/execution.ts';
import { commandTable } from './table.ts';
import { targetState } from './target-state.ts';
import { goesAtOnce, Targets } from './targets/targets.ts';

export function createDebugger(host: CommandHost, createBackend: () => Promise<Backend>): DebuggerLanguage {
  return new Debugger(host, createBackend);
}

/** A command that takes longer than this is shown as busy. */
const BUSY_AFTER_MS = 100;

/** WinDbg takes 4096 characters; the limit keeps parsing quick whatever is pasted. */
const LONGEST_LINE = 16_384;

const tooLong = () => engineErrors.badArgument(`A command line has at most ${LONGEST_LINE} characters`, 0);

const SESSION_ITSELF: Caller = { client: null, role: 'owner', local: true };

class Debugger implements DebuggerLanguage {
  readonly #state = new DebuggerState();
  readonly #host: CommandHost;
  readonly #interpreter: Interpreter;
  readonly #execution: Execution;
  readonly #targets: Targets;
  readonly #log = new LogFile();
  readonly #repeat = new RepeatMemory();
  #busy = false;
  #announced = '';

  constructor(host: CommandHost, createBackend: () => Promise<Backend>) {
    this.#host = { ...host, stateChanged: () => this.#announce(host) };
    this.#execution = new Execution(this.#state, this.#host, (breakpoint) => this.#runCommandsOf(breakpoint));
    this.#targets = new Targets(this.#state, this.#host, this.#execution, createBackend);
    const environment: Environment = {
      state: this.#state,
      host: this.#host,
      execution: this.#execution,
      targets: this.#targets,
      log: this.#log,
      commands: commandTable,
    };
    this.#interpreter = new Interpreter(environment);
  }

  get state(): TargetState {
    return targetState(this.#state, this.#busy, this.#host.queued());
  }

  get backend(): Backend | null {
    return this.#state.backend;
  }

  async start(target: TargetSpec, options: StartOptions): Promise<CommandOutcome> {
    this.#state.symbolPath = options.symbolPath;
    this.#state.sourcePath = options.sourcePath;
    await this.#whileBusy(() => this.#targets.open(target, options));
    return this.#work('', SESSION_ITSELF, async () => {
      if (goesAtOnce(target, options))
        await this.#execution.run(() => this.#execution.go({ kind: 'continue' }));
      return options.commands === '' ? {} : this.#interpreter.run(options.commands, SESSION_ITSELF, null);
    });
  }

  expand(line: string, caller: Caller): string {
    return line.trim() === '' ? this.#repeat.recall(caller) : line;
  }

  goesWhileRunning(line: string): boolean {
    return this.#interpreter.single(line)?.entry.whileRunning === true;
  }

  execute(line: string, caller: Caller): Promise<CommandOutcome> {
    const command = this.expand(line, caller);
    this.#repeat.remember(caller, command, this.#interpreter.single(command));
    return this.#work(command, caller, () => {
      if (command.length > LONGEST_LINE) throw tooLong();
      return this.#interpreter.run(command, caller, null);
    });
  }

  async breakIn(): Promise<void> {
    if (this.#busy) this.#state.cancel.requested = true;
    if (this.#state.running) await this.#state.backend?.interrupt();
  }

  input(text: string): void {
    const backend = this.#state.target;
    if (backend.capabilities.input !== true)
      throw engineErrors.unsupported("The target's input", backend.capabilities.input);
    backend.writeInput(text);
  }

  complete(text: string, caret: number): ReturnType<DebuggerLanguage['complete']> {
    return complete(text, caret, commandTable);
  }

  logSink(text: string): void {
    this.#log.write(text);
  }

  get atEnd(): 'kill' | 'detach' {
    return this.#state.spec?.kind === 'attach' || this.#state.options?.detachAtEnd ? 'detach' : 'kill';
  }

  async dispose(target: 'kill' | 'detach'): Promise<void> {
    this.#log.close();
    await this.#targets.dispose(target);
  }

  /** Does a line's work; errors become output, with a caret where they point into the line. */
  async #work(
    line: string,
    caller: Caller,
    work: () => Promise<{ readonly leave?: boolean }>,
  ): Promise<CommandOutcome> {
    const { prompt } = this.state;
    // Beside the command that runs the target: busy or not, and cancelled or not, is that one's.
    const beside = this.#state.running && this.goesWhileRunning(line);
    try {
      const { leave = false } = await (beside ? work() : this.#whileBusy(work));
      return { ok: true, leave };
    } catch (error) {
      this.#showError(error, line, caller.client === null ? null : prompt);
      return { ok: false };
    }
  }

  async #whileBusy<T>(work: () => Promise<T>): Promise<T> {
    this.#state.cancel.requested = false;
    this.#busy = true;
    const timer = setTimeout(() => this.#host.stateChanged(), BUSY_AFTER_MS);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      this.#busy = false;
      this.#host.stateChanged();
    }
  }

  #showError(error: unknown, line: string, prompt: string | null): void {
    this.#host.output('error', `${errorText(toHawserError(error), line, prompt)}\n`);
  }

  /** With the rights of who set the breakpoint; an error ends its list and leaves the target stopped. */
  async #runCommandsOf({ commands, owner }: Breakpoint): Promise<Resumption | null> {
    const slot: ResumeSlot = { resumption: null };
    try {
      await this.#interpreter.run(commands, owner, slot);
    } catch (error) {
      this.#showError(error, commands, null);
    }
    return slot.resumption;
  }

  /** Tells the fronts, if anything that they see has changed. */
  #announce(host: CommandHost): void {
    const now = JSON.stringify({ ...this.state, queued: 0 });
    if (now === this.#announced) return;
    this.#announced = now;
    host.stateChanged();
  }
}
