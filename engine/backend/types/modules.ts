export interface SymbolHit {
  /** WinDbg's module name: `libc_so`. */
  readonly module: string;
  readonly name: string;
  /** Of the symbol itself. */
  readonly address: bigint;
  /** Distance of the queried address from it. */
  readonly offset: bigint;
}

export interface ModuleInfo {
  /** WinDbg's name: path without directory; version after `.so` cut, a final bare `.so` dropped, others than letters and digits to `_`. */
  readonly name: string;
  /** First address, and first address after. */
  readonly start: bigint;
  readonly end: bigint;
  readonly path: string;
  readonly buildId: string | null;
  /** deferred: not read yet; dwarf: debug information; exports: only the ELF symbol table; none. */
  readonly symbols: 'deferred' | 'dwarf' | 'exports' | 'none';
  /** File the symbols came from, where read. */
  readonly symbolFile: string | null;
  /** Of a kernel's modules, where each section was loaded. */
  readonly sections?: readonly PlacedSection[];
}

export interface PlacedSection {
  readonly name: string;
  readonly address: bigint;
}

/** What came of looking for a module's separate debug information. */
export interface SymbolSearch {
  /** The file that it has now; null: none was found. */
  readonly file: string | null;
  /** Paths of files and addresses of servers, in the order in which they were tried, with what came of it: `found`, `file not found`. */
  readonly tried: readonly { readonly place: string; readonly outcome: string }[];
}
