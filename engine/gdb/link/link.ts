import type { HawserError } from '../../../transports/errors/error.ts';
import type {
  AttachOptions,
  BackendEvent,
  ChildAccess,
  LaunchOptions,
  SignalDisposition,
} from '../../backend/types.ts';
import type { MappedFile } from '../../machine/machine.ts';
import type { FarSteps } from '../../stub/rsp/far-steps.ts';
import type { Engine } from '../parts.ts';

/** The terminal of programs that are started. */
export interface TargetTerminal {
  write(text: string): void;
  pause(): void;
  resume(): void;
  /** Passes on what has been gathered. */
  flush(): void;
  /** The target is gone: passes on all that it wrote. */
  lastWords(): Promise<void>;
  /** The target goes on without us, and keeps it. */
  leaveToTarget(): void;
  dispose(): void;
}

/** What of the back end a link needs. */
export interface LinkHost {
  readonly engine: Engine;
  readonly environment: NodeJS.ProcessEnv;
  emit(event: BackendEvent): void;
  gdbPid(): number;
  /** SIGINT to GDB. */
  interruptGdb(): void;
  targetPid(): number;
  /** Modules, or their symbols, are others now. */
  modulesChanged(symbolsToo: boolean): void;
  /** Runs `work` as soon as the target stands still and GDB has nothing to do; not at all when that never comes. */
  whenIdle(work: () => Promise<void>): void;
  /** The way to the target has ended. `whole`: with all there is to tell, where a process may have ended just before. */
  ended(error: HawserError, whole: boolean): void;
}

/** A program or library that is mapped, and which GDB may know nothing of. */
export interface MappedImage {
  readonly buildId: string | null;
  /** Of an image that GDB has no file of. */
  readonly symbols: 'deferred' | 'none';
}

export interface Mapped {
  /** Path of the program; '' where it is not known. */
  readonly executable: string;
  readonly mappings: readonly MappedFile[];
  /** By path; those of {@link mappings} that are programs and libraries. */
  readonly images: ReadonlyMap<string, MappedImage>;
}

export interface ProgramFacts {
  readonly executable: string;
  readonly args: readonly string[];
}

/** Where targets run, as the back end sees it: this machine, or the far end of a stub. */
export interface TargetLink {
  readonly terminal: TargetTerminal | string;
  /** GDB's warnings are for people. */
  readonly warns: boolean;
  /** A launched program that nobody decided about ends with the back end. */
  readonly killsAtEnd: boolean;
  /** GDB reads the target itself, so a SIGINT gives up what it looks at. Through a stub it would break into the target instead. */
  readonly looksItself: boolean;
  /** See {@link Backend.children}. */
  readonly children: ChildAccess | string;
  /** Once, when GDB is ready. */
  open(): Promise<void>;
  /** Tells GDB all about a program before it starts it. Answers its path on the target's machine. */
  prepareLaunch(options: LaunchOptions): Promise<string>;
  /** Why it could not be started, from what GDB said. */
  launchRefusal(program: string, said: string): Promise<HawserError>;
  /** The target stands still: whatever is mapped and can be had at once is given to GDB. */
  findImages(): Promise<void>;
  /** The code at an address is about to run and its file is needed for that: waits for it. Rejects nothing. */
  needImage(address: bigint): Promise<void>;
  prepareAttach(options: AttachOptions): Promise<void>;
  attachRefusal(pid: number, said: string): Promise<HawserError>;
  /** From here on files are those of this machine (a core file's), or of the target's again. */
  findLocally(local: boolean): Promise<void>;
  /** Connects to a stub that has its process already. `image`: the file of its program here, where the stub does not tell. */
  takeProcess(image: string | null): Promise<void>;
  /** The target's first stop is about to be told. */
  told(): void;
  facts(pid: number): Promise<ProgramFacts>;
  disposition(pid: number, signal: string): Promise<SignalDisposition>;
  /** What is mapped, from the machine itself; null: ask GDB. */
  mapped(): Promise<Mapped | null>;
  /** The kernel's own text of what is mapped (`/proc/PID/maps`). @throws UNSUPPORTED where it cannot be had */
  maps(pid: number): Promise<string>;
  /** GDB says that a library came or went. `file` is GDB's name of it, where GDB has it. */
  libraryLoaded(path: string, file: string, code: { start: bigint; end: bigint }): void;
  libraryUnloaded(path: string): void;
  /** What {@link libraryLoaded} began is done. */
  settled(): Promise<void>;
  /**
   * Asks the target to stop. `again`: it was asked before in this run. `later`: it stands for a moment, and would not
   * hear it; `no`: it must not be asked again.
   */
  breakIn(again: boolean): 'sent' | 'later' | 'no';
  /** Before threads' own storage is asked for, or an expression that may name some is evaluated. */
  needThreadStorage(expression: string | null): Promise<void>;
  /** Much memory past GDB; null: GDB has to read it. */
  copyMemory(address: bigint, length: number): Promise<Uint8Array | null>;
  /** Makes GDB's next single step many; false: not on this way to the target. See StubDebugger. */
  stepFar(steps: FarSteps | null): boolean;
  /** Changes breakpoints by `work`. */
  changeBreakpoints<T>(work: () => Promise<T>): Promise<T>;
  /** Lets the target go on without us. `withheld`: signals that it stands with and must not get. */
  detach(withheld: readonly string[]): Promise<void>;
  /** SIGSTOP, to a target that blocks SIGINT. */
  forceStop(): void;
  cancelTransfer(id: number): void;
  setSymbolPath(path: readonly string[]): Promise<void>;
  /** For the time of a command of a person's own. */
  allowFiles(allowed: boolean): Promise<void>;
  /** There is no target any more. */
  forget(): void;
  /** Of an error that GDB told: the stub's end where that is behind it; null: the error is what it is. */
  explain(error: unknown): Promise<unknown> | null;
  /** Why there is nothing to talk to any more. */
  readonly lost: HawserError | null;
  /** GDB has ended. */
  dispose(): Promise<void>;
}
