import { readFileSync, rmSync } from 'node:fs';
import type { ModuleInfo, PlacedImage, SymbolHit } from '../../backend/types.ts';
import type { Helper } from '../helper.ts';
import type { Mapped, MappedImage } from '../link/link.ts';
import { fromHex } from '../parts.ts';
import { moduleName } from './name.ts';
import { type Candidate, parseMinimalSymbols, SymbolTable } from './table.ts';

interface ObjectRow {
  readonly file: string;
  readonly id: string | null;
  readonly extra: readonly string[];
  readonly dwarf: boolean;
  /** Where its sections lie in memory, where they do. */
  readonly from?: string;
  readonly to?: string;
}

interface ModulesAnswer {
  readonly main: string | null;
  readonly modules: readonly ObjectRow[];
  /** Start, end, offset, path. */
  readonly mappings: readonly (readonly [string, string, string, string])[];
  readonly vdso: string | null;
}

export interface Module {
  readonly info: ModuleInfo;
  /** Object files whose symbols make up this module's. */
  readonly files: readonly string[];
  table: SymbolTable | null;
}

/** GDB's names for the vdso's object file. */
const VDSO = /^(?:system-supplied DSO at 0x[0-9a-f]+|shared object read from target memory)$/;
const VDSO_PATH = 'linux-vdso.so.1';

interface Span {
  readonly path: string;
  start: bigint;
  end: bigint;
}

export interface ModulesOptions {
  /** Real path of a file, so that GDB's name and the mapping's name of a library meet. */
  readonly realPath: (path: string) => string;
  /** What is mapped, where that is known without GDB. */
  readonly mapped: () => Promise<Mapped | null>;
}

/** The modules of the target and their symbols: read once, kept until modules come or go. */
export class Modules {
  readonly #helper: Helper;
  readonly #options: ModulesOptions;
  #list: readonly Module[] | null = null;
  /** Grows whenever modules come or go. */
  #changes = 0;
  #tables = new Map<string, SymbolTable>();
  /** Images whose symbols were placed by hand, by the file that GDB has of each. */
  readonly #placed = new Map<string, PlacedImage>();

  constructor(helper: Helper, options: ModulesOptions) {
    this.#helper = helper;
    this.#options = options;
  }

  /** Modules have come or gone; tables of those that stayed are kept. */
  invalidate(): void {
    this.#changes += 1;
    this.#list = null;
  }

  /** Another target: nothing may be kept. */
  clear(): void {
    this.invalidate();
    this.#tables.clear();
  }

  /** Another target. */
  forget(): void {
    this.clear();
    this.#placed.clear();
  }

  /** `first`: in place of all that was placed before. */
  place(file: string, image: PlacedImage, first: boolean): void {
    if (first) this.#placed.clear();
    this.#placed.set(file, image);
    this.#tables.delete(keyOf(file, image.start));
    this.invalidate();
  }

  displace(file: string): void {
    this.#placed.delete(file);
    this.invalidate();
  }

