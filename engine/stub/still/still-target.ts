import type { Machine } from '../../machine/machine.ts';
import type { StillMachine } from './registers.ts';

/** A process that stands, and that can be looked at but neither run nor changed: somebody else holds its machine. */
export interface StillTarget {
  /** As a connection is shown: `task 0n89 (sleep)`. */
  readonly name: string;
  readonly pid: number;
  /** Thread ids, the one to begin with first. */
  readonly threads: readonly number[];
  readonly architecture: StillMachine;
  /** As `/proc/PID/auxv`. */
  readonly auxiliary: Uint8Array;
  /** Its files and mappings. */
  readonly machine: Machine;
  /** By GDB's names; those that are left out are not known. Null: none are. */
  registers(thread: number): Promise<ReadonlyMap<string, bigint> | null>;
  /** Null: not all of it can be read. */
  read(address: bigint, length: number): Promise<Uint8Array | null>;
}
