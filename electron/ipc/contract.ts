/**
 * The one contract between the main process and the renderer: channels, their arguments (zod, checked by
 * the main process on every call) and results. The preload exposes exactly these; `window.hawser` is typed
 * from here. The session's own protocol (engine/protocol) goes over a MessagePort beside it.
 */
import { z } from 'zod';
import type { ListedAction, PageAction } from './actions.ts';
import { type HostedPushes, type HostedResults, hostedRequests, viewRequests } from './hosted.ts';
import type { IpcError, Outcome } from './outcome.ts';
import { type Look, preferenceChange, type SettingProblem, type SettingsState } from './settings.ts';
import { type Layouts, layoutKind, layoutText } from './windows.ts';
import { workspaceContent } from './workspace.ts';

z.config({ jitless: true });

/** Whose dialog a connection string belongs into. */
export type ConnectTo = 'session' | 'stub' | 'kernel';

const text = (max: number) => z.string().max(max);

/** Whose processes and files: of the machine this program runs on, or of the stub it is connected to. */
const where = z.enum(['local', 'stub']);
const plain = (max: number) => text(max).refine((value) => !value.includes('\0'), 'it has a NUL in it');
const path = plain(4096);
const variableName = plain(256).refine((name) => name !== '' && !name.includes('='), 'it is no name');
const variables = z
  .record(variableName, plain(32768))
  .refine((env) => Object.keys(env).length <= 500, 'there are too many variables');

export const requests = {
  'app/info': z.undefined(),
  /** The licences of all that is in the program, as text. */
  'app/licences': z.undefined(),
  /** The state is pushed as `state` events too. */
  'app/state': z.undefined(),
  /** Live check of a connection string as it is typed in the dialog. */
  'connection/check': z.object({ text: text(4096), to: z.enum(['session', 'stub', 'kernel']) }),
  'remote/connect': z.object({ connection: text(4096), password: text(128).optional() }),
  /** Connect to Remote Stub: a process server, or a bare stub; one that has a process goes straight into a session. */
  'stub/connect': z.object({ connection: text(4096), password: text(128).optional() }),
  /** Kernel Debug: by the wire that `-k` would name. `image`, `symbols`: the kernel's file, and folders of symbols, of this machine. */
  'kernel/connect': z.object({
    wire: text(4096),
    password: text(128).optional(),
    image: path.optional(),
    symbols: text(4096).optional(),
  }),
  /** Wires that a machine seems to have: this one (null), or that of a KD connection server. */
  'kernel/wires': z.object({ server: text(4096).nullable(), password: text(128).optional() }),
  /** Back to dormant; also out of a session whose stub cannot be reached. What is debugged is let go. */
  'stub/disconnect': z.undefined(),
  /** What is known already of the machine's processes: costs no round trip. */
  'process/known': z.object({ machine: where }),
  'process/list': z.object({ machine: where }),
  'folder/known': z.object({ machine: where, path }),
  /** '' is the home folder. */
  'folder/list': z.object({ machine: where, path }),
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
  'executable/open': z.object({
    machine: where,
    program: path,
    args: text(32768),
    cwd: path.optional(),
    env: variables.optional(),
  }),
  'process/attach': z.object({
    machine: where,
    pid: z.number().int().positive().max(0x7fff_ffff),
    noninvasive: z.boolean(),
  }),
  'core/open': z.object({ core: text(4096), program: text(4096).optional() }),
  /** The system's dialog to choose a file or folder; null when cancelled. */
  'dialog/chooseFile': z.object({ title: text(200), kind: z.enum(['file', 'folder']) }),
  /** Stop Debugging. `remember`: later stops through the same connection do not ask. */
  'session/stop': z.object({ how: z.enum(['leave', 'detach', 'kill']), remember: z.boolean() }),
  /** Stop Debugging asks again. */
  'session/askEnding': z.undefined(),
  'session/reconnect': z.undefined(),
  /** After a lost link: back to dormant. */
  'session/giveUp': z.undefined(),
  'recent/list': z.undefined(),
  'recent/clear': z.undefined(),
  /** As its menu entry does: by its place in the list, from 0. */
  'recent/open': z.object({ index: z.number().int().min(0).max(100) }),
  'history/load': z.undefined(),
  'history/append': z.object({ command: text(65536) }),
  /** How the windows were left, for each kind of session. */
  /** With what was saved of the same target before; its commands once in a session. */
  'workspace/load': z.undefined(),
  'workspace/save': workspaceContent,
  'workspace/clear': z.undefined(),
  'layout/save': z.object({ kind: layoutKind, layout: layoutText }),
  'settings/load': z.undefined(),
  'settings/set': preferenceChange,
  'settings/reset': z.undefined(),
  /** By the system's dialogs; null: cancelled. */
  'settings/import': z.undefined(),
  'settings/export': z.undefined(),
  /** `.wtitle`: the window's own title until another session; '' for the program's again. */
  'window/title': z.object({ title: text(200) }),
  /** Into a file that the system's dialog asks for; null: cancelled. */
  'file/saveText': z.object({ title: text(200), name: text(200), text: text(64 * 1024 * 1024) }),
  'clipboard/write': z.object({ text: text(64 * 1024 * 1024) }),
  /** The renderer is ready for the port of the session that runs already (after a start or a reload). */
  'session/wantPort': z.undefined(),
  /** Every action, with its keys and whether it could be used if no dialog were open. */
  'actions/list': z.undefined(),
  /** From the command palette or the toolbar. */
  'actions/run': z.object({ id: text(60) }),
  /** While it is on, keys do nothing and are told by `recorded`. */
  'actions/record': z.object({ on: z.boolean() }),
  /** A dialog of the renderer is open: the menu greys what must not happen meanwhile. */
  'ui/modal': z.object({ open: z.boolean() }),
  /** The window of hosted sessions. */
  'hosted/show': z.undefined(),
  ...hostedRequests,
  ...viewRequests,
} as const;

