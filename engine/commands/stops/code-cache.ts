import type { Backend } from '../../backend/backend.ts';
import type { Instruction, SourceLine, SymbolHit } from '../../backend/types.ts';
import { namedAddresses } from '../../format/instruction.ts';

export interface CodePlace {
  readonly instruction: Instruction | null;
  readonly hit: SymbolHit | null;
  readonly line: SourceLine | null;
  /** Of the addresses that the instruction names. */
  readonly named: ReadonlyMap<bigint, SymbolHit | null>;
}

/** What stands at addresses, read once for many steps through the same code. */
export class CodeCache {
  readonly #backend: Backend;
  readonly #readAhead: number;
  readonly #instructions = new Map<bigint, Instruction | null>();
  readonly #hits = new Map<bigint, SymbolHit | null>();
  readonly #lines = new Map<bigint, SourceLine | null>();

  /** `readAhead`: instructions read at once from an address that is not known yet. */
  constructor(backend: Backend, readAhead: number) {
    this.#backend = backend;
    this.#readAhead = readAhead;
  }

  /** Reads what is missing for all of them: one round trip for symbols, one for lines. */
  async prepare(addresses: readonly bigint[]): Promise<void> {
    const fresh = new Set<bigint>();
    for (const address of addresses) await this.#disassemble(address, fresh);
    const named = addresses.flatMap((address) => {
      const instruction = this.#instructions.get(address);
      return instruction ? namedAddresses(instruction) : [];
    });
    const unknown = [...new Set([...addresses, ...named])].filter((address) => !this.#hits.has(address));
    const hits = unknown.length > 0 ? await this.#backend.symbolize(unknown) : [];
    for (const [index, address] of unknown.entries()) this.#hits.set(address, hits[index] ?? null);
    const unplaced = [...new Set(addresses)].filter((address) => !this.#lines.has(address));
    const lines = unplaced.length > 0 ? await this.#backend.lines(unplaced) : [];
    for (const [index, address] of unplaced.entries()) this.#lines.set(address, lines[index] ?? null);
  }

  /** Of an address that was prepared. */
  at(address: bigint): CodePlace {
    const instruction = this.#instructions.get(address) ?? null;
    const named = instruction ? namedAddresses(instruction) : [];
    return {
      instruction,
      hit: this.#hits.get(address) ?? null,
      line: this.#lines.get(address) ?? null,
      named: new Map(named.map((each) => [each, this.#hits.get(each) ?? null])),
    };
  }

  /** `fresh`: what has just been read. */
  async #disassemble(address: bigint, fresh: Set<bigint>): Promise<void> {
    // What no module has a name for may be written anew at any time.
    if (fresh.has(address) || (this.#instructions.has(address) && this.#hits.get(address))) return;
    const read = await this.#backend.disassemble(address, this.#readAhead);
    this.#instructions.set(address, null);
    fresh.add(address);
    for (const instruction of read) {
      this.#instructions.set(instruction.address, instruction);
      fresh.add(instruction.address);
    }
  }
}
