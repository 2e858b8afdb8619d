import type { Readable } from 'node:stream';
import type { SignalDisposition } from '../backend/types.ts';
import type { LookedAt } from './look.ts';

/**
 * The machine that targets run on: its processes and files. `LocalMachine` is the one this program runs on; a
 * process server serves its own over the wire (engine/stub); a bare stub shows what GDB's remote protocol can.
 *
 * Every method rejects with a HawserError; what this machine cannot do is `UNSUPPORTED` with the reason.
 */
export interface Machine {
  info(): Promise<MachineInfo>;
  /** All processes but threads of the kernel; one round trip. */
  processes(): Promise<readonly ProcessEntry[]>;
  /** One process, and the files that it has mapped; one round trip. Rejects ATTACH_REFUSED where there is no such process. */
  process(pid: number): Promise<ProcessDetails>;
  /** What a folder holds, folders first. `path` relative to the home folder; '' is the home folder. */
  folder(path: string): Promise<FolderListing>;
  /**
   * A program as it would be started: found by the search path where it has no slash.
   * Rejects PROGRAM_NOT_FOUND, PROGRAM_NOT_EXECUTABLE with the reason.
   */
  program(program: string, cwd: string | null): Promise<ImageFacts>;
  /** ELF files by path, as process `pid` sees them (null: as the server does); null for one that cannot be read. */
  images(pid: number | null, paths: readonly string[]): Promise<readonly (ImageFacts | null)[]>;
  /** A file's bytes from `offset` on. Destroy it to cancel. */
  readFile(path: string, pid: number | null, offset: number): Readable;
  disposition(pid: number, signal: string): Promise<SignalDisposition>;
  /**
   * Small files and links together, those of /proc above all: one round trip, whatever their number. One part of a path may be `*`,
   * for all numbers that there are (`/proc/12/fd/*`). What is not there is left out. Rejects UNSUPPORTED alone.
   */
  look(paths: readonly string[]): Promise<readonly LookedAt[]>;
}

export interface MachineInfo {
  /** What it calls itself. */
  readonly host: string;
  /** Who attaches and starts programs there. */
  readonly user: string;
  /** `Linux`, `6.1.0-13-amd64`. */
  readonly system: string;
  readonly release: string;
  /** As `uname -m` has it: `x86_64`, `aarch64`; '' where not known. */
  readonly architecture: string;
  /** Where programs are started unless said otherwise. */
  readonly cwd: string;
  readonly home: string;
}

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Base name of its program. */
  readonly name: string;
  readonly user: string;
  /** Empty where it may not be seen. */
  readonly commandLine: string;
  /** `x86_64`, `i386`, `aarch64`; '' where it may not be seen. */
  readonly architecture: string;
  /** Milliseconds since the epoch, on that machine's clock; 0 where not known. */
  readonly started: number;
  /** Why one cannot attach to it, as a sentence without its full stop; null: nothing that can be seen. */
  readonly obstacle: string | null;
}

export interface ProcessDetails {
  readonly entry: ProcessEntry;
  /** Path of its program, as the process sees it; '' where it may not be seen. */
  readonly executable: string;
  readonly args: readonly string[];
  readonly threads: number;
  readonly mappings: readonly MappedFile[];
}

/** A mapping of a file, or of `[vdso]`. Numbers are hexadecimal without `0x`. */
export interface MappedFile {
  readonly start: string;
  readonly end: string;
  readonly offset: string;
  readonly path: string;
}

export interface FolderListing {
  /** Absolute, links resolved. */
  readonly path: string;
  /** Null at the root. */
  readonly parent: string | null;
  readonly entries: readonly FolderEntry[];
  /** There were more than are listed. */
  readonly more: boolean;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'folder' | 'program' | 'file' | 'other';
  /** Bytes; 0 for folders. */
  readonly size: number;
}

export interface ImageFacts {
  /** As it can be given to the machine again. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** Hexadecimal; null where it has none. */
  readonly buildId: string | null;
  /** As {@link ProcessEntry.architecture}. */
  readonly architecture: string;
}
