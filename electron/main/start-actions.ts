import type { StartOptions } from '../../engine/commands/host.ts';
import { processNamed } from '../../engine/commands/systems/process-named.ts';
import { joinArguments, splitArguments } from '../../engine/format/arguments.ts';
import { splitSymbolPath } from '../../engine/images/symbol-path.ts';
import { stubErrors } from '../../engine/stub/errors.ts';
import type { RecentEntry, RequestArgs } from '../ipc/contract.ts';
import type { Machines } from './machines/machines.ts';
import type { Debugging } from './session/debugging.ts';
import type { StubStart, WantedTarget } from './session/debugging-types.ts';
import { guiErrors } from './session/errors.ts';
import type { LocalStart } from './session/local.ts';
import { wireWithoutPassword, withoutPassword } from './session/remote.ts';
import { defaultStart, type StartRequest } from './session/start-request.ts';
import type { RecentStore } from './stores/recent.ts';
import type { SettingsStore } from './stores/settings.ts';

type Where = RequestArgs<'process/list'>['machine'];

/** The ways into a session; what succeeded is remembered. */
export class StartActions {
  readonly #debugging: Debugging;
  readonly #recent: RecentStore;
  readonly #machines: Machines;
  readonly #settings: SettingsStore;

  constructor(debugging: Debugging, recent: RecentStore, machines: Machines, settings: SettingsStore) {
    this.#debugging = debugging;
    this.#recent = recent;
    this.#machines = machines;
    this.#settings = settings;
  }

  async remote(
    connection: string,
    password: string | undefined,
    backslashes: 'strip' | 'refuse',
  ): Promise<void> {
    const request = { connection, password: password || undefined };
    await this.#debugging.connectRemote(request, backslashes);
    this.#remember('remote', withoutPassword(connection, backslashes));
  }

  async stub(
    connection: string,
    password: string | undefined,
    backslashes: 'strip' | 'refuse',
    start?: StubStart,
  ): Promise<void> {
    const request = { connection, password: password || undefined };
    const options = this.#withPaths(start?.options);
    await this.#debugging.connectStub(request, backslashes, { ...start, options });
    this.#remember('stub', withoutPassword(connection, backslashes));
  }

  /** By a wire to a kernel. */
  async kernel(
    wire: string,
    password: string | undefined,
    backslashes: 'strip' | 'refuse',
    start: StubStart,
  ): Promise<void> {
    const request = { connection: wire, password: password || undefined };
    await this.#debugging.connectStub(request, backslashes, {
      ...start,
      options: this.#withPaths(start.options),
      kernel: true,
    });
    this.#remember('kernel', wireWithoutPassword(wire, backslashes));
  }

  /** As the dialog asks for it. */
  kernelDialog({ wire, password, image, symbols }: RequestArgs<'kernel/connect'>): Promise<void> {
    const options = { ...defaultStart, symbolPath: splitSymbolPath(symbols ?? '') };
    return this.kernel(wire, password, 'refuse', { options, image: image || undefined });
  }

  /** The wire as it may be shown; see {@link shown}. */
  shownWire(wire: string): string {
    try {
      return wireWithoutPassword(wire, 'strip');
    } catch {
      return wire.replace(/,?\s*password\s*=.*$/is, '');
    }
  }

  /** The connection as it may be shown; as it is, less anything after `password=`, when it cannot be read. */
  shown(connection: string): string {
    try {
      return withoutPassword(connection, 'strip');
    } catch {
      return connection.replace(/,?\s*password\s*=.*$/is, '');
    }
  }

  /**
   * What the command line asks for; null: nothing.
   * @throws HawserError for a process by name that there is not, or more than once
   */
  async wanted({ target, processName, implicit }: StartRequest): Promise<WantedTarget | null> {
    const { stub } = this.#debugging;
    const { machine } = this.#machines.view(stub ? 'stub' : 'local');
    if (processName !== null && target?.kind === 'attach')
      return { ...target, pid: await processNamed(machine, processName) };
    if (!implicit) return target;
    if (!stub) return null;
    const [program, ...args] = splitArguments(stub.stub.implicitCommandLine ?? '');
    if (program === undefined) throw stubErrors.noImplicitCommandLine(stub.stub.connection);
    return { kind: 'launch', program, args };
  }

  /** On this machine, or through the stub that the window is connected to. */
  async target(target: WantedTarget, start: Omit<LocalStart, 'target'>): Promise<void> {
    const here = this.#debugging.stub === null;
    await this.#debugging.openTarget(target, { ...start, options: this.#withPaths(start.options) });
    if (target.kind === 'core') this.#remember('core', target.core);
    // Of another machine, a path alone would be found on the wrong one.
    if (target.kind === 'launch' && here)
      this.#remember('executable', target.program, joinArguments(target.args));
  }

  async executable({ machine, program, args, cwd, env }: RequestArgs<'executable/open'>): Promise<void> {
    this.#mustBeAt(machine);
    const more = { ...(cwd && { cwd }), ...(env && { env }) };
    const target = { kind: 'launch', program, args: splitArguments(args), ...more } as const;
    await this.target(target, { options: defaultStart });
  }

  async attach({ machine, pid, noninvasive }: RequestArgs<'process/attach'>): Promise<void> {
    this.#mustBeAt(machine);
    await this.target({ kind: 'attach', pid, noninvasive, noBreak: false }, { options: defaultStart });
  }

  core(core: string, program: string | undefined): Promise<void> {
    return this.target({ kind: 'core', core, ...(program && { program }) }, { options: defaultStart });
  }

  recent(entry: RecentEntry): Promise<void> {
    return entry.kind === 'core'
      ? this.core(entry.text, undefined)
      : this.executable({ machine: 'local', program: entry.text, args: entry.args });
  }

  /** A process of one machine is none of another: what was chosen before the stub came or went is not meant any more. */
  #mustBeAt(machine: Where): void {
    this.#machines.view(machine);
    if (machine === 'local' && this.#debugging.stub) throw guiErrors.notDormant();
  }

  /** Those that were set for new sessions, where none are named. */
  #withPaths(options: StartOptions = defaultStart): StartOptions {
    const { symbolPath, sourcePath } = this.#settings.value;
    const named = (given: readonly string[], kept: string) =>
      given.length > 0 ? given : kept.split(';').filter((each) => each.trim() !== '');
    return {
      ...options,
      symbolPath: named(options.symbolPath, symbolPath),
      sourcePath: named(options.sourcePath, sourcePath),
    };
  }

  #remember(kind: RecentEntry['kind'], text: string, args = ''): void {
    this.#recent.add({ kind, text, args, lastUsed: Date.now() });
  }
}
