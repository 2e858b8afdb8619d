import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { HawserError } from '../../../transports/errors/error.ts';
import { isThisMachine } from '../../../transports/npipe/this-machine.ts';
import type { AttachOptions, ChildAccess, LaunchOptions, SignalDisposition } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { createImageStore } from '../../images/image-store.ts';
import type { ImageStore } from '../../images/store.ts';
import { Sysroot } from '../../images/sysroot.ts';
import { stubErrors } from '../../stub/errors.ts';
import type { FarSteps } from '../../stub/rsp/far-steps.ts';
import type { Stub, StubDebugger } from '../../stub/stub.ts';
import { stubWord } from '../mi/quote.ts';
import { remoteChildren } from './children.ts';
import { detachWithout } from './detach.ts';
import type { LinkHost, Mapped, ProgramFacts, TargetLink, TargetTerminal } from './link.ts';
import { BY_NAME } from './stub-files.ts';
import { StubImages } from './stub-images.ts';
import { StubTerminal } from './stub-terminal.ts';

/** The link has its own idea of life and death, and mends itself: GDB is to see a delay and nothing else. */
const SETTINGS = [
  'set remotetimeout 86400',
  'set tcp auto-retry off',
  'maint set target-async off',
  // Breakpoints of GDB's own would go in and out at every step.
  'set breakpoint always-inserted on',
  'set stack-cache on',
  'set code-cache on',
  // Files are found by build id and stand where GDB looks, never are they read packet by packet.
  'set exec-file-mismatch off',
  'set remote hostio-open-packet off',
  'set remote hostio-setfs-packet off',
  'set remote trace-status-packet off',
  // Fifty round trips; asked for when threads' own storage is wanted (python/stack.py).
  'set remote symbol-lookup-packet off',
];

/** When GDB has lost its connection the reason is told by another way, in a moment. */
const REASON_MS = 2000;

/** Targets at the far end of a stub. One of its debuggers at a time, opened when it is needed. */
export class StubLink implements TargetLink {
  readonly killsAtEnd = false;
  readonly looksItself = false;
  readonly warns = false;
  readonly #host: LinkHost;
  readonly #stub: Stub;
  readonly #store: ImageStore;
  #ownsStore = false;
  readonly #sysroot: Sysroot;
  readonly #images: StubImages;
  #debugger: StubDebugger | null = null;
  /** GDB has been connected to it. */
  #connected = false;
  #listening: (() => void)[] = [];
  terminal: TargetTerminal | string = 'no program was started through this stub';
  lost: HawserError | null = null;
  #threadsLookedUp = false;
  #whenLost: (() => void) | null = null;

  private constructor(stub: Stub, store: ImageStore, sysroot: Sysroot, host: LinkHost) {
    this.#stub = stub;
    this.#store = store;
    this.#sysroot = sysroot;
    this.#host = host;
    this.#images = new StubImages({ stub, store, sysroot, host });
  }

  /** @param images null: a store of its own */
  static async create(stub: Stub, images: ImageStore | null, host: LinkHost): Promise<StubLink> {
    const link = new StubLink(stub, images ?? createImageStore(), await Sysroot.create(), host);
    link.#ownsStore = images === null;
    return link;
  }

