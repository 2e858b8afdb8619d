/**
 * The one contract between the main process and the renderer: channels, their arguments (zod, checked by
 * the main process on every call) and results. The preload exposes exactly these; `window.hawser` is typed
 * from here. The session's own protocol (engine/protocol) goes over a MessagePort beside it.
 */
import { z } from 'zod';

z.config({ jitless: true });

/** As WireError in transports/errors: an error whole, code and data included. */
export interface IpcError {
  readonly code: string;
  readonly message: string;
  readonly action: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Outcome<T = unknown> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: IpcError };

const text = (max: number) => z.string().max(max);

export const requests = {
  'app/info': z.undefined(),
  /** The state is pushed as `state` events too. */
  'app/state': z.undefined(),
  /** Live check of a connection string as it is typed in the dialog. */
  'connection/check': z.object({ text: text(4096) }),
  'remote/connect': z.object({ connection: text(4096), password: text(128).optional() }),
  /** The servers that a machine's directory lists. A new one cancels the one before. */
  'directory/list': z.object({ machine: text(300) }),
  'directory/cancel': z.undefined(),
  'directory/machines': z.undefined(),
  /** Machines that announce themselves on the local network; none while that is turned off. */
  'directory/found': z.undefined(),
  /** Whether to look for those, and to be one. */
  'directory/announce': z.object({ on: z.boolean() }),
  /** Cancels a connect, a launch, an attach under way. */
  'start/cancel': z.undefined(),
  'executable/open': z.object({ program: text(4096), args: text(32768), cwd: text(4096).optional() }),
  'process/attach': z.object({ pid: z.number().int().positive(), noninvasive: z.boolean() }),
  'core/open': z.object({ core: text(4096), program: text(4096).optional() }),
  /** The system's dialog to choose a file or folder; null when cancelled. */
  'dialog/chooseFile': z.object({ title: text(200), kind: z.enum(['file', 'folder']) }),
  /** Stop Debugging. */
  'session/stop': z.object({ how: z.enum(['leave', 'detach', 'kill']) }),
  'session/reconnect': z.undefined(),
  /** After a lost link: back to dormant. */
  'session/giveUp': z.undefined(),
  'recent/list': z.undefined(),
  'recent/clear': z.undefined(),
  'history/load': z.undefined(),
  'history/append': z.object({ command: text(65536) }),
  'clipboard/write': z.object({ text: text(64 * 1024 * 1024) }),
  /** The renderer is ready for the port of the session that runs already (after a start or a reload). */
  'session/wantPort': z.undefined(),
  /** A dialog of the renderer is open: the menu greys what must not happen meanwhile. */
  'ui/modal': z.object({ open: z.boolean() }),
} as const;

export type RequestName = keyof typeof requests;
export type RequestArgs<N extends RequestName> = z.infer<(typeof requests)[N]>;

export interface AppInfo {
  readonly version: string;
  readonly host: string;
  readonly user: string;
  readonly platform: string;
}

/** What the window shows; the main process alone decides it. */
export type GuiState =
  /** No session: only now can one connect, open or launch. `notice`: how the last one ended. */
  | {
      readonly mode: 'dormant';
      readonly notice: string | null;
      readonly error: IpcError | null;
      /**
       * The command line asked for this connection and `error` came of it: the connect dialog opens with
       * both. With `PASSWORD_NEEDED` it only asks for the password. Has none in it.
       */
      readonly connect?: string;
    }
  | { readonly mode: 'starting'; readonly what: string }
  | {
      readonly mode: 'session';
      readonly kind: 'local' | 'remote';
      /** Never with a password. */
      readonly connection: string | null;
      readonly title: string;
    }
  /** The link to a remote session was lost; its text stays readable. */
  | {
      readonly mode: 'linkLost';
      readonly connection: string;
      readonly error: IpcError;
      readonly reconnecting: boolean;
      /** Milliseconds until it is tried again by itself, from when this state came; null: only when asked to. */
      readonly retryIn: number | null;
    };

export interface ConnectionCheck {
  /** Null: nothing wrong. */
  readonly error: IpcError | null;
  /** Where in the text the offending word stands. */
  readonly offset: number;
  readonly length: number;
  /** Whether the string has a `password=` of its own (other than `*`). */
  readonly hasPassword: boolean;
  /** Whether it says `password=*`: the password is to be typed over the asterisk, or beside. */
  readonly asksPassword: boolean;
}

export interface KnownMachines {
  /** Asked before, the last one first. */
  readonly asked: readonly string[];
  /** Whether machines announce themselves; see `directory/announce`. */
  readonly announced: boolean;
}

export interface FoundMachine {
  /** What it calls itself. */
  readonly name: string;
  /** What reaches it from here: that name, or its address. */
  readonly machine: string;
}

export type ServerKind = 'debugger' | 'process' | 'kd' | 'remote';

/** A server of a machine, as the list of the browse dialog shows it. */
export interface BrowsedServer {
  readonly kind: ServerKind;
  /** As listings show it. */
  readonly connection: string;
  /** What reaches it from here; ends in `Password=*` where a password is needed. */
  readonly connect: string;
  readonly user: string;
  readonly program: string;
  /** Milliseconds since the epoch, on the clock of the server's machine. */
  readonly started: number;
  /** False: what a killed process left behind, or one that does not react. */
  readonly answering: boolean;
}

export interface RecentEntry {
  readonly kind: 'remote' | 'executable' | 'core';
  /** What is shown and used; never with a password. */
  readonly text: string;
  /** For `executable`. */
  readonly args: string;
  readonly lastUsed: number;
}

/** Results by channel; every request answers with an Outcome of it. */
export interface RequestResults {
  'app/info': AppInfo;
  'app/state': GuiState;
  'connection/check': ConnectionCheck;
  'remote/connect': null;
  'directory/list': readonly BrowsedServer[];
  'directory/cancel': null;
  'directory/machines': KnownMachines;
  'directory/found': readonly FoundMachine[];
  'directory/announce': null;
  'start/cancel': null;
  'executable/open': null;
  'process/attach': null;
  'core/open': null;
  'dialog/chooseFile': string | null;
  'session/stop': null;
  'session/reconnect': null;
  'session/giveUp': null;
  'recent/list': readonly RecentEntry[];
  'recent/clear': null;
  'history/load': readonly string[];
  'history/append': null;
  'clipboard/write': null;
  'session/wantPort': null;
  'ui/modal': null;
}

/** Menu entries that the renderer carries out; those that only talk to the session the main process does itself. */
export type MenuCommand =
  | 'connectRemote'
  | 'openExecutable'
  | 'attachProcess'
  | 'openCore'
  | 'shareSession'
  | 'stopDebugging'
  | 'find'
  | 'findNext'
  | 'copyAll'
  | 'clearCommandWindow'
  | 'focusCommand'
  | 'servers'
  | 'clients'
  | 'commandHelp'
  | 'about';

/** Main to renderer. */
export interface PushEvents {
  state: GuiState;
  menu: { readonly command: MenuCommand };
}

export type PushName = keyof PushEvents;

/** What the preload puts on `window`. */
export interface HawserApi {
  invoke<N extends RequestName>(name: N, args: RequestArgs<N>): Promise<Outcome<RequestResults[N]>>;
  on<N extends PushName>(name: N, listener: (event: PushEvents[N]) => void): () => void;
}

export { SESSION_PORT_MESSAGE } from './channels.ts';