export type RequestName = keyof typeof requests;
export type RequestArgs<N extends RequestName> = z.infer<(typeof requests)[N]>;

export interface AppInfo {
  readonly version: string;
  readonly host: string;
  readonly user: string;
  readonly platform: string;
  /** What carries it: Electron's version, and those of Chromium and Node in it. */
  readonly carrier: string;
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
      readonly connect?: { readonly to: ConnectTo; readonly text: string };
      readonly ending: Ending | null;
    }
  /** `stub`: through which it is started. */
  | { readonly mode: 'starting'; readonly what: string; readonly stub: StubFacts | null }
  /** Connected to a stub, nothing attached. `notice`, `error`: what became of the last session through it. */
  | {
      readonly mode: 'stub';
      readonly stub: StubFacts;
      readonly notice: string | null;
      readonly error: IpcError | null;
      readonly ending: Ending | null;
    }
  | {
      readonly mode: 'session';
      readonly kind: 'local' | 'remote';
      /** Of a remote session. Never with a password. */
      readonly connection: string | null;
      readonly title: string;
      /** Of a session of this program whose target is reached through a stub. */
      readonly stub: StubFacts | null;
      readonly ending: Ending | null;
      /** What opens it from a command line. */
      readonly commandLine?: string;
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

/** What Stop Debugging does without asking: it was asked once, and told to remember. */
export type Ending = 'detach' | 'kill';

/** The stub that the window is connected to. */
export interface StubFacts {
  readonly kind: 'processServer' | 'bare';
  /** Never with a password. */
  readonly connection: string;
  readonly machine: string;
  /** True, or why not. */
  readonly attach: true | string;
  readonly launch: true | string;
  /** It stands in front of a kernel: the KD connection server that holds its wire, null: this machine does. Left out: no kernel. */
  readonly kernel?: { readonly server: string | null };
  readonly link: StubLink;
}

export type StubLink =
  | { readonly state: 'up' }
  /** Tried again until `until`; both in milliseconds since the epoch. What is debugged stays as it is. */
  | { readonly state: 'lost'; readonly error: IpcError; readonly since: number; readonly until: number }
  /** For good: a session through it can still be read. */
  | { readonly state: 'ended' };

/** A process of a machine, as the list of the attach dialog shows it. */
export interface ListedProcess {
  readonly pid: number;
  readonly name: string;
  readonly user: string;
  /** Empty where it may not be seen, as `architecture` is. */
  readonly commandLine: string;
  readonly architecture: string;
  /** Milliseconds since the epoch, on that machine's clock; 0 where not known. */
  readonly started: number;
  /** Why one cannot attach to it, as a sentence without its full stop; null: nothing that can be seen. */
  readonly obstacle: string | null;
}

export interface ProcessList {
  readonly processes: readonly ListedProcess[];
  /** When it was taken: milliseconds since the epoch, on this machine's clock. */
  readonly taken: number;
}

export interface Folder {
  /** Absolute. */
  readonly path: string;
  /** Null at the root. */
  readonly parent: string | null;
  /** Folders first. */
  readonly entries: readonly FolderItem[];
  /** There were more than are listed. */
  readonly more: boolean;
}

export interface FolderItem {
  readonly name: string;
  readonly kind: 'folder' | 'program' | 'file' | 'other';
  /** Bytes; 0 for folders. */
  readonly size: number;
}

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

/** Something that a wire to a kernel may lead through. */
export interface WireOffer {
  /** As `-k` and `trans=` name it. */
  readonly trans: string;
  readonly title: string;
  /** In words, who uses it; null: nobody that is known of. */
  readonly takenBy: string | null;
}

export interface MachineWires {
  readonly machine: string;
  readonly wires: readonly WireOffer[];
}

export interface LoadedWorkspace {
  readonly layouts: Layouts;
  /** Null: they stay as they are. */
  readonly watch: readonly string[] | null;
  /** To be run now. */
  readonly commands: readonly string[];
}

export interface RecentEntry {
  readonly kind: 'remote' | 'stub' | 'kernel' | 'executable' | 'core';
  /** What is shown and used; never with a password. */
  readonly text: string;
  /** For `executable`. */
  readonly args: string;
  readonly lastUsed: number;
}

/** Results by channel; every request answers with an Outcome of it. */
export interface RequestResults extends HostedResults {
  'app/info': AppInfo;
  'app/licences': string;
  'app/state': GuiState;
  'connection/check': ConnectionCheck;
  'remote/connect': null;
  'stub/connect': null;
  'kernel/connect': null;
  'kernel/wires': MachineWires;
  'stub/disconnect': null;
  'process/known': ProcessList | null;
  'process/list': ProcessList;
  'folder/known': Folder | null;
  'folder/list': Folder;
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
  'session/askEnding': null;
  'session/reconnect': null;
  'session/giveUp': null;
  'recent/list': readonly RecentEntry[];
  'recent/clear': null;
  'recent/open': null;
  'history/load': readonly string[];
  'history/append': null;
  'workspace/load': LoadedWorkspace;
  'workspace/save': { readonly name: string };
  'workspace/clear': { readonly name: string; readonly there: boolean };
  'layout/save': null;
  'settings/load': SettingsState;
  'settings/set': SettingsState;
  'settings/reset': SettingsState;
  'settings/import': { readonly file: string; readonly problems: readonly SettingProblem[] } | null;
  'settings/export': { readonly file: string } | null;
  'window/title': null;
  'file/saveText': { readonly file: string } | null;
  'clipboard/write': null;
  'session/wantPort': null;
  'actions/list': readonly ListedAction[];
  'actions/run': null;
  'actions/record': null;
  'ui/modal': null;
  'hosted/show': null;
}

/** Main to renderer. */
export interface PushEvents extends HostedPushes {
  state: GuiState;
  /** Once as soon as somebody listens, and at every change. */
  look: Look;
  settings: SettingsState;
  /** The page carries it out. */
  action: { readonly id: PageAction };
  /** A question of the main process. */
  ask: { readonly what: 'stop' };
  /** What was pressed, while shortcuts are recorded, and why it can be none; ''. */
  recorded: { readonly keys: string; readonly why: string };
}

export type PushName = keyof PushEvents;

/** What the preload puts on `window`. */
export interface HawserApi {
  invoke<N extends RequestName>(name: N, args: RequestArgs<N>): Promise<Outcome<RequestResults[N]>>;
  on<N extends PushName>(name: N, listener: (event: PushEvents[N]) => void): () => void;
}

export type { ActionId, ListedAction, PageAction } from './actions.ts';
export { SESSION_PORT_MESSAGE } from './channels.ts';
export type { IpcError, Outcome } from './outcome.ts';
export type {
  Look,
  PreferenceChange,
  Preferences,
  SettingProblem,
  SettingsState,
  Theme,
} from './settings.ts';
export type { LayoutKind, Layouts, WindowId } from './windows.ts';
