import type { Backend } from '../../backend/backend.ts';
import type { InstructionKind, SymbolHit } from '../../backend/types.ts';
import { hex64, symbol } from '../../format/address.ts';
import { instructionKind } from '../../format/instruction-kind.ts';

export interface CodePoint {
  readonly kind: InstructionKind | null;
  readonly length: number;
  /** The function's name as it is shown, its address and its module's name. */
  readonly name: string;
  readonly start: bigint;
  readonly module: string;
}

const READ_AHEAD = 32;

/** What a trace comes through, read once. */
export class CodeMap {
  readonly #backend: Backend;
  readonly #points = new Map<bigint, CodePoint>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async at(address: bigint): Promise<CodePoint> {
    return this.#points.get(address) ?? this.#read(address);
  }

  async #read(address: bigint): Promise<CodePoint> {
    const instructions = await this.#backend.disassemble(address, READ_AHEAD);
    const hits = await this.#backend.symbolize(instructions.map((each) => each.address));
    for (const [index, { address: at, text, bytes }] of instructions.entries()) {
      const point = describe(at, hits[index] ?? null, instructionKind(text), bytes.length);
      if (!this.#points.has(at)) this.#points.set(at, point);
    }
    const found = this.#points.get(address) ?? describe(address, null, null, 0);
    this.#points.set(address, found);
    return found;
  }
}

function describe(
  address: bigint,
  hit: SymbolHit | null,
  kind: InstructionKind | null,
  length: number,
): CodePoint {
  if (!hit) return { kind, length, name: hex64(address), start: address, module: '' };
  return { kind, length, name: symbol({ ...hit, offset: 0n }), start: hit.address, module: hit.module };
}
