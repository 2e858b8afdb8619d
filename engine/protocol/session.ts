/**
 * The contract between a session and its fronts: the GUI's windows, the console, remote clients. It is
 * JSON-RPC 2.0; `docs/protocol.md` says how it lies on the wire. Types only: no Node, no DOM.
 *
 * Addresses travel as strings of lower-case hexadecimal digits with `0x` (JSON has no 64-bit integers).
 */

import type { ViewsParams, ViewsResult } from './views.ts';

/** Bumped when a peer of the previous version could misunderstand; both are named when they differ. */
export const PROTOCOL_VERSION = 1;

export type Role = 'owner' | 'controller' | 'viewer';

/** Somebody connected to the session. */
export interface ClientInfo {
  /** Unique in the session, counted from 1, never used again. */
  readonly id: number;
  readonly host: string;
  readonly user: string;
  /** How it came: `tcp 192.0.2.5:50001`; `local` for the front that owns the session. */
  readonly via: string;
  readonly role: Role;
  /** Milliseconds since the epoch, the server's clock. */
  readonly lastActive: number;
  readonly connectedAt: number;
  /** Its link was lost, and it may still come back. */
  readonly away?: true;
}

export interface ServerInfo {
  readonly id: number;
  /** What a client types after `-remote`, password as `*`: `tcp:Port=5005,Server=host`. */
  readonly connection: string;
  /** As `.servers` shows it: `tcp:Port=5005,Password=*`. */
  readonly listing: string;
  readonly state: 'listening' | 'ending';
}

/**
 * noTarget: nothing to debug (any more); stopped: commands can look; running: the target runs;
 * busy: a command is at work while the target is stopped.
 */
export type RunState = 'noTarget' | 'stopped' | 'running' | 'busy';

export interface TargetState {
  readonly run: RunState;
  /** `0:000> ` when stopped; `*BUSY* ` when not. */
  readonly prompt: string;
  readonly process: { readonly index: number; readonly pid: number; readonly name: string } | null;
  readonly thread: { readonly index: number; readonly tid: number; readonly name: string } | null;
  /** `live`: launched or attached; `core`: a dump, which cannot run. */
  readonly kind: 'none' | 'live' | 'core';
  /** A kernel, also one that is waited for: its threads are processors. Left out: a process. */
  readonly kernel?: true;
  /** Name of the machine that the target runs on; '' without a target, and for core files. */
  readonly machine: string;
  /** In words, for status bars and titles: `./list-sum 4 (pid 1234)`. */
  readonly description: string;
  /** What a command is at that has shown nothing for half a second: `x *!*: 1.0 s so far`. Left out: nothing to say. */
  readonly progress?: string;
  /** Commands waiting in the queue. */
  readonly queued: number;
}

export type OutputKind =
  | 'normal'
  | 'error'
  | 'warning'
  | 'verbose'
  /** Registers and the instruction shown at a stop. */
  | 'prompt-registers'
  /** What the program being debugged wrote, apart from the debugger's own text. */
  | 'debuggee'
  | 'debuggee-input'
  /** Announcements of the session itself: who joined, servers, the link. */
  | 'session';

/** A part of an output's text that runs a command when it is clicked. Fronts that show text only leave it out. */
export interface OutputLink {
  /** Offsets within the event's text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** One line, as it could be typed. */
  readonly command: string;
  /**
   * Of a link that a person has written (`.printf /D`): that client's id, 0 for the session itself. Another one's front does not run
   * it at a click, but puts it into the command line to be looked at. Left out: the debugger's own.
   */
  readonly author?: number;
}

export type SessionEvent =
  | {
      readonly type: 'output';
      readonly kind: OutputKind;
      readonly text: string;
      readonly links?: readonly OutputLink[];
    }
  /** A command begins; `client` null: given by the session itself (start-up, breakpoints). */
  | {
      readonly type: 'command';
      /** What runs: of an empty line what it repeats. */
      readonly text: string;
      readonly prompt: string;
      readonly client: Pick<ClientInfo, 'id' | 'host' | 'user' | 'via'> | null;
      /** What its sender called it, so that a front knows its own. */
      readonly commandId: string;
    }
  | { readonly type: 'commandDone'; readonly commandId: string; readonly ok: boolean }
  | { readonly type: 'state'; readonly state: TargetState }
  | { readonly type: 'clientJoined'; readonly client: ClientInfo }
  | {
      readonly type: 'clientLeft';
      readonly client: ClientInfo;
      readonly reason: 'left' | 'linkLost' | 'removed';
    }
  /** Its link was lost; until then (milliseconds since the epoch, the server's clock) it may come back. */
  | { readonly type: 'clientAway'; readonly client: ClientInfo; readonly until: number }
  | { readonly type: 'clientBack'; readonly client: ClientInfo }
  /** The owner gave it another role. */
  | { readonly type: 'clientChanged'; readonly client: ClientInfo }
  | { readonly type: 'serverStarted'; readonly server: ServerInfo }
  | { readonly type: 'serverEnded'; readonly server: ServerInfo }
  | { readonly type: 'breakpointsChanged' }
  | { readonly type: 'modulesChanged' }
  | { readonly type: 'threadsChanged' }
  /** A file on its way from elsewhere; commands go on meanwhile. At most four a second of each. */
  | { readonly type: 'transfer'; readonly transfer: Transfer }
  /** Events `from`..`to` had to go from the log before this client read them. */
  | { readonly type: 'dropped'; readonly from: number; readonly to: number }
  | { readonly type: 'ended'; readonly reason: SessionEndReason; readonly text: string };

