import { toHawserError } from '../../transports/errors/error.ts';
import type { Backend, CreateBackend } from '../backend/backend.ts';
import { engineErrors } from '../errors.ts';
import type { TargetState } from '../protocol/session.ts';
import type { ViewQuery, ViewsResult } from '../protocol/views.ts';
import type { Stub } from '../stub/stub.ts';
import type { Breakpoint } from './breakpoints/breakpoint.ts';
import { complete } from './completion/complete.ts';
import type { Completion } from './completion/items.ts';
import type { Environment } from './context.ts';
import type { Resumption } from './entry.ts';
import { errorText } from './error-text.ts';
import type { ResumeSlot } from './flow/frame.ts';
import { available } from './help/list.ts';
import {
  type Caller,
  type CommandHost,
  type CommandOutcome,
  type DebuggerLanguage,
  SESSION_ITSELF,
  type StartOptions,
  type TargetEnd,
  type TargetSpec,
} from './host.ts';
import type { PendingInput } from './input/pending.ts';
import { Interpreter } from './interpreter.ts';
import { LogFile } from './log-file.ts';
import { Capture } from './output/capture.ts';
import { RepeatMemory } from './repeat.ts';
import { DebuggerState } from './state.ts';
import { Execution } from './stops/execution.ts';
import { stubOf } from './system.ts';
import { commandTable } from './table.ts';
import { targetState } from './target-state.ts';
import { goesAtOnce, isKilled, Targets } from './targets/targets.ts';
import { answerViews } from './views/answer.ts';
import { withoutPassword } from './without-password.ts';

export function createDebugger(
  host: CommandHost,
  createBackend: CreateBackend,
  { secure = false }: { readonly secure?: boolean | undefined } = {},
): DebuggerLanguage {
  return new Debugger(host, createBackend, secure);
}

/** A command that takes longer than this is shown as busy. */
const BUSY_AFTER_MS = 100;

/** WinDbg takes 4096 characters; the limit keeps parsing quick whatever is pasted. */
const LONGEST_LINE = 16_384;

const tooLong = () => engineErrors.badArgument(`A command line has at most ${LONGEST_LINE} characters`, 0);

class Debugger implements DebuggerLanguage {
  readonly #state = new DebuggerState();
  readonly #host: CommandHost;
  readonly #interpreter: Interpreter;
  readonly #execution: Execution;
  readonly #targets: Targets;
  readonly #log = new LogFile();
  readonly #capture = new Capture();
  readonly #repeat = new RepeatMemory();
  #busy = false;
  /** Windows are being answered. */
  #looking = false;
  #announced = '';

  constructor(host: CommandHost, createBackend: CreateBackend, secure: boolean) {
    this.#state.secure = secure;
    this.#host = {
      ...host,
      output: (kind, text, links) => {
        if (this.#capture.write(kind, text)) return;
        this.#state.progress.shown();
        host.output(kind, text, links);
      },
      stateChanged: () => this.#announce(host),
    };
    this.#execution = new Execution(this.#state, this.#host, (breakpoint) => this.#runCommandsOf(breakpoint));
    this.#targets = new Targets(this.#state, this.#host, this.#execution, createBackend);
    this.#execution.onChild = (pid) => this.#targets.openChild(pid);
    this.#targets.links.onBack = (stub) => this.#host.inTurn(() => this.#meetAgain(stub));
    const environment: Environment = {
      state: this.#state,
      host: this.#host,
      execution: this.#execution,
      targets: this.#targets,
      log: this.#log,
      capture: this.#capture,
      commands: commandTable,
    };
    this.#interpreter = new Interpreter(environment);
  }

