import type { ImageStore } from '../../images/store.ts';
import type { Sysroot } from '../../images/sysroot.ts';
import type { ProcessDetails } from '../../machine/machine.ts';
import type { Stub } from '../../stub/stub.ts';
import { quote } from '../mi/quote.ts';
import type { LinkHost, Mapped, ProgramFacts } from './link.ts';
import { BY_NAME, StubFiles } from './stub-files.ts';

export interface StubImagesOptions {
  readonly stub: Stub;
  readonly store: ImageStore;
  readonly sysroot: Sysroot;
  readonly host: LinkHost;
}

/**
 * What a target at the far end of a stub has mapped, and what GDB knows of it: looked at once after each change, its files
 * given to GDB as they are found, its coming and going told.
 */
export class StubImages {
  readonly #host: LinkHost;
  readonly #stub: Stub;
  readonly #sysroot: Sysroot;
  readonly #files: StubFiles;
  #mapped: Promise<Mapped> | null = null;
  #details: ProcessDetails | null = null;
  #working: Promise<void> = Promise.resolve();
  #loading = false;
  /** The program's file that GDB has been given. */
  #given: string | null = null;
  /** What is mapped could not be seen: a bare stub answers nothing while its target runs. */
  #unseen = false;
  /** Something came that GDB has not looked for yet. */
  #due = false;
  /** Modules that were told. */
  readonly #told = new Set<string>();

