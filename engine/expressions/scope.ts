/** What names mean where an expression is evaluated. Null answers: there is no such thing. */
export interface Scope {
  readonly pointerSize: 4 | 8;
  /** `rax`, `al`, `zf`; in lower case. */
  register(name: string): Promise<bigint | null>;
  /** Whether the bare word is taken for a register before symbols are looked up. */
  isCommonRegister(name: string): boolean;
  /** `$ip`, `$t0`; in lower case, with the dollar sign. */
  pseudo(name: string): Promise<bigint | null>;
  symbol(module: string | null, name: string): Promise<bigint | null>;
  sourceLine(module: string | null, file: string | null, line: number | null): Promise<bigint | null>;
  /** Little-endian as the target stores it; rejects with MEMORY_UNREADABLE. */
  read(address: bigint, size: 1 | 2 | 4 | 8): Promise<bigint>;
  readable(address: bigint, length: bigint): Promise<boolean>;
  /** Entry point of the module at the address. */
  entryPoint(address: bigint): Promise<bigint | null>;
  /** As {@link read}, at a physical address; null: this target has no physical memory to read. */
  readPhysical(address: bigint, size: 1 | 2 | 4 | 8): Promise<bigint | null>;
  /** A C or C++ expression's value. */
  cpp(text: string): Promise<bigint>;
}
