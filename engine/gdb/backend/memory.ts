import type { Instruction, MemoryBlock, MemoryPiece, MemoryRegion } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { readElfHeader } from '../../machine/elf.ts';
import type { GdbCore } from '../core.ts';
import { GdbKernel } from '../kernel.ts';
import { KnownMemory } from '../known-memory.ts';
import { mapMemory, unmapMemory } from '../mapping.ts';
import { disassemble, disassembleBefore, readMemory, writeMemory } from '../memory.ts';
import { fromHex } from '../parts.ts';
import { coreRegions, type MappingRow, parseMaps, withNames } from '../regions.ts';
import { ThreadQueries } from './threads.ts';

/** Memory, what is mapped, and code as instructions. */
export class MemoryQueries extends ThreadQueries {
  readonly kernel: GdbKernel;
  readonly #known: KnownMemory;

  constructor(core: GdbCore) {
    super(core);
    this.#known = new KnownMemory(
      (address, length) => this.#readMemory(address, length),
      () => core.connection.changes,
    );
    this.kernel = new GdbKernel(
      () => core,
      (command) => core.capture(command),
      core.modules,
    );
  }

  async readMemory(address: bigint, length: number): Promise<MemoryBlock> {
    this.needTarget();
    const chosen = await this.kernel.readChosen(address, length);
    if (chosen !== null) return chosen;
    const { kind, link } = this.core;
    // What reads through a stub are kept between stops stands before the wire (stub/rsp).
    if (kind === 'core' || link.killsAtEnd) return this.#known.read(address, length);
    return this.#readMemory(address, length);
  }

  #readMemory(address: bigint, length: number): Promise<MemoryBlock> {
    const { kind, link } = this.core;
    const copy = async (from: bigint, size: number) => (kind === 'core' ? null : link.copyMemory(from, size));
    return readMemory(this.core, address, length, copy);
  }

  async readEach(pieces: readonly MemoryPiece[]): Promise<readonly (Uint8Array | null)[]> {
    this.needTarget();
    const { kind, link, helper } = this.core;
    const missing = new Map(pieces.map((piece, index) => [index, piece]));
    const found = new Array<Uint8Array | null>(pieces.length).fill(null);
    if (kind !== 'core' && !link.killsAtEnd)
      await Promise.all(
        pieces.map(async ({ address, length }, index) => {
          const bytes = await link.copyMemory(address, length);
          if (bytes !== null) missing.delete(index);
          found[index] = bytes;
        }),
      );
    if (missing.size === 0) return found;
    const ranges = [...missing.values()].map(({ address, length }) => [address.toString(16), length]);
    const rest = await helper.call<(string | null)[]>('read_each', { ranges });
    for (const [at, index] of [...missing.keys()].entries()) {
      const digits = rest[at] ?? null;
      found[index] = digits === null ? null : new Uint8Array(Buffer.from(digits, 'hex'));
    }
    return found;
  }

  async regions(): Promise<readonly MemoryRegion[]> {
    this.needTarget();
    const { kind, link, pid } = this.core;
    if (this.coreFile !== null) {
      const header = readElfHeader(this.coreFile);
      const rows = await this.core.helper.call<MappingRow[]>('mappings');
      if (!header) return [];
      return withNames(coreRegions(this.coreFile, header, rows), await this.auxv(), this.program);
    }
    if (kind === 'core' || pid === 0)
      throw engineErrors.unsupported('The list of what is mapped', 'this target is no process');
    return parseMaps(await link.maps(pid));
  }

  async writeMemory(address: bigint, bytes: Uint8Array): Promise<void> {
    this.needChangeable('its memory is as it was');
    if (!(await this.kernel.writeChosen(address, bytes))) await writeMemory(this.core, address, bytes);
  }

  async mapMemory(base: bigint, size: bigint, exact: boolean): Promise<bigint> {
    this.needRunnable();
    return mapMemory(this.core, this.core.modules, base, size, exact);
  }

  async unmapMemory(base: bigint, size: bigint, keeps: boolean): Promise<void> {
    this.needRunnable();
    await unmapMemory(this.core, this.core.modules, base, size, keeps);
  }

  async disassemble(address: bigint, count: number): Promise<readonly Instruction[]> {
    this.needTarget();
    return disassemble(this.core, address, count);
  }

  async disassembleBefore(address: bigint, count: number): Promise<readonly Instruction[]> {
    this.needTarget();
    const symbol = await this.core.modules.symbolize(address - 1n);
    return disassembleBefore(this.core, address, count, symbol?.address ?? null);
  }

  async auxv(): Promise<ReadonlyMap<number, bigint>> {
    this.needTarget();
    const rows = await this.core.helper.call<[number, string][]>('auxv');
    return new Map(rows.map(([number, value]) => [number, fromHex(value)]));
  }

  async linkMaps(first: bigint) {
    this.needTarget();
    const rows = await this.core.helper.call<[string, string, string, string][]>('link_maps', {
      address: first.toString(16),
    });
    return rows.map(([address, bias, , dynamic]) => ({
      address: fromHex(address),
      bias: fromHex(bias),
      dynamic: fromHex(dynamic),
    }));
  }

  async stringArray(address: bigint, limit: number): Promise<readonly string[]> {
    this.needTarget();
    return this.core.helper.call<string[]>('string_array', { address: address.toString(16), limit });
  }
}
