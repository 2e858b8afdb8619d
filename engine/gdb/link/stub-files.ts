import { basename } from 'node:path';
import type { BackendEvent } from '../../backend/types.ts';
import { hasDebugInformation } from '../../images/elf-file.ts';
import type { ImageStore } from '../../images/store.ts';
import type { Sysroot } from '../../images/sysroot.ts';
import type { ImageFacts, Machine, MappedFile, ProcessDetails } from '../../machine/machine.ts';
import { moduleName } from '../symbols/name.ts';
import type { Mapped, MappedImage } from './link.ts';
import { sonameOf } from './soname.ts';
import { Transfers } from './transfers.ts';

/** Folder of the session's root in which libraries stand by their bare names, for GDB's `solib-search-path`. */
export const BY_NAME = '/.names';

/** A mapped file that is an image, and what became of its file. */
interface Image {
  readonly facts: ImageFacts;
  /** As the mappings have it. */
  readonly path: string;
  /** Of this machine; null: not here yet, or not to be had. */
  local: string | null;
  /** Under way. */
  fetching: Promise<void> | null;
}

export interface LateDebug {
  /** As a module. */
  readonly module: string;
  /** The image it is of, and itself, on this machine. */
  readonly local: string;
  readonly debug: string;
}

export interface StubFilesOptions {
  readonly machine: Machine;
  readonly machineName: string;
  readonly store: ImageStore;
  readonly sysroot: Sysroot;
  emit(event: BackendEvent): void;
  /** A file has come that was fetched. */
  arrived(): void;
}

/**
 * The files of what a target has mapped: found on this machine where they are the same, else fetched in the background.
 * What is here stands in the session's root, where GDB looks.
 */
export class StubFiles {
  readonly #options: StubFilesOptions;
  readonly #images = new Map<string, Image | null>();
  readonly #transfers: Transfers;
  /** Names in {@link BY_NAME}, and whose they are: a name of two files is nobody's. */
  readonly #names = new Map<string, string>();
  /** Images that came after GDB had asked for them. */
  readonly #late: Image[] = [];
  /** Debug information that came after GDB had loaded its images. */
  readonly #lateDebug: LateDebug[] = [];
  /** On a slow link files would be in the way of what the first stop takes. */
  readonly #begun: Promise<void>;
  #begin: () => void = () => {};
  #mappings: readonly MappedFile[] = [];
  #executable = '';

