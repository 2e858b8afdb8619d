import type { Duplex } from 'node:stream';
import type { HawserError } from '../../transports/errors/error.ts';
import type { Machine } from '../machine/machine.ts';
import type { FarSteps } from './rsp/far-steps.ts';

/**
 * What Connect to Remote Stub reaches: a process server, or a bare GDB stub (`gdb:`). One link, any number of
 * debuggers over it; each is a stub's packets, which a GDB of this machine speaks through a socket.
 */
export interface Stub {
  readonly kind: 'processServer' | 'bare';
  /** The connection string without password, as it is shown. */
  readonly connection: string;
  /** Name of the machine, for titles and status bars: what it calls itself, or the host of the string. */
  readonly machineName: string;
  /** Its processes and files. */
  readonly machine: Machine;
  /** A bare stub that has a process already, which is the one to debug: there is nothing to choose. */
  readonly hasProcess: boolean;
  /** What its process server was given with `-pc`: the command line that `-cimp` takes. Null: none. */
  readonly implicitCommandLine: string | null;
  /** True, or why not: attaching to a process of its machine; starting a program there. */
  readonly attach: true | string;
  readonly launch: true | string;
  /**
   * Of the target, as `uname -m` or GDB calls it: `x86_64`, `i386:x86-64`, `aarch64`; '' where the stub does not tell.
   * Rejects nothing.
   */
  architecture(): Promise<string>;
  /** Of a wire to a kernel. */
  readonly kernel?: KernelFacts;
  readonly status: StubStatus;
  onStatus(listener: (status: StubStatus) => void): () => void;
  openDebugger(signal?: AbortSignal): Promise<StubDebugger>;
  /** Ends the server (`.endpsrv`). Rejects UNSUPPORTED where it cannot be ended from here. */
  endServer(): Promise<void>;
  /** Idempotent. What debuggers still hold is let go, not killed. */
  close(): Promise<void>;
}

export interface KernelFacts {
  /** The wire itself, as the machine that holds it has it: `com:Port=COM1,Baud=57600`. */
  readonly wire: string;
  /** The KD connection server that holds it; null: this machine does. */
  readonly server: string | null;
}

export type StubStatus =
  | { readonly state: 'up' }
  /** Connecting again by itself; targets stay as they were until `until` (milliseconds since the epoch). */
  | { readonly state: 'lost'; readonly error: HawserError; readonly until: number }
  /** For good; null: closed by this end. */
  | { readonly state: 'ended'; readonly error: HawserError | null };

/** A stub for one target: what GDB connects to. */
export interface StubDebugger {
  /** A Unix socket for `target extended-remote`; it takes one connection. */
  readonly socket: string;
  /** The terminal of programs started through it, or why there is none. */
  readonly terminal: Duplex | string;
  readonly traffic: StubTraffic;
  /**
   * The stub's end, before {@link close}: `STUB_DIED` (gdbserver itself), `LINK_LOST` (machine or network, for good),
   * `SERVER_ENDED`. Called once.
   */
  onEnded(listener: (error: HawserError) => void): () => void;
  /** What the stub says to people (gdbserver's standard error), a line at a time. */
  onMessage(listener: (line: string) => void): () => void;
  /**
   * The break-in of GDB's remote protocol (0x03), past GDB, which gives its target up when it is interrupted twice. Sent
   * only while the stub runs its target; false: it stands, if only for a moment between two steps.
   */
  breakIn?(): boolean;
  /**
   * Makes the next single step of GDB's many: the stub steps by itself until all are done or something else happens, GDB is
   * told of the last stop alone, and the registers after each are in `rows` by then. Null: none of this any more. Not used
   * for a step off the address of a breakpoint. @returns false: this stub cannot.
   */
  stepFar?(steps: FarSteps | null): boolean;
  /** Much memory of its target, past GDB; null: not all of it can be read, or not in this way. */
  readMemory?(address: bigint, length: number): Promise<Uint8Array | null>;
  /**
   * SIGSTOP to the process that it runs, for one that blocks SIGINT: GDB's own break-in (0x03) never stops that. Left out
   * where the stub's machine can only be reached through the stub itself.
   */
  stopTarget?(): Promise<void>;
  /**
   * SIGSTOP to a process that its target has made, as long as it is traced with it; `holds` false: SIGCONT to one that got
   * it. Left out where the stub's machine can only be reached through the stub itself.
   */
  holdChild?(pid: number, holds: boolean): Promise<void>;
  /** Lets go what it still holds; idempotent. */
  close(): Promise<void>;
}

/** Counted since the debugger was opened. */
export interface StubTraffic {
  /** Times that somebody had to wait for the stub: packets sent together count once. */
  readonly roundTrips: number;
  readonly packets: number;
  readonly sent: number;
  readonly received: number;
}

export interface ConnectStubOptions {
  readonly program: string;
  readonly version: string;
  readonly signal: AbortSignal;
  /** Called when the server wants a password and the string has none. */
  readonly getPassword: (signal: AbortSignal) => Promise<string>;
  readonly notice?: (text: string) => void;
  readonly backslashes?: 'strip' | 'refuse';
}