/** A file that is fetched, as a rule from the target's machine: an image with its symbols. */
export interface Transfer {
  /** Unique in the session, counted from 1. */
  readonly id: number;
  /** `libc.so.6 from birch`. */
  readonly what: string;
  /** Bytes so far; `total` null where it is not known. */
  readonly done: number;
  readonly total: number | null;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Why it failed, in words. */
  readonly error?: string;
}

/** Four different things, plus the wishes of people: see "What must never happen". */
export type SessionEndReason = 'quit' | 'quitDetached' | 'engineDied' | 'stubDied' | 'serverEnded';

/** An event and its number in the session's log; numbers start at 1 and have no gaps. */
export interface NumberedEvent {
  readonly seq: number;
  /** Milliseconds since the epoch, the server's clock. */
  readonly time: number;
  readonly event: SessionEvent;
}

export interface AttachParams {
  /** Deliver events after this number; 0 for all that the log still has. */
  readonly after: number;
  /**
   * How many bytes of events the server may send ahead of {@link AckParams}; it caps them. This is what
   * bounds memory on every hop, whatever carries the messages.
   */
  readonly window: number;
}

export interface AttachResult {
  readonly sessionId: string;
  readonly you: ClientInfo;
  /**
   * Given in the hello of a new connection after the link was lost, it brings the client back to what it
   * was: the same id and role, and a command sent again with its `commandId` is not run again.
   */
  readonly resumeToken: string;
  readonly state: TargetState;
  readonly clients: readonly ClientInfo[];
  readonly servers: readonly ServerInfo[];
  /** Number of the newest event. */
  readonly head: number;
  /** What the session runs on, for titles: `HOST`. */
  readonly host: string;
  readonly version: string;
}

export interface EventsParams {
  readonly events: readonly NumberedEvent[];
}

export interface AckParams {
  /** Everything up to this number has been taken in. */
  readonly seq: number;
}

export interface ExecuteParams {
  readonly command: string;
  /** Chosen by the sender, unique to it. */
  readonly commandId: string;
}

export interface ExecuteResult {
  /** False when a command in the line failed; the error went to the output already. */
  readonly ok: boolean;
  /**
   * What the sender's front should do after it: a client that typed `.remote_exit` leaves; after `qq` the
   * session's `ended` event follows.
   */
  readonly leave?: boolean;
}

export interface CompleteParams {
  readonly text: string;
  /** Offset of the caret in `text`. */
  readonly caret: number;
}

export interface CompleteResult {
  /** Offset at which the items would be put. */
  readonly from: number;
  readonly items: readonly { readonly text: string; readonly detail: string }[];
}

export interface StartServerParams {
  readonly connection: string;
  /** Instead of `password=` in the string. */
  readonly password?: string;
}

/** The requests: method, parameters, result. A viewer may call only those marked in `viewerMethods`. */
export interface SessionRequests {
  'session/attach': { params: AttachParams; result: AttachResult };
  /** Queued; answered when the command has finished (a `g` when the target stopped). */
  'session/execute': { params: ExecuteParams; result: ExecuteResult };
  /** Past the queue: stops a running target, else cancels the command at work. */
  'session/breakIn': { params: Record<string, never>; result: { readonly was: RunState } };
  /** Text for the target's standard input, as typed: `line\n`. */
  'session/input': { params: { readonly text: string }; result: Record<string, never> };
  /** What windows show; it waits for the command at work, and gives way to those that come. */
  'session/views': { params: ViewsParams; result: ViewsResult };
  'session/complete': { params: CompleteParams; result: CompleteResult };
  'session/clients': { params: Record<string, never>; result: { readonly clients: readonly ClientInfo[] } };
  'session/servers': { params: Record<string, never>; result: { readonly servers: readonly ServerInfo[] } };
  'session/startServer': { params: StartServerParams; result: { readonly server: ServerInfo } };
  'session/endServer': { params: { readonly id: number }; result: Record<string, never> };
  /** Removes a client; for the owner. */
  'session/removeClient': { params: { readonly id: number }; result: Record<string, never> };
  /** For the owner. */
  'session/setRole': {
    params: { readonly id: number; readonly role: 'controller' | 'viewer' };
    result: Record<string, never>;
  };
  /** Gives up fetching a file; what is missing stays missing. */
  'session/cancelTransfer': { params: { readonly id: number }; result: Record<string, never> };
  'session/leave': { params: Record<string, never>; result: Record<string, never> };
  /** Ends the session for everybody: `kill` the target or `detach` from it. */
  'session/end': { params: { readonly target: 'kill' | 'detach' }; result: Record<string, never> };
  'session/ping': { params: Record<string, never>; result: Record<string, never> };
}

export const viewerMethods = [
  'session/attach',
  'session/clients',
  'session/servers',
  'session/leave',
  'session/ping',
  'session/views',
] as const satisfies readonly (keyof SessionRequests)[];

/** Client to session. */
export interface ClientNotifications {
  'session/ack': AckParams;
}

/** Session to client. */
export interface SessionNotifications {
  'session/events': EventsParams;
}

export type SessionMethod = keyof SessionRequests;