  constructor(options: StubFilesOptions) {
    this.#options = options;
    this.#transfers = new Transfers((event) => options.emit(event));
    this.#begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  get mapped(): Mapped {
    const images = new Map<string, MappedImage>();
    for (const [path, image] of this.#images) {
      if (!image) continue;
      images.set(path, { buildId: image.facts.buildId, symbols: image.fetching ? 'deferred' : 'none' });
    }
    return { executable: this.#executable, mappings: this.#mappings, images };
  }

  /** The file of a program about to be started; null: not here. */
  async program(facts: ImageFacts): Promise<string | null> {
    const image = await this.#find(facts, facts.path);
    this.#images.set(facts.path, image);
    return image.local;
  }

  /**
   * Takes in what is mapped; answers whether GDB can load something that it could not before. Where the machine does not
   * tell (behind a bare stub the target may run on meanwhile) it rejects, and what was new is new the next time.
   */
  async survey(
    details: ProcessDetails,
  ): Promise<{ readonly found: boolean; readonly fresh: readonly string[] }> {
    this.#mappings = details.mappings;
    this.#executable = details.executable;
    const paths = [...new Set(details.mappings.map(({ path }) => path))].filter((path) =>
      path.startsWith('/'),
    );
    const fresh = paths.filter((path) => !this.#images.has(path));
    if (fresh.length === 0) return { found: false, fresh };
    const facts = await this.#options.machine.images(details.entry.pid, fresh);
    const images = await Promise.all(
      fresh.map(async (path, at) => {
        const one = facts[at];
        return one ? this.#find(one, path) : null;
      }),
    );
    for (const [at, path] of fresh.entries()) this.#images.set(path, images[at] ?? null);
    for (const image of images) if (image && image.local === null) this.#fetch(image, details.entry.pid);
    return {
      found: images.some((image) => image?.local != null),
      fresh: fresh.filter((_, at) => images[at] != null),
    };
  }

  /** Waits for the file mapped at an address, where it is on its way. */
  async need(address: bigint): Promise<void> {
    const path = this.pathAt(address);
    const fetching = path === null ? null : this.#images.get(path)?.fetching;
    if (!fetching) return;
    this.#begin();
    await fetching;
  }

  pathAt(address: bigint): string | null {
    const holds = ({ start, end }: MappedFile) =>
      address >= BigInt(`0x${start}`) && address < BigInt(`0x${end}`);
    return this.#mappings.find(holds)?.path ?? null;
  }

  span(path: string): { start: bigint; end: bigint } | null {
    const own = this.#mappings.filter((mapping) => mapping.path === path);
    const first = own[0];
    const last = own.at(-1);
    return first && last ? { start: BigInt(`0x${first.start}`), end: BigInt(`0x${last.end}`) } : null;
  }

  local(path: string): string | null {
    return this.#images.get(path)?.local ?? null;
  }

  /** Those that came late, once: their names as modules, and their paths. */
  takeLate(): readonly { readonly module: string; readonly path: string; readonly local: string }[] {
    return this.#late
      .splice(0)
      .map(({ path, local }) => ({ module: moduleName(path), path, local: local ?? '' }));
  }

  /** Names under which the loader knows libraries, where they are not those that are guessed. */
  async known(pid: number, names: readonly string[]): Promise<boolean> {
    const facts = await this.#options.machine.images(pid, names).catch(() => []);
    let added = false;
    for (const [at, name] of names.entries()) {
      const one = facts[at];
      if (!one) continue;
      const image = [...this.#images.values()].find((image) => image?.local && same(image.facts, one));
      if (image?.local && (await this.#options.sysroot.add(name, image.local)) !== null) added = true;
    }
    return added;
  }

  async #find(facts: ImageFacts, path: string): Promise<Image> {
    const local = await this.#options.store.find(facts, this.#options.machineName).catch(() => null);
    const image: Image = { facts, path, local, fetching: null };
    if (local !== null) {
      await this.#place(image, local);
      void this.#fetchDebug(image);
    }
    return image;
  }

  async #place(image: Image, local: string): Promise<void> {
    image.local = local;
    const { sysroot } = this.#options;
    await sysroot.add(image.path, local);
    if (image.facts.path !== image.path) await sysroot.add(image.facts.path, local);
    for (const name of new Set([basename(image.path), sonameOf(local)])) {
      if (name === null) continue;
      const owner = this.#names.get(name);
      if (owner === undefined) await sysroot.add(`${BY_NAME}/${name}`, local);
      this.#names.set(name, image.path);
    }
  }

  /** The first stop has been told: files may have the link now. */
  begin(): void {
    this.#begin();
  }

  #fetch(image: Image, pid: number): void {
    const fetched = this.#begun.then(() => {
      // The target may be gone by now.
      return this.#images.get(image.path) === image ? this.#transfer(image, pid) : undefined;
    });
    image.fetching = fetched.finally(() => {
      image.fetching = null;
    });
  }

  async #transfer(image: Image, pid: number): Promise<void> {
    const { store, machine, machineName } = this.#options;
    const { facts } = image;
    const local = await this.#transfers.run(basename(image.path), facts.size, machineName, (options) =>
      store.fetch(facts, { ...options, machine, machineName, pid }),
    );
    if (local === null) return;
    await this.#place(image, local);
    this.#late.push(image);
    this.#options.arrived();
    void this.#fetchDebug(image);
  }

  /** From debuginfod, where neither the file nor this machine has any. GDB finds by itself what comes before it looks. */
  async #fetchDebug({ facts: { buildId }, path, local }: Image): Promise<void> {
    const { store } = this.#options;
    if (buildId === null || local === null || (await hasDebugInformation(local))) return;
    if ((await store.findDebug(buildId)) !== null) return;
    const debug = await this.#transfers.run(`symbols of ${basename(path)}`, null, null, (options) =>
      store.fetchDebug(buildId, options),
    );
    if (debug === null || !this.#images.has(path)) return;
    this.#lateDebug.push({ module: moduleName(path), local, debug });
    this.#options.arrived();
  }

  /** As {@link takeLate}. */
  takeLateDebug(): readonly LateDebug[] {
    return this.#lateDebug.splice(0);
  }

  cancel(id: number): void {
    this.#transfers.cancel(id);
  }

  /** Another target: what is mapped is forgotten, not the files. */
  forget(): void {
    this.#mappings = [];
    this.#executable = '';
    this.#images.clear();
    this.#late.length = 0;
    this.#lateDebug.length = 0;
    this.#transfers.cancelAll();
  }
}

function same(one: ImageFacts, other: ImageFacts): boolean {
  if (one.buildId !== null || other.buildId !== null) return one.buildId === other.buildId;
  return one.size === other.size && one.modified === other.modified;
}
