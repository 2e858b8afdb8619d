import { readFileSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import type { HawserError } from '../../../transports/errors/error.ts';
import type { AttachOptions, LaunchOptions, SignalDisposition } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { systemDebug } from '../../images/local-files.ts';
import { parseSymbolPath } from '../../images/symbol-path.ts';
import { signalDisposition } from '../../machine/disposition.ts';
import { attachObstacle, attachRefusal } from '../../machine/obstacles.ts';
import { argumentsOf } from '../../machine/processes.ts';
import { checkProgram } from '../../machine/program.ts';
import { quote, shellWord } from '../mi/quote.ts';
import { realPath } from '../real-path.ts';
import { Terminal } from '../terminal.ts';
import { LocalChildren } from './children.ts';
import { detachWithout } from './detach.ts';
import type { LinkHost, ProgramFacts, TargetLink, TargetTerminal } from './link.ts';

/** Targets of this machine: GDB runs them itself, and their files are here. */
export class LocalLink implements TargetLink {
  readonly killsAtEnd = true;
  readonly looksItself = true;
  readonly warns = true;
  readonly lost = null;
  readonly children = new LocalChildren();
  readonly #host: LinkHost;
  terminal: TargetTerminal | string = '';
  #tty: string | null = null;

  constructor(host: LinkHost) {
    this.#host = host;
  }

  async open(): Promise<void> {
    const terminal = await Terminal.open((text) => this.#host.emit({ type: 'output', text }));
    this.#tty = typeof terminal === 'string' ? null : terminal.name;
    this.terminal = terminal;
  }

  async prepareLaunch(options: LaunchOptions): Promise<string> {
    const { engine, environment } = this.#host;
    const path = options.env?.PATH ?? environment.PATH ?? '';
    const cwd = options.cwd ?? process.cwd();
    const program = checkProgram(options.program, cwd, path);
    await engine.send(`-file-exec-and-symbols ${quote(program)}`);
    await this.#setEnvironment(options);
    await engine.console(`set cwd ${cwd}`);
    if (this.#tty !== null) await engine.send(`-inferior-tty-set ${quote(this.#tty)}`);
    // Without a terminal of its own the target would read GDB's commands.
    const input = this.#tty === null ? ['</dev/null'] : [];
    await engine.console(`set args ${[...options.args.map(shellWord), ...input].join(' ')}`);
    return program;
  }

  /** GDB puts its own terminal's size into the target's environment, and a shell of ours starts the target. */
  async #setEnvironment(options: LaunchOptions): Promise<void> {
    const { engine, environment } = this.#host;
    for (const name of ['LINES', 'COLUMNS', 'SHELL']) {
      const value = environment[name];
      await engine.console(
        value === undefined ? `unset environment ${name}` : `set environment ${name} ${value}`,
      );
    }
    for (const [name, value] of Object.entries(options.env ?? {}))
      await engine.console(`set environment ${name} = ${value}`);
  }

  async launchRefusal(program: string, said: string): Promise<HawserError> {
    return engineErrors.programNotExecutable(program, said);
  }

  async findImages(): Promise<void> {}

  async needImage(_address: bigint): Promise<void> {}

  async prepareAttach({ pid }: AttachOptions): Promise<void> {
    const obstacle = attachObstacle(pid, this.#host.gdbPid());
    if (obstacle) throw obstacle;
  }

  async attachRefusal(pid: number, said: string): Promise<HawserError> {
    return attachRefusal(pid, this.#host.gdbPid(), said);
  }

  async findLocally(): Promise<void> {}

  async takeProcess(): Promise<void> {
    throw engineErrors.unsupported("A stub's process", 'this engine is not connected to a stub');
  }

  told(): void {}

  async facts(pid: number): Promise<ProgramFacts> {
    const executable = await readlink(`/proc/${pid}/exe`).catch(() => '');
    return { executable, args: (await argumentsOf(pid)).slice(1) };
  }

  async disposition(pid: number, signal: string): Promise<SignalDisposition> {
    return signalDisposition(pid, signal);
  }

  async mapped(): Promise<null> {
    return null;
  }

  async maps(pid: number): Promise<string> {
    return readFile(`/proc/${pid}/maps`, 'utf8').catch((error: Error) => {
      throw engineErrors.unsupported('The list of what is mapped', error.message);
    });
  }

  libraryLoaded(path: string, file: string, code: { start: bigint; end: bigint }): void {
    const span = this.#mappedSpan(file || path) ?? code;
    this.#host.emit({ type: 'moduleLoaded', path: file || path, ...span });
  }

  libraryUnloaded(path: string): void {
    this.#host.emit({ type: 'moduleUnloaded', path });
  }

  /** GDB names the range of the code only; the mappings of a process of this machine can be read at any time. */
  #mappedSpan(path: string): { start: bigint; end: bigint } | null {
    const pid = this.#host.targetPid();
    if (pid === 0) return null;
    try {
      const real = realPath(path);
      const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
      const own = lines.filter((line) => line.endsWith(` ${real}`)).map((line) => line.split(/[- ]/, 2));
      const first = own[0]?.[0];
      const last = own.at(-1)?.[1];
      return first && last ? { start: BigInt(`0x${first}`), end: BigInt(`0x${last}`) } : null;
    } catch {
      return null;
    }
  }

  async settled(): Promise<void> {}

  breakIn(): 'sent' {
    this.#host.interruptGdb();
    return 'sent';
  }

  async copyMemory(): Promise<null> {
    return null;
  }

  async needThreadStorage(): Promise<void> {}

  stepFar(): boolean {
    return false;
  }

  changeBreakpoints<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  detach(withheld: readonly string[]): Promise<void> {
    return detachWithout(this.#host.engine, withheld);
  }

  forceStop(): void {
    try {
      process.kill(this.#host.targetPid(), 'SIGSTOP');
    } catch {
      // It has just gone; its end is the stop.
    }
  }

  cancelTransfer(_id: number): void {}

  async setSymbolPath(path: readonly string[]): Promise<void> {
    const { engine } = this.#host;
    const { folders } = parseSymbolPath(path);
    await engine.console(`set debug-file-directory ${[systemDebug(), ...folders].join(':')}`);
    await engine.console(`set solib-search-path ${folders.join(':')}`);
  }

  async allowFiles(_allowed: boolean): Promise<void> {}

  forget(): void {}

  explain(): null {
    return null;
  }

  async dispose(): Promise<void> {
    if (typeof this.terminal !== 'string') this.terminal.dispose();
  }
}
