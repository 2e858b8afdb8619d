import type { MemoryBlock } from './memory.ts';
import type { PlacedSection } from './modules.ts';

/** What is known of an image whose symbols are placed by hand. */
export interface PlacedImage {
  /** As WinDbg names modules: `vmlinux`, `ext4`. */
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly buildId: string | null;
  readonly sections: readonly PlacedSection[];
}

/** What a stub in front of a whole machine can do. */
export interface KernelAccess {
  /** True, or why physical memory cannot be had. */
  physical(): Promise<true | string>;
  /** Never fails on what is not there; rejects UNSUPPORTED where {@link physical} is not true. */
  readPhysical(address: bigint, length: number): Promise<MemoryBlock>;
  writePhysical(address: bigint, bytes: Uint8Array): Promise<void>;
  /**
   * The kernel's own file of symbols, moved by `slide` (64 bits, wraps). It takes the place of the one before, and all that was
   * added goes.
   */
  placeSymbols(file: string, slide: bigint, image: PlacedImage): Promise<void>;
  /** Symbols of a loaded module, placed by its sections. `placed`: the file has the target's addresses itself. */
  addSymbols(file: string, image: PlacedImage, placed?: boolean): Promise<void>;
  /** Of a module that was added. */
  removeSymbols(file: string): Promise<void>;
  /**
   * From here on memory of programs (the lower half of the addresses) is read and written where this says it is, with no
   * regard to what the current processor has mapped there. Null: as the processor has it.
   */
  translate(pages: ((page: bigint) => Promise<bigint | null>) | null): void;
  /** A command for the stub's own monitor (QEMU's, OpenOCD's); what it says. Rejects GDB where the stub has none. */
  monitor(command: string): Promise<string>;
}
