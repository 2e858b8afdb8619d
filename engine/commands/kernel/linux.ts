import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KernelAccess, PlacedImage } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { hasDebugInformation } from '../../images/elf-file.ts';
import { parseSymbolPath } from '../../images/symbol-path.ts';
import { kernelPagesArm64 } from '../../kernel/linux/image-arm64.ts';
import {
  bannerAt,
  type KnownKernel,
  matchFile,
  orcLayoutOf,
  readKernel,
  readOrc,
  targetOf,
} from '../../kernel/linux/kernel.ts';
import { type Layouts, layoutsOfExpressions } from '../../kernel/linux/layouts.ts';
import { locate, releaseOf } from '../../kernel/linux/locate.ts';
import type { Located } from '../../kernel/linux/located.ts';
import { type KernelMemory, throughTables } from '../../kernel/linux/memory.ts';
import {
  type KernelModule,
  readModuleOrc,
  readModuleSymbols,
  readModules,
  readSections,
} from '../../kernel/linux/modules.ts';
import type { Orc, OrcEntry } from '../../kernel/linux/orc.ts';
import { physicalOf } from '../../kernel/linux/physical.ts';
import { findData, UNLISTED_DATA } from '../../kernel/linux/references.ts';
import { kernelExtents, symbolFile } from '../../kernel/linux/symbol-file.ts';
import type { LinuxTarget } from '../../kernel/linux/target.ts';
import { Tasks } from '../../kernel/linux/tasks.ts';
import { readVmlinux, type Vmlinux, vmlinuxCandidates } from '../../kernel/linux/vmlinux.ts';
import { type Kernel, kernelMemory, processorsOf } from './access.ts';
import { moduleFile } from './module-file.ts';

export interface LinuxOptions {
  /** Parts of the symbol path. */
  readonly symbolPath: readonly string[];
  /** The file that was named as the kernel's image; null: none. */
  readonly image: string | null;
  /** Reads symbols from memory, however long that takes. */
  readonly force: boolean;
  /** Throws where the command was given up. */
  readonly check: () => void;
}

interface Module {
  readonly module: KernelModule;
  readonly file: string;
}

/** Slower than this, in bytes a second, the kernel's tables are not read unasked. */
const SLOW = 256 * 1024;
/** What they come to. */
const TABLES = 12 * 1024 * 1024;

/** What is known of the Linux kernel that a system is. */
export class Linux {
  readonly #system: Kernel;
  readonly #access: KernelAccess;
  readonly #memory: KernelMemory;
  readonly #expressions: Layouts;
  readonly kernel: KnownKernel | null;
  readonly located: Located | null;
  /** Why there are no symbols. */
  readonly #why: string;
  #folder: string | null = null;
  #symbols = '';
  #orc: Promise<Orc | null> | null = null;
  readonly #modules = new Map<bigint, Module>();
  readonly #moduleOrcs = new Map<bigint, Orc | null>();
  #check: () => void;

