import type { HawserError } from '../../../transports/errors/error.ts';
import type { Transfer } from '../../protocol/session.ts';
import type { BreakpointInfo } from './breakpoints.ts';

export interface LaunchOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface AttachOptions {
  readonly pid: number;
}

export interface CoreOptions {
  readonly core: string;
  /** Found by the core itself when left out. */
  readonly program?: string;
}

/** Processes that a target makes, which its back end holds until the target is resumed, and another is to have. */
export interface ChildAccess {
  /** SIGSTOP: it stands when it is let go. */
  stop(pid: number): Promise<void>;
  /** Resolves when nobody traces it any more, and it stands. Rejects ATTACH_REFUSED where that does not come. */
  stands(pid: number): Promise<void>;
  /** It could not be taken: nobody is to find it standing. Rejects nothing. */
  release(pid: number): Promise<void>;
  /**
   * One made by vfork, which stands: lets it run until it is a program of its own, and stand there. False: it came to an end.
   * `signal` gives it up; it runs on then. Left out where that cannot be.
   */
  runToExec?(pid: number, signal: AbortSignal): Promise<boolean>;
}

/** What this back end can do with this target; false with the reason a user should see. */
export interface Capabilities {
  readonly python: true | string;
  readonly run: true | string;
  readonly hardwareBreakpoints: true | string;
  /** How many of them the CPU takes at once; left out where that is not known. */
  readonly hardwareSlots?: number;
  readonly input: true | string;
}

export type BackendEvent =
  | { readonly type: 'moduleLoaded'; readonly path: string; readonly start: bigint; readonly end: bigint }
  | { readonly type: 'moduleUnloaded'; readonly path: string }
  | { readonly type: 'threadCreated'; readonly thread: number }
  | { readonly type: 'threadExited'; readonly thread: number }
  | { readonly type: 'running' }
  /** What the program wrote to its terminal. */
  | { readonly type: 'output'; readonly text: string }
  /** What GDB has to say that is worth showing: warnings about symbols, a stub's console output. */
  | { readonly type: 'message'; readonly text: string; readonly kind: 'warning' | 'stub' | 'log' }
  | { readonly type: 'breakpointChanged'; readonly breakpoint: BreakpointInfo }
  /** A file is fetched from the target's machine or a debuginfod server. */
  | { readonly type: 'transfer'; readonly transfer: Transfer }
  /** Symbols of these modules (WinDbg's names) have come, after the stop that was told without them. */
  | { readonly type: 'symbolsLoaded'; readonly modules: readonly string[] }
  /** The way to the target ended for good: STUB_DIED, LINK_LOST, SERVER_ENDED. There is no target any more. */
  | { readonly type: 'stubEnded'; readonly error: HawserError }
  /** GDB itself ended without being asked to. */
  | { readonly type: 'died'; readonly text: string };