  get children(): ChildAccess | string {
    if (this.#stub.kind !== 'processServer')
      return 'a stub that has one process cannot give another one to a second debugger';
    return remoteChildren(this.#stub.machine, () => this.#debugger);
  }

  async open(): Promise<void> {
    const { engine } = this.#host;
    // Another machine's libraries may bring scripts, and those would run on this one.
    await engine.console('set auto-load off');
    await engine.console(`set debug-file-directory ${this.#store.debugFolders.join(':')}`);
    for (const setting of SETTINGS) await engine.console(setting).catch(() => {});
  }

  /** A core file is of this machine, and its libraries are. */
  async findLocally(local: boolean): Promise<void> {
    const { engine } = this.#host;
    const { folder } = this.#sysroot;
    await engine.console(`set sysroot ${local ? '/' : folder}`);
    await engine.console(`set solib-search-path${local ? '' : ` ${folder}${BY_NAME}`}`);
  }

  async #connect(): Promise<void> {
    await this.#forgetThreads();
    if (this.#debugger && this.lost === null) return;
    await this.#disconnect();
    const opened = await this.#stub.openDebugger();
    this.#threadsLookedUp = false;
    this.#debugger = opened;
    this.lost = null;
    this.#listening = [
      opened.onEnded((error) => this.#ended(error)),
      opened.onMessage((line) => this.#host.emit({ type: 'message', text: `${line}\n`, kind: 'stub' })),
    ];
    const { terminal } = opened;
    this.terminal =
      typeof terminal === 'string'
        ? terminal
        : new StubTerminal(terminal, (text) => this.#host.emit({ type: 'output', text }));
    const { engine } = this.#host;
    try {
      await this.findLocally(false);
      // Until all is found they would go in and out again and again.
      await engine.console('set breakpoint always-inserted off');
      await engine.send(`-target-select extended-remote ${engine.helper.plainName(opened.socket)}`);
      this.#connected = true;
    } catch (error) {
      const reason: unknown = this.lost ?? stubErrors.notAStub(this.#stub.connection, textOf(error));
      await this.#disconnect();
      throw reason;
    }
  }

  async #disconnect(): Promise<void> {
    const old = this.#debugger;
    const connected = this.#connected;
    this.#connected = false;
    this.lost = null;
    this.#debugger = null;
    for (const stop of this.#listening.splice(0)) stop();
    if (typeof this.terminal !== 'string') this.terminal.dispose();
    this.terminal = 'no program was started through this stub';
    await old?.close().catch(() => {});
    if (connected) await this.#host.engine.send('-target-disconnect').catch(() => {});
  }

  #ended(error: HawserError): void {
    if (this.lost !== null) return;
    this.lost = error;
    this.#whenLost?.();
    this.#host.ended(error, this.#stub.kernel !== undefined);
  }

  async prepareLaunch(options: LaunchOptions): Promise<string> {
    if (this.#stub.launch !== true) throw engineErrors.unsupported('Starting a program', this.#stub.launch);
    const image = await this.#stub.machine.program(options.program, options.cwd ?? null);
    await this.#connect();
    const local = await this.#images.files.program(image);
    const { engine } = this.#host;
    await this.#images.giveNewProgram(local);
    await engine.console(`set remote exec-file ${image.path}`);
    await engine.console(`set cwd${options.cwd === undefined ? '' : ` ${options.cwd}`}`);
    await this.#setEnvironment(options.env ?? {});
    await engine.console(`set args ${options.args.map(stubWord).join(' ')}`);
    return image.path;
  }

  /** Beside what the stub's programs have anyway; that of the launch before is not left over. */
  #environment: readonly string[] = [];
  async #setEnvironment(env: Readonly<Record<string, string>>): Promise<void> {
    const { engine } = this.#host;
    for (const name of this.#environment) await engine.console(`unset environment ${name}`);
    for (const [name, value] of Object.entries(env))
      await engine.console(`set environment ${name} = ${value}`);
    this.#environment = Object.keys(env);
  }

  async launchRefusal(program: string, said: string): Promise<HawserError> {
    return engineErrors.programNotExecutable(program, said);
  }

  async prepareAttach({ pid }: AttachOptions): Promise<void> {
    if (this.#stub.attach !== true) throw engineErrors.unsupported('Attaching', this.#stub.attach);
    const details = await this.#stub.machine.process(pid);
    const { obstacle } = details.entry;
    if (obstacle !== null) throw refused(pid, obstacle);
    await this.#connect();
    await this.#images.expect(details);
  }

  async attachRefusal(pid: number, said: string): Promise<HawserError> {
    try {
      const { entry } = await this.#stub.machine.process(pid);
      return refused(pid, entry.obstacle ?? said);
    } catch (error) {
      return error as HawserError;
    }
  }

  async takeProcess(image: string | null): Promise<void> {
    if (!this.#stub.hasProcess) throw stubErrors.stubNoProcess(this.#stub.connection);
    if (image !== null && !existsSync(image)) throw engineErrors.programNotFound(image);
    await this.#connect();
    if (image === null) return;
    // A stub that does not tell its program tells no libraries' files either; on this machine they are where they say.
    if ((await isThisMachine(this.#stub.machineName)) === true) await this.findLocally(true);
    await this.#images.giveProgram(image);
  }

  told(): void {
    this.#images.files.begin();
  }

  findImages(): Promise<void> {
    return this.#images.find();
  }

  needImage(address: bigint): Promise<void> {
    return this.#images.need(address);
  }

  facts(pid: number): Promise<ProgramFacts> {
    return this.#images.facts(pid);
  }

  async disposition(pid: number, signal: string): Promise<SignalDisposition> {
    return this.#stub.machine.disposition(pid, signal).catch(() => 'unknown');
  }

  mapped(): Promise<Mapped> {
    return this.#images.mapped();
  }

  async maps(pid: number): Promise<string> {
    try {
      return await text(this.#stub.machine.readFile(`/proc/${pid}/maps`, null, 0));
    } catch (error) {
      throw engineErrors.unsupported('The list of what is mapped', textOf(error));
    }
  }

  libraryLoaded(): void {
    this.#images.change();
  }

  libraryUnloaded(): void {
    this.#images.change();
  }

  /** A stack at the stop goes through what came with it: what is here is loaded first. */
  async settled(): Promise<void> {
    await this.#images.settled();
    if (this.lost === null) await this.#images.loadFound().catch(() => {});
  }

  /** GDB gives its target up when it is interrupted twice before that has stopped. */
  breakIn(again: boolean): 'sent' | 'later' | 'no' {
    const past = this.#debugger?.breakIn?.();
    if (past !== undefined) return past ? 'sent' : 'later';
    if (again) return 'no';
    this.#host.interruptGdb();
    return 'sent';
  }

  async copyMemory(address: bigint, length: number): Promise<Uint8Array | null> {
    // What is wrong GDB tells as it reads it.
    return (await this.#debugger?.readMemory?.(address, length).catch(() => null)) ?? null;
  }

  stepFar(steps: FarSteps | null): boolean {
    return this.#debugger?.stepFar?.(steps) ?? false;
  }

  async needThreadStorage(expression: string | null): Promise<void> {
    const { helper } = this.#host.engine;
    if (this.#threadsLookedUp || helper.state !== true) return;
    // The registers of all threads come together.
    if (expression === null && this.#stub.kind === 'processServer') return;
    if (expression !== null && !(await helper.call<boolean>('uses_thread_storage', { expression }))) return;
    this.#threadsLookedUp = true;
    await helper.call('look_up_threads', { file: helper.file('lookup') }).catch(() => {});
  }

  async #forgetThreads(): Promise<void> {
    if (this.#threadsLookedUp)
      await this.#host.engine.console('set remote symbol-lookup-packet off').catch(() => {});
    this.#threadsLookedUp = false;
  }

  /** One that cannot be put in is told when the target is to run, as GDB does where they are not always in. */
  async changeBreakpoints<T>(work: () => Promise<T>): Promise<T> {
    const { engine } = this.#host;
    await engine.console('set breakpoint always-inserted off');
    try {
      return await work();
    } finally {
      await engine.console('set breakpoint always-inserted on').catch(() => {});
    }
  }

  /** gdbserver gives what it lets go the signal that it stopped with, unless that is one that never reaches programs. */
  detach(withheld: readonly string[]): Promise<void> {
    return detachWithout(this.#host.engine, withheld);
  }

  forceStop(): void {
    this.#debugger?.stopTarget?.().catch(() => {});
  }

  cancelTransfer(id: number): void {
    this.#images.files.cancel(id);
  }

  async setSymbolPath(path: readonly string[]): Promise<void> {
    this.#store.symbolPath = path;
    await this.#host.engine.console(`set debug-file-directory ${this.#store.debugFolders.join(':')}`);
  }

  async allowFiles(allowed: boolean): Promise<void> {
    await this.#host.engine.console(`set remote hostio-open-packet ${allowed ? 'auto' : 'off'}`);
  }

  forget(): void {
    this.#images.forget();
  }

  async explain(error: unknown): Promise<unknown> {
    if (this.lost !== null) return this.lost;
    if (!this.#connected || !(await this.#isCut())) return error;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, REASON_MS);
      this.#whenLost = () => {
        clearTimeout(late);
        resolve();
      };
      if (this.lost !== null) this.#whenLost();
    });
    if (this.lost === null) this.#ended(stubErrors.stubDied('It closed the connection.'));
    return this.lost ?? error;
  }

  async #isCut(): Promise<boolean> {
    try {
      return !(await this.#host.engine.helper.call<boolean>('connected'));
    } catch {
      return false;
    }
  }

  async dispose(): Promise<void> {
    this.#images.files.forget();
    await this.#disconnect();
    if (this.#ownsStore) await this.#store.dispose();
    await this.#sysroot.dispose();
  }
}

/** @param why a sentence, with or without its full stop */
function refused(pid: number, why: string): HawserError {
  const clause = why.replace(/\.$/, '');
  return engineErrors.attachRefused(pid, clause.charAt(0).toLowerCase() + clause.slice(1), '');
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
