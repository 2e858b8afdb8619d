import type { Backend } from '../backend/backend.ts';
import type {
  ClientInfo,
  OutputKind,
  OutputLink,
  Role,
  ServerInfo,
  TargetState,
  Transfer,
} from '../protocol/session.ts';
import type { ViewQuery, ViewsResult } from '../protocol/views.ts';
import type { Stub } from '../stub/stub.ts';
import type { Completion } from './completion/items.ts';

/** Who gave a command, as far as commands care. */
export interface Caller {
  /** Null: the session itself (start-up commands, breakpoint commands). */
  readonly client: Pick<ClientInfo, 'id' | 'host' | 'user' | 'via'> | null;
  readonly role: Role;
  /** The front that owns the session (its own console or GUI), as against a remote client. */
  readonly local: boolean;
}

/** Start-up commands, breakpoints' commands. */
export const SESSION_ITSELF: Caller = { client: null, role: 'owner', local: true };

/**
 * What the command language needs from the session around it. The session implements it; the language
 * knows nothing of clients' connections or of the log. Its functions are usable apart from it.
 */
export interface CommandHost {
  /** Hawser's own. */
  readonly version: string;
  /** `links`: parts of the text that run commands; fronts without a mouse show the text alone. */
  output(kind: OutputKind, text: string, links?: readonly OutputLink[]): void;
  /** The language's state changed (prompt, thread, run state): tell the fronts. */
  stateChanged(): void;
  breakpointsChanged(): void;
  modulesChanged(): void;
  threadsChanged(): void;
  transfer(transfer: Transfer): void;

  startServer(connection: string): Promise<ServerInfo>;
  /** A process server or a bare stub, by its connection string; whoever asks closes it. */
  connectStub(connection: string, signal: AbortSignal): Promise<Stub>;
  servers(): readonly ServerInfo[];
  /** False: no such server. */
  endServer(id: number): boolean;
  /** `.secure 1` has been given. */
  secureBegan?(): void;
  clients(): readonly ClientInfo[];
  /** False: no such client, or it is the owner. */
  setRole(id: number, role: 'controller' | 'viewer'): boolean;
  /** Ends a client's connection. False: no such client, or it is the owner. */
  removeClient(id: number): boolean;
  /** Commands waiting. */
  queued(): number;
  /** Work of the session itself, when its turn comes among the commands. */
  inTurn(work: () => Promise<void>): void;

  /** Ends the session for everybody after the command has finished. */
  endSession(end: TargetEnd): void;
}

/**
 * What becomes of targets when the session ends. kill, detach: of all. quit: what `q` means: they are killed, but for those with
 * `-pd` and for processes that were attached to through a stub. unsaid: as quit, but nothing that was attached to is killed.
 */
export type TargetEnd = 'kill' | 'detach' | 'quit' | 'unsaid';

/** What a command line comes to. */
export interface CommandOutcome {
  readonly ok: boolean;
  /** The sender's front should leave (`.remote_exit`). */
  readonly leave?: boolean;
}

export interface StartOptions {
  /** `-g`: go at the initial breakpoint. */
  readonly ignoreInitialBreak: boolean;
  /** `-G`: do not stop when the program exits. */
  readonly ignoreFinalBreak: boolean;
  readonly symbolPath: readonly string[];
  readonly sourcePath: readonly string[];
  /** `-c`. */
  readonly commands: string;
  /** `-xe` and its like: commands for before there is a target. */
  readonly early?: readonly string[];
  /** `-cfr`: for after each .restart. */
  readonly restartCommands?: string;
  /** `-pd`: the target is left running, not killed, when the session ends. */
  readonly detachAtEnd: boolean;
  /** `-bonc`: break in once the session has begun. */
  readonly breakOnConnect: boolean;
}

/**
 * The command language and the state it works on: targets, current thread and frame, breakpoints, paths.
 * One a session; the session calls `execute` for one command line at a time.
 */
export interface DebuggerLanguage {
  readonly state: TargetState;
  readonly backend: Backend | null;
  /** Secure mode, once set for good. */
  readonly secure: boolean;
  /** Opens the target; shows what WinDbg shows at the initial break. @throws HawserError when it cannot be opened. */
  start(target: TargetSpec, options: StartOptions): Promise<CommandOutcome>;
  /** What a line comes to: ENTER on an empty one repeats the caller's last. */
  expand(line: string, caller: Caller): string;
  /** Whether a line need not wait for its turn while the target runs (`.input`). */
  goesWhileRunning(line: string): boolean;
  /** Runs one command line; errors go to the output as text with a caret and give `ok: false`. */
  execute(line: string, caller: Caller): Promise<CommandOutcome>;
  /** What windows show; `stale`: whether to leave the rest, since a command waits. */
  views(queries: readonly ViewQuery[], caller: Caller, stale: () => boolean): Promise<ViewsResult>;
  /** Past the queue: stops the running target, or cancels the command at work. */
  breakIn(): Promise<void>;
  /** @throws HawserError `NO_TARGET`, or `UNSUPPORTED` with the reason */
  input(text: string): void;
  /** Never rejects. */
  complete(text: string, caret: number): Promise<Completion>;
  /**
   * Takes a copy of everything that the Command window shows, for the file of `.logopen`: the session calls
   * it with prompts and commands, with the language's own output and with its announcements, in order.
   */
  logSink(text: string): void;
  /** Gives up a transfer, by the number that `CommandHost.transfer` told; any number is taken. */
  cancelTransfer(id: number): void;
  /** Whether a live target is left running by such an end. */
  leavesRunning(end: TargetEnd): boolean;
  /** Ends targets, back ends and links. One attached to for looking only (`-pv`) is let go whatever is asked for. */
  dispose(end: TargetEnd): Promise<void>;
}

export type TargetSpec =
  | {
      readonly kind: 'launch';
      readonly program: string;
      readonly args: readonly string[];
      readonly cwd?: string;
      /** Beside what the debugger, or the process server, has itself. */
      readonly env?: Readonly<Record<string, string>>;
      /** Through which it is reached; this machine's own where left out. */
      readonly stub?: Stub;
    }
  | {
      readonly kind: 'attach';
      readonly pid: number;
      /** `-pv`: look only, never run it. */
      readonly noninvasive: boolean;
      /** `-pb`: no initial break. */
      readonly noBreak: boolean;
      /** It was made by a process that is debugged (`.childdbg`). */
      readonly child?: true;
      readonly stub?: Stub;
    }
  /** The process that a bare stub has already. */
  | {
      readonly kind: 'stub';
      readonly stub: Stub;
      /** Path, on the engine's machine, of the program that runs there: for stubs that do not tell it. */
      readonly image?: string;
    }
  | { readonly kind: 'core'; readonly core: string; readonly program?: string };
