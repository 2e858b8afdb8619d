import type { Backend } from '../backend/backend.ts';
import type {
  AttachOptions,
  BackendEvent,
  BreakpointInfo,
  BreakpointSpec,
  Capabilities,
  ChildAccess,
  CoreOptions,
  EventStops,
  LaunchOptions,
  ProcessInfo,
  Resume,
  SignalDisposition,
  StepHow,
  Stop,
} from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import type { CoreNotes } from '../machine/elf.ts';
import { ValueQueries } from './backend/values.ts';
import { GdbCore, type GdbOptions } from './core.ts';
import { recordFar } from './far-recording.ts';
import { quote } from './mi/quote.ts';
import { type Recording, stepRecording } from './recording.ts';
import { attach, launch, openCore } from './target.ts';

const X86_DEBUG_REGISTERS = 4;

/** A GDB of our own, ready for a target. Rejects with GDB_MISSING where there is none. */
export async function createGdbBackend(options: GdbOptions = {}): Promise<GdbBackend> {
  return new GdbBackend(await GdbCore.open(options));
}

/**
 * GDB as the engine. GDB runs its target synchronously, which makes stepping fast: while the target runs GDB
 * answers nothing, and SIGINT to GDB breaks in.
 */
export class GdbBackend extends ValueQueries implements Backend {
  #notes: CoreNotes | null = null;

  #args: readonly string[] = [];

  #disposed: Promise<void> | null = null;

  get capabilities(): Capabilities {
    const { helper, kind } = this.core;
    const { terminal } = this.core.link;
    const run = kind === 'core' ? 'a core file cannot be resumed' : true;
    return {
      python: helper.state,
      run,
      hardwareBreakpoints: run,
      ...(/^(?:x86-64|i[3-6]86)/.test(this.architecture) ? { hardwareSlots: X86_DEBUG_REGISTERS } : {}),
      input: typeof terminal === 'string' ? terminal : run,
    };
  }

  get children(): ChildAccess | string {
    return this.core.link.children;
  }

  get version(): string {
    return this.core.version;
  }

  get architecture(): string {
    return this.core.architecture;
  }

  /** GDB's own process. */
  get gdbPid(): number {
    return this.core.connection.pid;
  }

  onEvent(listener: (event: BackendEvent) => void): () => void {
    return this.core.onEvent(listener);
  }

  async launch(options: LaunchOptions): Promise<Stop> {
    const core = this.core;
    await this.#leaveOld();
    core.kind = 'launched';
    try {
      const stop = await launch(core, core.runner, options, core.link);
      this.program = (await core.link.facts(core.pid)).executable || options.program;
      this.#args = options.args;
      if (stop.thread !== null) {
        await this.#learnTarget();
        await core.breakpoints.restore();
      }
      core.link.told();
      return stop;
    } catch (error) {
      core.kind = 'none';
      throw error;
    }
  }

  async attach(options: AttachOptions): Promise<Stop> {
    const core = this.core;
    await this.#leaveOld();
    core.kind = 'attached';
    try {
      await attach(core, options, core.link);
    } catch (error) {
      core.kind = 'none';
      core.forget();
      throw error;
    }
    core.pid = options.pid;
    return this.#arrived();
  }

  async openCore(options: CoreOptions): Promise<Stop> {
    const core = this.core;
    await this.#leaveOld();
    await core.link.findLocally(true);
    const { stop, notes, program } = await openCore(core, options);
    core.kind = 'core';
    core.pid = 0;
    this.coreFile = options.core;
    this.#notes = notes;
    this.program = program ?? notes?.command ?? '';
    this.#args = notes ? notes.args.split(' ').slice(1) : [];
    await this.threads();
    await this.#learnTarget();
    return stop;
  }

  async takeStubProcess(image?: string): Promise<Stop> {
    const core = this.core;
    await this.#leaveOld();
    core.kind = 'attached';
    try {
      await core.link.takeProcess(image ?? null);
    } catch (error) {
      core.kind = 'none';
      core.forget();
      throw error;
    }
    const stop = await this.#arrived();
    this.program ||= image ?? '';
    return stop;
  }

