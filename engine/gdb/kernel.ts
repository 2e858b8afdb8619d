import type { KernelAccess, MemoryBlock, PlacedImage } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import type { Engine } from './parts.ts';
import type { Modules } from './symbols/modules.ts';

/** Asked for in one go. */
const CHUNK = 64 * 1024;

const NO_PHYSICAL =
  'this stub has no way to physical addresses (QEMU’s has), and the kernel’s direct map is not known';

const PAGE = 4096n;
/** Of 64 bits of address: from here on they are the kernel's. */
const UPPER_HALF = 1n << 63n;

/** A range page by page: offset in the range, address, bytes. */
function* parts(address: bigint, length: number): Iterable<{ at: number; from: bigint; size: number }> {
  for (let at = 0; at < length; ) {
    const from = address + BigInt(at);
    const size = Math.min(Number(PAGE - (from & (PAGE - 1n))), length - at);
    yield { at, from, size };
    at += size;
  }
}

/** What a stub in front of a machine can do beside what stubs of processes can. */
export class GdbKernel implements KernelAccess {
  readonly #engine: () => Engine;
  readonly #capture: (command: string) => Promise<string>;
  readonly #modules: Modules;
  #physical: Promise<boolean> | null = null;
  #pages: ((page: bigint) => Promise<bigint | null>) | null = null;

  constructor(engine: () => Engine, capture: (command: string) => Promise<string>, modules: Modules) {
    this.#engine = engine;
    this.#capture = capture;
    this.#modules = modules;
  }

  async physical(): Promise<true | string> {
    this.#physical ??= this.#engine().helper.call<boolean>('has_physical');
    return (await this.#physical) ? true : NO_PHYSICAL;
  }

  async readPhysical(address: bigint, length: number): Promise<MemoryBlock> {
    await this.#expectPhysical();
    const bytes = new Uint8Array(length);
    const readable = new Uint8Array(length);
    let had = 0;
    for (let at = 0; at < length; at += CHUNK) {
      const parameters = {
        address: (address + BigInt(at)).toString(16),
        length: Math.min(CHUNK, length - at),
      };
      for (const [offset, hex] of await this.#engine().helper.call<[number, string][]>(
        'read_physical',
        parameters,
      )) {
        const part = Buffer.from(hex, 'hex');
        bytes.set(part, at + offset);
        readable.fill(1, at + offset, at + offset + part.length);
        had += part.length;
      }
    }
    return { address, bytes, readable: had === length ? null : readable };
  }

  async writePhysical(address: bigint, bytes: Uint8Array): Promise<void> {
    await this.#expectPhysical();
    await this.#engine().helper.call('write_physical', {
      address: address.toString(16),
      content: Buffer.from(bytes).toString('hex'),
    });
  }

  async placeSymbols(file: string, slide: bigint, image: PlacedImage): Promise<void> {
    await this.#engine().helper.call('place_symbols', { file, slide: slide.toString(16) });
    this.#modules.place(file, image, true);
  }

  async addSymbols(file: string, image: PlacedImage, placed = false): Promise<void> {
    const sections = (placed ? [] : image.sections).map(({ name, address }) => [name, address.toString(16)]);
    await this.#engine().helper.call('add_symbols', { file, sections });
    this.#modules.place(file, image, false);
  }

  async removeSymbols(file: string): Promise<void> {
    await this.#engine().helper.call('remove_symbols', { file });
    this.#modules.displace(file);
  }

  translate(pages: ((page: bigint) => Promise<bigint | null>) | null): void {
    this.#pages = pages;
  }

  /** Memory of a program whose pages were chosen; null: the address is not for that. */
  async readChosen(address: bigint, length: number): Promise<MemoryBlock | null> {
    const pages = this.#pages;
    if (pages === null || address >= UPPER_HALF) return null;
    const bytes = new Uint8Array(length);
    const readable = new Uint8Array(length);
    for (const { at, from, size } of parts(address, length)) {
      const page = await pages(from & ~(PAGE - 1n));
      if (page === null) continue;
      const block = await this.readPhysical(page | (from & (PAGE - 1n)), size);
      bytes.set(block.bytes, at);
      readable.set(block.readable ?? new Uint8Array(size).fill(1), at);
    }
    return { address, bytes, readable: readable.includes(0) ? readable : null };
  }

  /** False: the address is not for that. */
  async writeChosen(address: bigint, bytes: Uint8Array): Promise<boolean> {
    const pages = this.#pages;
    if (pages === null || address >= UPPER_HALF) return false;
    for (const { at, from, size } of parts(address, bytes.length)) {
      const page = await pages(from & ~(PAGE - 1n));
      if (page === null) throw engineErrors.memoryUnreadable(from);
      await this.writePhysical(page | (from & (PAGE - 1n)), bytes.subarray(at, at + size));
    }
    return true;
  }

  async monitor(command: string): Promise<string> {
    return this.#capture(`monitor ${command}`);
  }

  async #expectPhysical(): Promise<void> {
    const can = await this.physical();
    if (can !== true) throw engineErrors.unsupported('Physical memory', can);
  }
}