  constructor({ stub, store, sysroot, host }: StubImagesOptions) {
    this.#stub = stub;
    this.#sysroot = sysroot;
    this.#host = host;
    this.#files = new StubFiles({
      machine: stub.machine,
      machineName: stub.machineName,
      store,
      sysroot,
      emit: (event) => host.emit(event),
      arrived: () => host.whenIdle(() => this.#loadLate()),
    });
  }

  get files(): StubFiles {
    return this.#files;
  }

  /** Of a process that is about to be attached to, still as it runs. */
  async expect(details: ProcessDetails): Promise<void> {
    this.#details = details;
    // Once it stands it is asked again.
    await this.#files.survey(details).catch(() => {});
    await this.giveNewProgram(this.#files.local(details.executable));
  }

  /** GDB is given the file of another program than before, or none. */
  async giveNewProgram(local: string | null): Promise<void> {
    this.#given = null;
    await this.giveProgram(local);
  }

  async giveProgram(local: string | null): Promise<void> {
    if (local !== null && local === this.#given) return;
    await this.#host.engine.send(`-file-exec-and-symbols${local === null ? '' : ` ${quote(local)}`}`);
    this.#given = local;
  }

  /** Asked once for all that is mapped; what GDB could not load before it can load now. */
  async find(): Promise<void> {
    this.#mapped = null;
    await this.#survey();
    const { engine } = this.#host;
    const program = this.#files.local(this.#details?.executable ?? '');
    if (program !== null) await this.giveProgram(program);
    await this.#reload();
    const missing = await engine.helper.call<string[]>('missing_libraries');
    if (missing.length > 0 && (await this.#files.known(this.#host.targetPid(), missing)))
      await this.#reload();
    await this.#loadVdso();
    await engine.console('set breakpoint always-inserted on').catch(() => {});
    this.#tell();
    // GDB has just looked.
    this.#due = false;
    this.#host.modulesChanged(true);
  }

  async need(address: bigint): Promise<void> {
    const path = this.#files.pathAt(address);
    if (path === null || this.#files.local(path) !== null) return;
    await this.#files.need(address);
    if (this.#files.local(path) !== null) await this.#reload();
  }

  async facts(pid: number): Promise<ProgramFacts> {
    await this.#survey();
    const details = this.#details;
    return details?.entry.pid === pid
      ? { executable: details.executable, args: details.args }
      : { executable: '', args: [] };
  }

  async mapped(): Promise<Mapped> {
    const mapped = await this.#survey();
    return { ...this.#files.mapped, mappings: mapped.mappings };
  }

  /**
   * Libraries have come or gone. Many come at once: they are looked at together, in the next turn. What GDB tells as it loads
   * files, the target standing, is no news of the target.
   */
  change(): void {
    if (this.#mapped === null || this.#loading) return;
    this.#mapped = null;
    this.#working = this.#working.then(() => new Promise(setImmediate)).then(() => this.#announce());
  }

  /** What came has been told, and could be seen. */
  async settled(): Promise<void> {
    await this.#working;
    if (!this.#unseen) return;
    this.#mapped = null;
    await this.#announce();
    this.#unseen = false;
  }

  /** Libraries came while the target ran: their files are here, and GDB looked before they were. */
  async loadFound(): Promise<void> {
    if (!this.#due) return;
    this.#due = false;
    await this.#reload();
    this.#host.modulesChanged(true);
  }

  forget(): void {
    this.#mapped = null;
    this.#details = null;
    this.#unseen = false;
    this.#due = false;
    this.#told.clear();
    this.#files.forget();
  }

  /** GDB looks again for what it has not found, and for nothing else. */
  async #reload(): Promise<void> {
    this.#loading = true;
    try {
      await this.#host.engine.console(`set solib-search-path ${this.#sysroot.folder}${BY_NAME}`);
    } finally {
      this.#loading = false;
    }
  }

  async #loadVdso(): Promise<void> {
    const vdso = (await this.#survey()).mappings.find(({ path }) => path === '[vdso]');
    if (!vdso) return;
    const { start, end } = vdso;
    await this.#host.engine.helper.call('load_vdso', { start, end }).catch(() => {});
  }

  #survey(): Promise<Mapped> {
    this.#mapped ??= this.#look();
    return this.#mapped;
  }

  async #look(): Promise<Mapped> {
    try {
      const details = await this.#stub.machine.process(this.#host.targetPid());
      this.#details = details;
      await this.#files.survey(details);
    } catch {
      // A stub that shows no processes, or the target has just gone: what GDB knows by itself has to do.
      this.#unseen = true;
    }
    return this.#files.mapped;
  }

  /** Files that were fetched while the target went on, or stood. */
  async #loadLate(): Promise<void> {
    const late = this.#files.takeLate();
    const debug = this.#files.takeLateDebug();
    if (late.length + debug.length === 0) return;
    const program = late.find(({ path }) => path === this.#details?.executable);
    if (program) await this.giveProgram(program.local);
    if (late.length > 0) await this.#reload();
    for (const one of debug)
      await this.#host.engine.helper.call('add_debug', { file: one.local, debug: one.debug }).catch(() => {});
    this.#host.modulesChanged(true);
    const modules = new Set([...late, ...debug].map(({ module }) => module));
    this.#host.emit({ type: 'symbolsLoaded', modules: [...modules] });
  }

  async #announce(): Promise<void> {
    await this.#survey();
    if (!this.#tell()) return;
    this.#due = true;
    this.#host.whenIdle(() => this.loadFound());
  }

  /** What has come and gone; answers whether something has come. */
  #tell(): boolean {
    const now = this.#spans();
    for (const path of this.#told) {
      if (now.has(path)) continue;
      this.#told.delete(path);
      this.#host.emit({ type: 'moduleUnloaded', path });
    }
    let added = false;
    for (const [path, span] of now) {
      if (this.#told.has(path)) continue;
      this.#told.add(path);
      added = true;
      if (path !== this.#details?.executable) this.#host.emit({ type: 'moduleLoaded', path, ...span });
    }
    return added;
  }

  #spans(): Map<string, { start: bigint; end: bigint }> {
    const spans = new Map<string, { start: bigint; end: bigint }>();
    for (const path of this.#files.mapped.images.keys()) {
      const span = this.#files.span(path);
      if (span) spans.set(path, span);
    }
    return spans;
  }
}