  get state(): TargetState {
    return targetState(this.#state, this.#busy, this.#host.queued());
  }

  get secure(): boolean {
    return this.#state.secure;
  }

  get backend(): Backend | null {
    return this.#state.backend;
  }

  async start(target: TargetSpec, options: StartOptions): Promise<CommandOutcome> {
    this.#state.startOptions = options;
    this.#state.symbolPath = options.symbolPath;
    this.#state.sourcePath = options.sourcePath;
    const stub = stubOf(target);
    if (stub) this.#targets.links.adopt(stub);
    for (const line of options.early ?? [])
      await this.#work(line, SESSION_ITSELF, () => this.#interpreter.run(line, SESSION_ITSELF, null));
    await this.#whileBusy('', () => this.#targets.open(target, options));
    return this.#work('', SESSION_ITSELF, async () => {
      await this.#execution.run(() => this.#execution.opened(goesAtOnce(this.#state, target, options)));
      return options.commands === '' ? {} : this.#interpreter.run(options.commands, SESSION_ITSELF, null);
    });
  }

  /** A kernel has rebooted, or its machine was started anew: it is debugged on. */
  async #meetAgain(stub: Stub): Promise<void> {
    await this.#work('', SESSION_ITSELF, async () => {
      if (await this.#targets.meetAgain(stub))
        await this.#execution.run(() => this.#execution.go({ kind: 'continue' }));
      return {};
    });
  }

  expand(line: string, caller: Caller): string {
    if (this.#asked(caller)) return line;
    return line.trim() === '' ? this.#repeat.recall(caller) : line;
  }

  goesWhileRunning(line: string): boolean {
    return line.length <= LONGEST_LINE && this.#interpreter.single(line)?.entry.whileRunning === true;
  }

  execute(line: string, caller: Caller): Promise<CommandOutcome> {
    const asked = this.#asked(caller);
    if (asked) return this.#work(line, caller, () => this.#answer(asked, line));
    // Whoever else types something goes before.
    this.#state.pendingInput = null;
    const command = this.expand(line, caller);
    const short = command.length <= LONGEST_LINE;
    if (short) this.#repeat.remember(caller, command, this.#interpreter.commands(command));
    return this.#work(command, caller, () => {
      if (!short) throw tooLong();
      return this.#withPromptCommand(() => this.#interpreter.run(command, caller, null));
    });
  }

  /** What the caller's next line is for. */
  #asked({ client }: Caller): PendingInput | null {
    const { pendingInput } = this.#state;
    return pendingInput !== null && pendingInput.client === client?.id ? pendingInput : null;
  }

  async #answer(asked: PendingInput, line: string): Promise<{ readonly leave?: boolean }> {
    if (line.length > LONGEST_LINE) throw tooLong();
    const open = line !== '' && this.#state.kind !== 'none' && (await asked.take(line));
    if (!open) this.#state.pendingInput = null;
    return {};
  }

  async views(queries: readonly ViewQuery[], caller: Caller, stale: () => boolean): Promise<ViewsResult> {
    this.#state.cancel.requested = false;
    this.#looking = true;
    try {
      return await answerViews(this.#state, queries, caller, stale);
    } finally {
      this.#looking = false;
    }
  }

  /** `.pcmd`: after a line that has run the target, once it has stopped. */
  async #withPromptCommand<T>(line: () => Promise<T>): Promise<T> {
    const runs = () => this.#state.systems.map(({ run }) => run);
    const before = runs();
    const result = await line();
    const wanted = this.#state.promptCommand;
    const hasRun = runs().some((run, index) => run !== before[index]);
    if (wanted && hasRun && this.#state.kind !== 'none')
      await this.#interpreter.run(wanted.commands, wanted.owner, null);
    return result;
  }

  async breakIn(): Promise<void> {
    const { cancel, current, systems } = this.#state;
    if (this.#state.pendingInput && !this.#busy) {
      this.#state.pendingInput = null;
      this.#host.stateChanged();
      return;
    }
    const again = cancel.requested;
    if (this.#busy || this.#looking) cancel.requested = true;
    // The first to stop stops the others. Asked again, all are told to: the current one may be out of reach.
    const running = systems.filter((system) => system.running);
    const wanted = running.length === 0 || (current.running && !again) ? [current] : running;
    await Promise.all(wanted.map((system) => system.backend?.interrupt()));
  }

  input(text: string): void {
    const backend = this.#state.target;
    if (backend.capabilities.input !== true)
      throw engineErrors.unsupported("The target's input", backend.capabilities.input);
    backend.writeInput(text);
  }

  async complete(text: string, caret: number): Promise<Completion> {
    const { kind, running } = this.#state;
    const commands = available(commandTable);
    const asked = kind !== 'none' && !running && !this.#busy;
    try {
      return await complete(text, caret, commands, asked ? this.#state : null);
    } catch {
      // The target went away, or cannot tell.
      return complete(text, caret, commands, null);
    }
  }

  logSink(text: string): void {
    const ended = this.#log.write(text);
    if (ended) this.#host.output('error', `${ended.text}\n`);
  }

  cancelTransfer(id: number): void {
    this.#targets.transfers.cancel(id);
  }

  leavesRunning(end: TargetEnd): boolean {
    return this.#state.systems.some((system) => system.kind === 'live' && !isKilled(system, end));
  }

  async dispose(end: TargetEnd): Promise<void> {
    // What a command waits for is given up.
    this.#state.cancel.requested = true;
    this.#log.close();
    await this.#targets.dispose(end);
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
      const { leave = false } = await (beside ? work() : this.#whileBusy(line, work));
      return { ok: true, leave };
    } catch (error) {
      this.#showError(error, line, caller.client === null ? null : prompt);
      return { ok: false };
    }
  }

  async #whileBusy<T>(line: string, work: () => Promise<T>): Promise<T> {
    this.#state.cancel.requested = false;
    this.#state.told = null;
    this.#busy = true;
    this.#state.progress.begin(withoutPassword(line), () => this.#host.stateChanged());
    const timer = setTimeout(() => this.#host.stateChanged(), BUSY_AFTER_MS);
    try {
      return await work();
    } finally {
      await this.#targets.links.closeUnused().catch(() => {});
      clearTimeout(timer);
      this.#state.progress.end();
      this.#busy = false;
      this.#host.stateChanged();
    }
  }

  #showError(thrown: unknown, line: string, prompt: string | null): void {
    const error = toHawserError(thrown);
    if (error.text === this.#state.told) return;
    this.#host.output('error', `${errorText(error, line, prompt)}\n`);
  }

  /** With the rights of who set the breakpoint; an error ends its list and leaves the target stopped. */
  async #runCommandsOf({
    commands,
    owner,
  }: Pick<Breakpoint, 'commands' | 'owner'>): Promise<Resumption | null> {
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
