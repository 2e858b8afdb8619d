import { readFileSync, rmSync } from 'node:fs';
import type { ModuleInfo, SymbolHit } from '../../backend/types.ts';
import type { Helper } from '../helper.ts';
import { fromHex } from '../parts.ts';
import { moduleName } from './name.ts';
import { type Candidate, parseMinimalSymbols, SymbolTable } from './table.ts';

interface ObjectRow {
  readonly file: string;
  readonly id: string | null;
  readonly extra: readonly string[];
  readonly dwarf: boolean;
}

interface ModulesAnswer {
  readonly main: string | null;
  readonly modules: readonly ObjectRow[];
  readonly mappings: readonly (readonly [string, string, string, string])[];
  readonly vdso: string | null;
}

export interface Module {
  readonly info: ModuleInfo;
  /** Object files whose symbols make up this module's. */
  readonly files: readonly string[];
  table: SymbolTable | null;
}

/** GDB's name for the vdso's object file. */
const VDSO = /^system-supplied DSO at 0x([0-9a-f]+)$/;

/** The modules of the target and their symbols: read once, kept until modules come or go. */
export class Modules {
  readonly #helper: Helper;
  /** Real path of a file, so that GDB's name and the mapping's name of a library meet. */
  readonly #realPath: (path: string) => string;
  #list: readonly Module[] | null = null;
  #tables = new Map<string, SymbolTable>();

  constructor(helper: Helper, realPath: (path: string) => string) {
    this.#helper = helper;
    this.#realPath = realPath;
  }

  /** Modules have come or gone; tables of those that stayed are kept. */
  invalidate(): void {
    this.#list = null;
  }

  /** Another target: nothing may be kept. */
  clear(): void {
    this.#list = null;
    this.#tables.clear();
  }

  async list(): Promise<readonly Module[]> {
    this.#list ??= this.#build(await this.#helper.call<ModulesAnswer>('modules'));
    return this.#list;
  }

  async table(module: Module): Promise<SymbolTable> {
    if (module.table) return module.table;
    const key = `${module.info.path} ${module.info.start}`;
    const known = this.#tables.get(key);
    const table = known ?? (await this.#read(module));
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

  async #read(module: Module): Promise<SymbolTable> {
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

  #build(answer: ModulesAnswer): readonly Module[] {
    const spans = this.#spans(answer);
    const modules: Module[] = [];
    for (const row of answer.modules) {
      const vdso = VDSO.exec(row.file);
      const path = vdso ? 'linux-vdso.so.1' : row.file;
      const span = spans.get(vdso ? '[vdso]' : this.#realPath(row.file));
      if (!span) continue;
      modules.push({ info: describe(row, path, span), files: [row.file, ...row.extra], table: null });
    }
    const main = (module: Module) => (module.info.path === answer.main ? 0 : 1);
    return unique(modules.sort((a, b) => main(a) - main(b) || (a.info.start < b.info.start ? -1 : 1)));
  }

  #spans(answer: ModulesAnswer): Map<string, { start: bigint; end: bigint }> {
    const spans = new Map<string, { start: bigint; end: bigint }>();
    for (const [from, to, , path] of answer.mappings) {
      const key = path === '[vdso]' ? path : this.#realPath(path.replace(/ \(deleted\)$/, ''));
      const known = spans.get(key);
      const start = fromHex(from);
      const end = fromHex(to);
      if (!known) spans.set(key, { start, end });
      else {
        if (start < known.start) known.start = start;
        if (end > known.end) known.end = end;
      }
    }
    // A core file's notes do not name the vdso; it is two pages at most, of which the symbols use the first.
    if (answer.vdso && !spans.has('[vdso]')) {
      const start = fromHex(answer.vdso);
      spans.set('[vdso]', { start, end: start + 0x2000n });
    }
    return spans;
  }
}

function describe(row: ObjectRow, path: string, span: { start: bigint; end: bigint }): ModuleInfo {
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
