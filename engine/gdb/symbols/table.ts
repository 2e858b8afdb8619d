import { withoutHash, withoutParameters } from './name.ts';

export interface TableSymbol {
  readonly name: string;
  readonly address: bigint;
  readonly kind: 'function' | 'data' | 'unknown';
}

/** The symbols of one module, by address and by name; read once, then asked without a round trip. */
export class SymbolTable {
  /** One for each address, ascending. */
  readonly #nearest: TableSymbol[] = [];
  readonly #addresses: BigUint64Array;
  readonly #all: readonly TableSymbol[];
  #byName: Map<string, TableSymbol> | null = null;
  #byLowerName: Map<string, TableSymbol> | null = null;

  constructor(symbols: Candidate[]) {
    symbols.sort(order);
    let previous: Candidate | null = null;
    const all: TableSymbol[] = [];
    for (const symbol of symbols) {
      if (previous?.address !== symbol.address) this.#nearest.push(symbol);
      if (previous?.address !== symbol.address || previous.name !== symbol.name) all.push(symbol);
      previous = symbol;
    }
    this.#all = all;
    this.#addresses = new BigUint64Array(this.#nearest.map((symbol) => symbol.address));
  }

  get symbols(): readonly TableSymbol[] {
    return this.#all;
  }

  /** Nearest at or below; nothing where that is a stub of the PLT, or a slot of it, which has ended before. */
  at(address: bigint): TableSymbol | null {
    const found = this.#nearest[this.#upper(address) - 1] ?? null;
    return found && address - found.address >= reach(found) ? null : found;
  }

  /** Nearest above. */
  after(address: bigint): TableSymbol | null {
    return this.#nearest[this.#upper(address)] ?? null;
  }

  /** Exact case first, then without. */
  byName(name: string): TableSymbol | null {
    this.#byName ??= index(this.#all, (symbol) => symbol.name);
    const exact = this.#byName.get(name);
    if (exact) return exact;
    this.#byLowerName ??= index(this.#all, (symbol) => symbol.name.toLowerCase());
    return this.#byLowerName.get(name.toLowerCase()) ?? null;
  }

  /** How many addresses are at or below the one given. */
  #upper(address: bigint): number {
    let low = 0;
    let high = this.#addresses.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#addresses[middle] ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Of the machines that there are. In a program without symbols only its stubs have names, and code follows them. */
const LONGEST_STUB = 16n;
const SLOT = 8n;

function reach({ name }: TableSymbol): bigint {
  if (name.endsWith('@plt')) return LONGEST_STUB;
  return name.endsWith('@got.plt') ? SLOT : BigInt(Number.MAX_SAFE_INTEGER);
}

export interface Candidate extends TableSymbol {
  /** Lower is better where several symbols have one address. */
  readonly rank: number;
}

function order(a: Candidate, b: Candidate): number {
  if (a.address !== b.address) return a.address < b.address ? -1 : 1;
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.name.length !== b.name.length) return a.name.length - b.name.length;
  return a.name < b.name ? -1 : 1;
}

function index(
  symbols: readonly TableSymbol[],
  key: (symbol: TableSymbol) => string,
): Map<string, TableSymbol> {
  const map = new Map<string, TableSymbol>();
  for (const symbol of symbols) {
    const name = key(symbol);
    const known = map.get(name);
    if (!known || (known.kind !== 'function' && symbol.kind === 'function')) map.set(name, symbol);
  }
  return map;
}

/** Letters of `maint print msymbols`: text, data, bss (global in capitals), ifunc, trampoline, GOT slot, absolute. */
const LINE = /^\[ *\d+\] (\S) 0x([0-9a-f]+) (.*) section (\S+)(?: {2}(.*?))?$/;

/** GDB's listing of the minimal symbols of one object file. */
export function parseMinimalSymbols(listing: string): Candidate[] {
  const found: Candidate[] = [];
  for (const line of listing.split('\n')) {
    const match = LINE.exec(line);
    if (!match) continue;
    const [, letter = '', address = '', linkage = '', section = '', rest = ''] = match;
    const kind = kindOf(letter, section);
    if (letter === 'A' || kind === null) continue;
    const name = displayName(linkage, rest);
    found.push({ name, address: BigInt(`0x${address}`), kind, rank: rank(letter, name) });
  }
  return found;
}

function kindOf(letter: string, section: string): TableSymbol['kind'] | null {
  if ('Tti'.includes(letter)) return 'function';
  // The PLT's slots have a better name of their own (`puts@plt`), at the same address.
  if (letter === 'S') return section.startsWith('.plt') ? null : 'function';
  if ('DdBb'.includes(letter)) return 'data';
  return 'unknown';
}

/** Both of Rust's ways to mangle: its own, and the one that C++'s demanglers read. */
const RUST = /^_R|17h[0-9a-f]{16}E/;

/** After two blanks comes the demangled name, where there is one, then the source file, which may be empty. */
function displayName(linkage: string, rest: string): string {
  if (!/^_(_?Z|R|D)/.test(linkage)) return linkage;
  const demangled = rest.split('  ')[0] ?? '';
  return demangled === '' || /\.(c|cc|cpp|cxx|C|rs|S|s|o)$/.test(demangled)
    ? linkage
    : RUST.test(linkage)
      ? withoutHash(demangled)
      : withoutParameters(demangled);
}

/** `puts` before `_IO_puts`, global before static, code before data. */
function rank(letter: string, name: string): number {
  const underscores = /^_*/.exec(name)?.[0].length ?? 0;
  const local = letter === letter.toLowerCase() && letter !== 'i' ? 1 : 0;
  const code = 'TtSi'.includes(letter) ? 0 : 10;
  const edge = /^(_edata|_end|__bss_start|_init|_fini|data_start)$/.test(name) ? 5 : 0;
  return code + underscores * 2 + local + edge;
}
