/** The debugger's own thread indexes, from 0 in order of creation, and GDB's numbers for them. */
export class Threads {
  readonly #gdb: string[] = [];
  readonly #index = new Map<string, number>();

  /** Index of the one that ended last; null: none has. */
  lastEnded: number | null = null;

  clear(): void {
    this.lastEnded = null;
    this.#gdb.length = 0;
    this.#index.clear();
  }

  /** Index of GDB's thread; a number not seen before is a thread just created. */
  index(gdb: string): number {
    const known = this.#index.get(gdb);
    if (known !== undefined) return known;
    this.#gdb.push(gdb);
    this.#index.set(gdb, this.#gdb.length - 1);
    return this.#gdb.length - 1;
  }

  gdb(index: number): string | null {
    return this.#gdb[index] ?? null;
  }
}
