export interface Instruction {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** Intel syntax as GDB prints it: `mov    eax,DWORD PTR [rax+0x8]`. */
  readonly text: string;
}

/** Code of one function that stands in a row. */
export interface CodeRange {
  readonly start: bigint;
  /** First address after. */
  readonly end: bigint;
}

export interface MemoryBlock {
  readonly address: bigint;
  /** As many as asked for. */
  readonly bytes: Uint8Array;
  /** 1 where the byte could be read, 0 where not; null: all could. */
  readonly readable: Uint8Array | null;
}

export interface MemoryPiece {
  readonly address: bigint;
  readonly length: number;
}

/** A mapping of the target's. Neighbours are not joined. */
export interface MemoryRegion {
  readonly start: bigint;
  /** First address after. */
  readonly end: bigint;
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** Writes reach the file, and whoever else has mapped it. */
  readonly shared: boolean;
  /** Of `start` in the file. */
  readonly offset: bigint;
  /** As the kernel has it: a file's path, ` (deleted)` behind it where it is gone, `[stack]` and the like, or ''. */
  readonly path: string;
}