  async list(): Promise<readonly Module[]> {
    if (this.#list) return this.#list;
    const changes = this.#changes;
    const list = await this.#read();
    // What came meanwhile may not be in it.
    if (changes === this.#changes) this.#list = list;
    return list;
  }

  async #read(): Promise<readonly Module[]> {
    const mapped = await this.#options.mapped();
    const answer = await this.#helper.call<ModulesAnswer>('modules', { mapped: mapped === null });
    return mapped === null ? this.#build(answer) : this.#join(answer, mapped);
  }

  async table(module: Module): Promise<SymbolTable> {
    if (module.table) return module.table;
    const key = keyOf(module.info.path, module.info.start);
    const known = this.#tables.get(key);
    const table = known ?? (await this.#readTable(module));
    this.#tables.set(key, table);
    module.table = table;
    return table;
  }

  async at(address: bigint): Promise<Module | null> {
    for (const module of await this.list()) {
      if (address >= module.info.start && address < module.info.end) return module;
    }
    return null;
  }

  async symbolize(address: bigint): Promise<SymbolHit | null> {
    const module = await this.at(address);
    if (!module) return null;
    const symbol = (await this.table(module)).at(address);
    if (!symbol || symbol.address < module.info.start) return null;
    return hit(module, symbol, address);
  }

  async symbolAfter(address: bigint): Promise<SymbolHit | null> {
    const module = await this.at(address);
    const symbol = module && (await this.table(module)).after(address);
    return module && symbol && symbol.address < module.info.end ? hit(module, symbol, address) : null;
  }

  /** Modules of a name, case aside; all for null. */
  async named(name: string | null): Promise<readonly Module[]> {
    const all = await this.list();
    if (name === null) return all;
    return all.filter((module) => module.info.name.toLowerCase() === name.toLowerCase());
  }

  async addressOf(moduleName: string | null, name: string): Promise<bigint | null> {
    let other: bigint | null = null;
    for (const module of await this.named(moduleName)) {
      const symbol = (await this.table(module)).byName(name);
      if (symbol?.name === name) return symbol.address;
      if (symbol) other ??= symbol.address;
    }
    return other;
  }

  async #readTable(module: Module): Promise<SymbolTable> {
    const out = this.#helper.file('symbols');
    const paths = await this.#helper.call<string[]>('dump_symbols', { files: module.files, out });
    const symbols: Candidate[] = [];
    for (const path of paths) {
      for (const symbol of parseMinimalSymbols(readFileSync(path, 'utf8'))) {
        // Thread-local and absolute symbols have offsets for addresses.
        if (symbol.address >= module.info.start && symbol.address < module.info.end) symbols.push(symbol);
      }
      rmSync(path, { force: true });
    }
    return new SymbolTable(symbols);
  }

  #placedModule(row: ObjectRow): Module | null {
    const image = this.#placed.get(row.file);
    if (!image) return null;
    const { name, start, end, buildId, sections } = image;
    const info = { ...describe(row, row.file, { path: row.file, start, end }), name, buildId, sections };
    return { info, files: [row.file, ...row.extra], table: null };
  }

  /** Of what GDB knows alone: mappings have files' names of this machine. */
  #build(answer: ModulesAnswer): readonly Module[] {
    const spans = spansOf(answer.mappings, this.#options.realPath);
    // A core file's notes do not name the vdso; it is two pages at most, of which the symbols use the first.
    if (answer.vdso && !spans.has('[vdso]')) {
      const start = fromHex(answer.vdso);
      spans.set('[vdso]', { path: '[vdso]', start, end: start + 0x2000n });
    }
    const modules: Module[] = [];
    for (const row of answer.modules) {
      const placed = this.#placedModule(row);
      if (placed) {
        modules.push(placed);
        continue;
      }
      const isVdso = VDSO.test(row.file);
      const path = isVdso ? VDSO_PATH : row.file;
      const span =
        spans.get(isVdso ? '[vdso]' : this.#options.realPath(row.file)) ?? sections(row, answer.mappings);
      if (span)
        modules.push({
          info: describe(row, path, withData(span, row)),
          files: [row.file, ...row.extra],
          table: null,
        });
    }
    return inOrder(modules, (module) => module.files[0] === answer.main);
  }

  /** Of what the target's machine has mapped and the files that GDB has of it, which stand here under other names. */
  #join(answer: ModulesAnswer, mapped: Mapped): readonly Module[] {
    const rows = mapped.mappings.map(({ start, end, offset, path }) => [start, end, offset, path] as const);
    const spans = spansOf(rows, (path) => path);
    const modules: Module[] = [];
    const seen = new Set<string>();
    for (const row of answer.modules) {
      const placed = this.#placedModule(row);
      if (placed) {
        modules.push(placed);
        continue;
      }
      const span = spanOf(spans, row) ?? sections(row, rows);
      if (!span || seen.has(span.path)) continue;
      seen.add(span.path);
      const path = VDSO.test(row.file) ? VDSO_PATH : span.path;
      const info = describe({ ...row, file: this.#options.realPath(row.file) }, path, withData(span, row));
      modules.push({ info, files: [row.file, ...row.extra], table: null });
    }
    for (const [path, span] of spans) {
      const image = mapped.images.get(path);
      if (seen.has(path) || (!image && path !== '[vdso]')) continue;
      const info = unread(path === '[vdso]' ? VDSO_PATH : path, span, image);
      modules.push({ info, files: [], table: null });
    }
    const main = (module: Module) =>
      module.files[0] === answer.main || module.info.path === mapped.executable;
    return inOrder(modules, main);
  }
}

type Mappings = ModulesAnswer['mappings'];

const keyOf = (path: string, start: bigint): string => `${path} ${start}`;

function spansOf(mappings: Mappings, realPath: (path: string) => string): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const [from, to, , file] of mappings) {
    const path = file === '[vdso]' ? file : realPath(file.replace(/ \(deleted\)$/, ''));
    const known = spans.get(path);
    const start = fromHex(from);
    const end = fromHex(to);
    if (!known) spans.set(path, { path, start, end });
    else {
      if (start < known.start) known.start = start;
      if (end > known.end) known.end = end;
    }
  }
  return spans;
}

