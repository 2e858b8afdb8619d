/** An entry of a page table, as it was met on the way to an address. */
export interface PageEntry {
  /** `PXE`: WinDbg's names, and `PML5E` for a fifth level above. */
  readonly level: 'PML5E' | 'PXE' | 'PPE' | 'PDE' | 'PTE';
  /** Physical. */
  readonly at: bigint;
  readonly value: bigint;
  /** It maps a page itself. */
  readonly leaf: boolean;
}

export interface Walk {
  readonly entries: readonly PageEntry[];
  /** Physical address that it leads to; null: not mapped. */
  readonly physical: bigint | null;
  /** Of the page, bytes; 0 where there is none. */
  readonly pageSize: number;
  /** An entry could not be read at this physical address. */
  readonly unreadable: bigint | null;
}

/** A physical quad word; null: it cannot be read. */
export type ReadQuad = (physical: bigint) => Promise<bigint | null>;