  /** At a process that was there before. */
  async #arrived(): Promise<Stop> {
    const core = this.core;
    await core.link.findImages();
    const { executable, args } = await core.link.facts(core.pid);
    this.program = executable;
    this.#args = args;
    await this.threads();
    await this.#learnTarget();
    await core.breakpoints.restore();
    core.link.told();
    return { reason: 'initial', thread: 0, breakpoints: [] };
  }

  async detach(signal: 'pass' | 'handled' = 'pass'): Promise<void> {
    this.needTarget();
    const { runner } = this.core;
    const handled = signal === 'handled' && runner.signal !== null ? [runner.signal] : [];
    if (this.core.kind === 'core') await this.core.console('detach');
    else await this.core.link.detach([...runner.ownSignals, ...handled]);
    const { kind, link } = this.core;
    if (kind === 'launched' && typeof link.terminal !== 'string') link.terminal.leaveToTarget();
    this.#leave();
  }

  async kill(): Promise<void> {
    this.needTarget();
    await this.core.console(this.core.kind === 'core' ? 'detach' : 'kill');
    this.#leave();
  }

  async resume(how: Resume): Promise<Stop> {
    this.needRunnable();
    this.core.emit({ type: 'running' });
    const stop = await this.core.runner.resume(how);
    if (stop.reason === 'exec') await this.#newProgram(stop.event?.path ?? '');
    return stop;
  }

  /** Another program runs in the same process. */
  async #newProgram(path: string): Promise<void> {
    const core = this.core;
    core.modules.clear();
    const { executable, args } = await core.link.facts(core.pid);
    this.program = executable || path;
    this.#args = args;
    await this.threads();
  }

  async interrupt(): Promise<void> {
    const { runner, connection, link } = this.core;
    runner.interrupt();
    if (!runner.running) connection.cancel(link.looksItself);
  }

  async stepRecording(
    thread: number,
    count: number,
    registers: readonly string[],
    how?: StepHow,
  ): Promise<Recording> {
    this.needRunnable();
    return (
      (await recordFar(this.core, thread, count, registers, how)) ??
      stepRecording(this.core, this.core.runner, thread, count, registers, how)
    );
  }

  async signalDisposition(signal: string): Promise<SignalDisposition> {
    const { kind, link, pid } = this.core;
    return kind === 'launched' || kind === 'attached' ? link.disposition(pid, signal) : 'unknown';
  }

  async setEventStops(stops: EventStops): Promise<void> {
    this.needTarget();
    await this.core.link.changeBreakpoints(() => this.core.events.set(stops));
  }

  async process(): Promise<ProcessInfo | null> {
    if (this.core.kind === 'none') return null;
    const pid = this.core.pid || this.#notes?.pid || 0;
    return { pid, executable: this.program, args: this.#args };
  }

  async insertBreakpoint(spec: BreakpointSpec): Promise<BreakpointInfo> {
    this.needTarget();
    if (this.core.kind === 'core') throw engineErrors.coreNoBreakpoints();
    return this.core.breakpoints.insert(spec);
  }

  async deleteBreakpoint(number: number): Promise<void> {
    this.needStopped();
    await this.core.breakpoints.delete(number);
  }

  async enableBreakpoint(number: number, enabled: boolean): Promise<void> {
    this.needStopped();
    await this.core.breakpoints.enable(number, enabled);
  }

  breakpoints(): readonly BreakpointInfo[] {
    return this.core.breakpoints.all();
  }

  cancelTransfer(id: number): void {
    this.core.link.cancelTransfer(id);
  }

  writeInput(text: string): void {
    const { terminal } = this.core.link;
    if (typeof terminal === 'string') throw engineErrors.unsupported('Input to the target', terminal);
    terminal.write(text);
  }

  /** The front that shows the target's output is behind: the target's writes block until it has caught up. */
  pauseOutput(): void {
    const { terminal } = this.core.link;
    if (typeof terminal !== 'string') terminal.pause();
  }

  resumeOutput(): void {
    const { terminal } = this.core.link;
    if (typeof terminal !== 'string') terminal.resume();
  }

  async setSymbolPath(path: readonly string[]): Promise<void> {
    if (this.core.runner.running) throw engineErrors.targetRunning();
    await this.core.link.setSymbolPath(path);
    this.loader.setPath(path);
    this.core.modules.clear();
  }

  async setSourcePath(path: readonly string[]): Promise<void> {
    await this.core.send(`-environment-directory -r ${path.map(quote).join(' ')}`);
  }

  async raw(command: string): Promise<string> {
    const { link, runner } = this.core;
    if (runner.running) throw engineErrors.targetRunning();
    await link.allowFiles(true);
    let output: string;
    try {
      output = await this.core.capture(command, (line) => runner.any(line));
    } finally {
      await link.allowFiles(false).catch(() => {});
    }
    // It may have done anything: loaded symbols, switched threads.
    this.core.modules.clear();
    return output;
  }

  dispose(): Promise<void> {
    this.#disposed ??= Promise.all([this.core.dispose(), this.loader.dispose()]).then(() => undefined);
    return this.#disposed;
  }

  async #learnTarget(): Promise<void> {
    if (this.core.helper.state !== true) return;
    const { architecture } = await this.core.helper.call<{ architecture: string }>('register_names');
    this.core.architecture = architecture.replace(/^i386:/, '').replace(/:intel$/, '');
  }

  /** A target that is still there gives way to the next one: a launched one ends, an attached one goes on. */
  async #leaveOld(): Promise<void> {
    this.needStopped();
    if (this.core.kind === 'launched') await this.kill();
    else if (this.core.kind !== 'none') await this.detach();
    await this.core.breakpoints.withdraw();
    this.coreFile = null;
    this.core.forget();
  }

  #leave(): void {
    this.core.kind = 'none';
    this.core.forget();
  }
}