function spanOf(spans: ReadonlyMap<string, Span>, row: ObjectRow): Span | null {
  if (row.from === undefined) return null;
  const at = fromHex(row.from);
  for (const span of spans.values()) if (at >= span.start && at < span.end) return span;
  return null;
}

const PAGE = 0x1000n;
/** No module has more data without a file. */
const MOST_DATA = 1n << 32n;

/** With its data that begin as zeros (.bss): they have no file, and so no mapping that tells whose they are. */
function withData(span: Span, { to }: ObjectRow): Span {
  const end = to === undefined ? 0n : ((fromHex(to) + PAGE - 1n) / PAGE) * PAGE;
  return end > span.end && end - span.end < MOST_DATA ? { ...span, end } : span;
}

/** Where nothing tells what is mapped: what its sections take up. Of a process that is: what is not mapped is not there. */
function sections(row: ObjectRow, mappings: Mappings): Span | null {
  if (mappings.length > 0 || row.from === undefined || row.to === undefined) return null;
  return { path: row.file, start: fromHex(row.from), end: fromHex(row.to) };
}

function unread(path: string, span: Span, image: MappedImage | undefined): ModuleInfo {
  return {
    name: moduleName(path),
    start: span.start,
    end: span.end,
    path,
    buildId: image?.buildId ?? null,
    symbols: image?.symbols ?? 'none',
    symbolFile: null,
  };
}

/** The program first, the others by address. */
function inOrder(modules: readonly Module[], isMain: (module: Module) => boolean): readonly Module[] {
  const rank = (module: Module) => (isMain(module) ? 0 : 1);
  return unique([...modules].sort((a, b) => rank(a) - rank(b) || (a.info.start < b.info.start ? -1 : 1)));
}

function describe(row: ObjectRow, path: string, span: Span): ModuleInfo {
  return {
    name: moduleName(path),
    start: span.start,
    end: span.end,
    path,
    buildId: row.id,
    symbols: row.dwarf ? 'dwarf' : 'exports',
    symbolFile: row.extra[0] ?? row.file,
  };
}

/** Two modules of one name get a number behind it, as WinDbg gives them their base address. */
function unique(modules: readonly Module[]): readonly Module[] {
  const seen = new Set<string>();
  return modules.map((module) => {
    const { name, start } = module.info;
    const taken = seen.has(name);
    seen.add(name);
    return taken ? { ...module, info: { ...module.info, name: `${name}_${start.toString(16)}` } } : module;
  });
}

function hit(module: Module, symbol: { name: string; address: bigint }, address: bigint): SymbolHit {
  return {
    module: module.info.name,
    name: symbol.name,
    address: symbol.address,
    offset: address - symbol.address,
  };
}