  private constructor(
    system: Kernel,
    access: KernelAccess,
    found: {
      readonly memory: KernelMemory;
      readonly kernel: KnownKernel | null;
      readonly located: Located | null;
      readonly why: string;
    },
    check: () => void,
  ) {
    this.#system = system;
    this.#access = access;
    this.#memory = found.memory;
    this.kernel = found.kernel;
    this.located = found.located;
    this.#why = found.why;
    this.#check = check;
    const { target } = system;
    this.#expressions = layoutsOfExpressions(async (expression) => {
      const value = await target
        .evaluate(expression, { thread: system.thread, frame: 0 }, 1)
        .catch(() => null);
      return value?.integer ?? null;
    });
  }

  /** Null: the target is no Linux, as far as can be seen. */
  static async find(system: Kernel, options: LinuxOptions): Promise<Linux | null> {
    const access = system.target.kernel;
    if (!access) return null;
    const processors = await processorsOf(system);
    const plain = await kernelMemory(system.target, access);
    const located = await locate(plain, processors);
    const memory = located?.tables ? throughTables(plain, located.tables) : plain;
    options.check();
    const file = await findFile(memory, located, options);
    // Without debug information memory has more, and its ORC.
    const whole = file?.file && (await hasDebugInformation(file.file.path));
    const fiveLevels = processors.some(({ cr4 }) => ((cr4 >> 12n) & 1n) === 1n);
    const lasting = (kernel: KnownKernel | null) => inReach(plain, memory, kernel, fiveLevels);
    if (file && (whole || !located || (await slowness(memory, located.text)) !== null)) {
      const found = { memory: await lasting(file), kernel: file, located, why: '' };
      return Linux.#open(system, access, found, options);
    }
    if (!located || (located.rodata !== null && located.banner === null)) return null;
    const slow = await slowness(memory, located.text);
    if (slow !== null && !options.force) {
      const why = `reading them from its memory would take about ${slow}; .reload does it, and a vmlinux on the symbol path is quicker`;
      return located.banner === null
        ? null
        : new Linux(system, access, { memory, kernel: null, located, why }, options.check);
    }
    const kernel = (await readKernel(memory, located, options.check)) ?? file;
    if (!kernel && located.banner === null) return null;
    const why = 'its kallsyms were not found; a vmlinux on the symbol path has them';
    return Linux.#open(system, access, { memory: await lasting(kernel), kernel, located, why }, options);
  }

  static async #open(
    system: Kernel,
    access: KernelAccess,
    found: {
      readonly memory: KernelMemory;
      readonly kernel: KnownKernel | null;
      readonly located: Located | null;
      readonly why: string;
    },
    { check, symbolPath }: LinuxOptions,
  ): Promise<Linux> {
    const linux = new Linux(system, access, found, check);
    try {
      if (linux.kernel) await linux.#place(linux.kernel, symbolPath);
    } catch (error) {
      await linux.dispose();
      throw error;
    }
    return linux;
  }

  get banner(): string {
    return this.kernel?.banner ?? this.located?.banner ?? 'Linux';
  }

  /** As it is told when it was found. */
  get lines(): readonly string[] {
    const { kernel, located } = this;
    const text = kernel?.text ?? located?.text ?? 0n;
    const slide = kernel && kernel.slide !== null ? `, KASLR offset 0x${kernel.slide.toString(16)}` : '';
    return [
      this.banner,
      `Kernel base = 0x${text.toString(16)}${slide}`,
      kernel ? this.#symbols : `The kernel has no symbols here: ${this.#why}.`,
    ];
  }

  /** @throws HawserError `UNSUPPORTED` where symbols or types are missing */
  target(what: string, check: () => void): LinuxTarget {
    if (!this.kernel)
      throw engineErrors.unsupported(what, `the kernel’s symbols are not known: ${this.#why}`);
    this.#check = check;
    const target = targetOf(machineOf(this.#system), this.#memory, this.kernel, this.#expressions, check);
    return this.#system.isX64 ? target : { ...target, physical: (address) => this.#physicalOf(address) };
  }

  /** By the tables that a processor has now. */
  async #physicalOf(address: bigint): Promise<bigint | null> {
    const { physical } = this.#memory;
    const [roots] = (await processorsOf(this.#system)).flatMap(({ arm64 }) => (arm64 ? [arm64] : []));
    return roots && physical ? kernelPagesArm64(physical, roots)(address) : null;
  }

  /** Whether the kernel is still where it was: a machine that started anew has another. */
  async isThere(): Promise<boolean> {
    const { kernel } = this;
    const at = kernel?.symbols.get('linux_banner');
    if (!kernel || at === undefined) return true;
    // By what the processors have now: of a kernel that is gone all may still lie in memory, its page tables too.
    const plain = await kernelMemory(this.#system.target, this.#access);
    const banner = await bannerAt(plain, at);
    if (banner !== null) return banner === kernel.banner;
    return (await locate(plain, await processorsOf(this.#system)))?.text === kernel.text;
  }

  /** What is known of unwinding at addresses. */
  async orcs(check: () => void): Promise<(address: bigint) => OrcEntry | null> {
    const { kernel } = this;
    if (!kernel) return () => null;
    this.#orc ??= readOrc(this.#memory, kernel, this.#layouts(kernel), check);
    const orc = await this.#orc;
    return (address) => {
      if (address >= kernel.text && address < kernel.end) return orc?.at(address) ?? null;
      for (const { module } of this.#modules.values())
        if (module.extents.some(({ start, end }) => address >= start && address < end))
          return this.#moduleOrcs.get(module.address)?.at(address) ?? null;
      return null;
    };
  }

  get modules(): readonly KernelModule[] {
    return [...this.#modules.values()].map(({ module }) => module);
  }

  #layouts(kernel: KnownKernel): Layouts {
    return targetOf(machineOf(this.#system), this.#memory, kernel, this.#expressions, this.#check).layouts;
  }

  async #place(kernel: KnownKernel, symbolPath: readonly string[]): Promise<void> {
    const image: PlacedImage = {
      name: 'vmlinux',
      start: kernel.text,
      end: kernel.end,
      buildId: kernel.buildId,
      sections: [],
    };
    if (kernel.file) {
      await this.#access.placeSymbols(kernel.file.path, kernel.slide ?? 0n, image);
      this.#symbols = `Symbols: ${kernel.file.path}, which matches by ${kernel.file.buildId === null ? 'linux_banner' : 'build id'}`;
    } else {
      this.#orc = readOrc(this.#memory, kernel, this.#layouts(kernel), this.#check);
      const path = await this.#write(
        'vmlinux',
        symbolFile(kernelExtents(kernel.symbols), kernel.list ?? [], {
          btf: kernel.btf,
          orc: await this.#orc,
          name: 'vmlinux',
          machine: machineOf(this.#system),
        }),
      );
      await this.#access.placeSymbols(path, 0n, image);
      this.#symbols = `Symbols: ${kernel.list?.length ?? 0} from kallsyms in the kernel’s memory${kernel.btf ? ', types from its BTF' : ', no types (it has no BTF)'}`;
    }
    this.#system.forgetModules();
    if (!this.#system.isX64) await this.#findUnlisted(kernel);
    await this.refreshModules(symbolPath, this.#check).catch((error: unknown) => {
      // Without types the list cannot be read; the kernel itself is there all the same.
      this.#check();
      this.#symbols += `; its modules cannot be listed (${error instanceof Error ? error.message : error})`;
    });
  }

  /** Where kallsyms lists no data, by the task that a processor of AArch64 is at: the list of all begins at number 0. */
  async #findInitialTask(kernel: KnownKernel): Promise<void> {
    if (kernel.symbols.has('init_task')) return;
    const target = this.target('!process', this.#check);
    const tasks = await Tasks.of(target);
    for (const { current } of await processorsOf(this.#system)) {
      const first = tasks && current ? await tasks.firstOfAll(current) : null;
      if (first !== null) kernel.symbols.set('init_task', first);
      if (first !== null) return;
    }
  }

  /** Data that kallsyms does not list in kernels without CONFIG_KALLSYMS_ALL. */
  async #findUnlisted(kernel: KnownKernel): Promise<void> {
    await this.#findInitialTask(kernel);
    const target = this.target('lm', this.#check);
    for (const name of UNLISTED_DATA.filter((one) => !kernel.symbols.has(one))) {
      const place = await findData(target, name);
      if (place !== null) kernel.symbols.set(name, place);
    }
  }

  /** Modules that came are added, those that went are taken out. */
  async refreshModules(symbolPath: readonly string[], check: () => void): Promise<void> {
    if (!this.kernel) return;
    const target = this.target('lm', check);
    const now = await readModules(target);
    if (now === null) return;
    const current = new Set(now.map(({ address, start, name }) => `${address} ${start} ${name}`));
    for (const [address, { module, file }] of this.#modules) {
      if (current.has(`${address} ${module.start} ${module.name}`)) continue;
      this.#modules.delete(address);
      await this.#access.removeSymbols(file);
      this.#system.forgetModules();
    }
    for (const module of now) {
      check();
      if (this.#modules.has(module.address)) continue;
      await this.#addModule(target, module, symbolPath);
      this.#system.forgetModules();
    }
  }

  async #addModule(target: LinuxTarget, module: KernelModule, symbolPath: readonly string[]): Promise<void> {
    const { kernel } = this;
    if (!kernel) return;
    const sections = await readSections(target, module);
    const { folders } = parseSymbolPath(symbolPath);
    const found = await moduleFile(target, module, sections, folders, releaseOf(kernel.banner));
    const orc = await readModuleOrc(target, module, await orcLayoutOf(kernel.btf, target.layouts));
    this.#moduleOrcs.set(module.address, orc);
    const image = {
      name: module.name,
      start: module.start,
      end: module.end,
      buildId: found.buildId,
      sections,
    };
    if (found.path !== null) {
      await this.#access.addSymbols(found.path, image);
      this.#modules.set(module.address, { module, file: found.path });
      return;
    }
    const symbols = await readModuleSymbols(target, module);
    const path = await this.#write(
      `${module.name}.ko`,
      symbolFile(module.extents, symbols, { orc, name: module.name, machine: machineOf(this.#system) }),
    );
    // It has the target's addresses already; where its sections are is only to be shown.
    await this.#access.addSymbols(path, image, true);
    this.#modules.set(module.address, { module, file: path });
  }

  async #write(name: string, content: Uint8Array): Promise<string> {
    this.#folder ??= await mkdtemp(join(tmpdir(), 'hawser-kernel-'));
    const path = join(this.#folder, name);
    await writeFile(path, content);
    return path;
  }

  async dispose(): Promise<void> {
    const folder = this.#folder;
    this.#folder = null;
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

const machineOf = ({ isX64 }: Kernel): LinuxTarget['machine'] => (isX64 ? 'x86-64' : 'aarch64');

/**
 * Memory that stays in reach wherever the processors come to stand: by the kernel's first page tables, which are always there.
 * With page table isolation a processor in a program has few of the kernel's pages.
 */
async function inReach(
  plain: KernelMemory,
  now: KernelMemory,
  kernel: KnownKernel | null,
  fiveLevels: boolean,
): Promise<KernelMemory> {
  const at = kernel?.symbols.get('init_top_pgt');
  if (!kernel || at === undefined || plain.physical === null) return now;
  const symbol = (name: string) => kernel.symbols.get(name) ?? null;
  const root = await physicalOf({ machine: 'x86-64', memory: now, symbol }, at);
  return root === null ? now : throughTables(plain, { root, fiveLevels });
}

/** The first file that is this kernel's: the one that was named, then those of the symbol path, then this machine's own. */
async function findFile(
  memory: KernelMemory,
  located: Located | null,
  { symbolPath, image, check }: LinuxOptions,
): Promise<KnownKernel | null> {
  const { folders } = parseSymbolPath(symbolPath);
  const release = located?.banner ? releaseOf(located.banner) : null;
  const paths = [...(image === null ? [] : [image]), ...vmlinuxCandidates(folders, release)];
  for (const path of new Set(paths)) {
    check();
    const file: Vmlinux | null = readVmlinux(path);
    const known = file && (await matchFile(memory, located?.text ?? null, file));
    if (known) return known;
  }
  return null;
}

const PROBE = 16_384;
const PROBES = 4;
/** A read that takes longer than this is no matter of a busy machine, ms. */
const PATIENCE_MS = 1000;

/** How long reading all tables would take, in words; null: it is quick, were it but once. */
async function slowness(memory: KernelMemory, text: bigint): Promise<string | null> {
  let best = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    const before = performance.now();
    await memory.read(text + BigInt(probe * PROBE), PROBE);
    const took = performance.now() - before;
    best = Math.max(best, PROBE / (took / 1000));
    if (best >= SLOW) return null;
    if (took > PATIENCE_MS) break;
  }
  const minutes = TABLES / best / 60;
  return minutes < 2 ? `${Math.round(minutes * 60)} seconds` : `${Math.round(minutes)} minutes`;
}
