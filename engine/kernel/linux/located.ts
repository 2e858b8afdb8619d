import type { Run } from './image.ts';
import type { Tables } from './memory.ts';

/** What says where AArch64's tables of the kernel's half are. */
export interface Arm64Roots {
  readonly ttbr1: bigint;
  readonly tcr: bigint;
}

/** What is asked of the processors. */
export interface Processor {
  readonly cr3: bigint | null;
  readonly cr4: bigint;
  readonly ip: bigint;
  /** Of AArch64; null: of another machine, or the stub does not tell. */
  readonly arm64?: Arm64Roots | null;
  /** The task_struct that it is at, on AArch64; null: it is in a program, or that is not told. */
  readonly current?: bigint | null;
  /** Where exceptions go, on AArch64. */
  readonly vectors?: bigint | null;
}

/** A kernel of Linux in memory. */
export interface Located {
  /** Where its image begins (`_text`). */
  readonly text: bigint;
  /** Its read-only data, where page tables tell of them. */
  readonly rodata: Pick<Run, 'start' | 'end'> | null;
  /** `Linux version 6.1.0 (…) …`; null: not looked for yet, for it may be far. */
  readonly banner: string | null;
  /** The kernel's own page tables, where a processor in a program has others (page table isolation); null: it is in reach. */
  readonly tables: Tables | null;
}
