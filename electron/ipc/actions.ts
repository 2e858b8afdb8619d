/**
 * Everything that a person can do with the program: menus, command palette, shortcuts and the toolbar's hints come from
 * this table alone.
 */
import { type WindowId, windowIds } from './windows.ts';

/** When an action can be used; what that means stands in `electron/main/actions/enablement.ts`. */
export type Condition =
  | 'always'
  /** No dialog is open. */
  | 'free'
  | 'dormant'
  | 'openProgram'
  | 'openCore'
  | 'attach'
  | 'stub'
  | 'recent'
  | 'share'
  /** There is a session, or what is left of one, to be read. */
  | 'text'
  | 'session'
  /** Commands can be given. */
  | 'commands'
  /** The target is stopped, and can run. */
  | 'run'
  | 'break'
  | 'restart'
  | 'detach'
  | 'stop';

export interface Action {
  /** As the menu shows it: `&` before its letter, `…` where a dialog comes first. */
  readonly label: string;
  /** The first one is shown in the menu. In the words of Electron's accelerators, and `Ctrl+Break`. */
  readonly keys?: readonly string[];
  /** What it runs in the session, or the form of it that a dialog fills in. */
  readonly command?: string;
  /** session: `command` is run as it stands; page: the page does it; main: the main process. */
  readonly by: 'session' | 'page' | 'main';
  readonly when: Condition;
  /** Held down it makes one step at a time, and none in store. */
  readonly step?: boolean;
}

/** As the View menu names them, and WinDbg's keys for them. */
const windows = {
  command: ['&Command', 'Alt+1'],
  watch: ['&Watch', 'Alt+2'],
  locals: ['&Locals', 'Alt+3'],
  registers: ['&Registers', 'Alt+4'],
  memory: ['&Memory', 'Alt+5'],
  stack: ['Call Stac&k', 'Alt+6'],
  disassembly: ['&Disassembly', 'Alt+7'],
  scratch: ['Scratch P&ad', 'Alt+8'],
  threads: ['&Processes and Threads', 'Alt+9'],
  source: ['&Source', 'Ctrl+Alt+S'],
  breakpoints: ['&Breakpoints', 'Alt+F9', 'Ctrl+Alt+B'],
  modules: ['M&odules', 'Ctrl+Alt+U'],
  events: ['Events and E&xceptions', 'Ctrl+Alt+E'],
  targetOutput: ['Target Output and I&nput', 'Ctrl+Alt+O'],
  history: ['Command Histor&y', 'Ctrl+Alt+H'],
} as const satisfies Record<WindowId, readonly [label: string, ...keys: string[]]>;

export const plainLabel = (label: string) => label.replace(/&(.)/g, '$1').replace(/…$/, '');

type WindowActions = Record<`window:${WindowId}` | `close:${WindowId}`, Action>;

function windowEntries(): WindowActions {
  const entries = windowIds.flatMap((id): [string, Action][] => {
    const [label, ...keys] = windows[id];
    const closes = keys[0]?.replace(/^Alt\+(\d)$/, 'Alt+Shift+$1');
    return [
      [`window:${id}`, { label, keys, by: 'page', when: 'text' }],
      [
        `close:${id}`,
        {
          label: `Close ${plainLabel(label)}`,
          ...(closes !== keys[0] && closes && { keys: [closes] }),
          by: 'page',
          when: 'text',
        },
      ],
    ];
  });
  return Object.fromEntries(entries) as WindowActions;
}

const table = {
  openExecutable: {
    label: 'Open &Executable…',
    keys: ['Ctrl+E'],
    command: 'hawser windbg PROGRAM',
    by: 'page',
    when: 'openProgram',
  },
  attachProcess: {
    label: '&Attach to a Process…',
    keys: ['F6'],
    command: 'hawser windbg -p PID',
    by: 'page',
    when: 'attach',
  },
  openCore: {
    label: 'Open Crash &Dump…',
    keys: ['Ctrl+D'],
    command: 'hawser windbg -z FILE',
    by: 'page',
    when: 'openCore',
  },
  connectRemote: {
    label: 'Connect to &Remote Session…',
    keys: ['Ctrl+R'],
    command: 'hawser windbg -remote CONNECTION',
    by: 'page',
    when: 'dormant',
  },
  connectStub: {
    label: 'Connect to Remote Stu&b…',
    command: 'hawser windbg -premote CONNECTION',
    by: 'page',
    when: 'dormant',
  },
  kernelDebug: {
    label: '&Kernel Debug…',
    keys: ['Ctrl+K'],
    command: 'hawser windbg -k WIRE',
    by: 'page',
    when: 'dormant',
  },
  disconnectStub: { label: 'D&isconnect from Remote Stub', by: 'main', when: 'stub' },
  shareSession: { label: '&Share This Session…', command: '.server CONNECTION', by: 'page', when: 'share' },
  hostedSessions: { label: '&Hosted Sessions', keys: ['Ctrl+H'], by: 'main', when: 'always' },
  symbolPath: {
    label: 'S&ymbol File Path…',
    keys: ['Ctrl+S'],
    command: '.sympath PATH',
    by: 'page',
    when: 'free',
  },
  sourcePath: {
    label: 'S&ource File Path…',
    keys: ['Ctrl+P'],
    command: '.srcpath PATH',
    by: 'page',
    when: 'free',
  },
  saveWorkspace: { label: 'Save &Workspace', by: 'page', when: 'text' },
  clearWorkspace: { label: 'C&lear Workspace', by: 'page', when: 'text' },
  clearRecent: { label: '&Clear This List', by: 'main', when: 'recent' },
  exit: { label: 'E&xit', keys: ['Alt+F4'], by: 'main', when: 'always' },

  copyAll: { label: 'Cop&y All', by: 'page', when: 'text' },
  clearCommandWindow: { label: 'C&lear Command Window', command: '.cls', by: 'page', when: 'text' },
  writeWindowText: { label: '&Write Window Text to File…', by: 'page', when: 'text' },
  evaluateSelection: {
    label: '&Evaluate Selection',
    keys: ['Ctrl+Shift+V'],
    command: '?? SELECTION',
    by: 'page',
    when: 'commands',
  },
  displayType: {
    label: '&Display Selected Type',
    keys: ['Ctrl+Shift+Y'],
    command: 'dt SELECTION',
    by: 'page',
    when: 'commands',
  },
  openLog: { label: '&Open Log File…', command: '.logopen FILE', by: 'page', when: 'session' },
  closeLog: { label: 'Close Lo&g File', command: '.logclose', by: 'session', when: 'commands' },
  find: { label: '&Find…', keys: ['Ctrl+F'], by: 'page', when: 'text' },
  findNext: { label: 'Find &Next', keys: ['F3'], by: 'page', when: 'text' },
  findPrevious: { label: 'Find Pre&vious', keys: ['Shift+F3'], by: 'page', when: 'text' },
  gotoAddress: { label: 'Go to Add&ress', keys: ['Ctrl+G'], command: 'u ADDRESS', by: 'page', when: 'text' },
  gotoLine: { label: 'Go to L&ine', keys: ['Ctrl+L'], by: 'page', when: 'text' },
  toggleBreakpoint: {
    label: 'Toggle &Breakpoint',
    keys: ['F9'],
    command: 'bp ADDRESS',
    by: 'page',
    when: 'text',
  },

  ...windowEntries(),
  palette: { label: 'Command Pale&tte…', keys: ['Ctrl+Shift+P'], by: 'page', when: 'free' },
  servers: { label: 'S&ervers', command: '.servers', by: 'page', when: 'session' },
  clients: { label: 'Cl&ients', command: '.clients', by: 'page', when: 'session' },
  toolbar: { label: 'Toolbar', by: 'main', when: 'always' },
  statusBar: { label: 'Stat&us Bar', by: 'main', when: 'always' },
  settings: { label: 'Settin&gs…', keys: ['Ctrl+,'], by: 'page', when: 'free' },
  zoomIn: { label: 'Zoom &In', keys: ['Ctrl+Plus', 'Ctrl+='], by: 'main', when: 'always' },
  zoomOut: { label: 'Zoom &Out', keys: ['Ctrl+-'], by: 'main', when: 'always' },
  zoomReset: { label: '&Actual Size', keys: ['Ctrl+0'], by: 'main', when: 'always' },

  go: { label: '&Go', keys: ['F5'], command: 'g', by: 'session', when: 'run' },
  goHandled: { label: 'Go &Handled Exception', command: 'gh', by: 'session', when: 'run' },
  goUnhandled: { label: 'Go U&nhandled Exception', command: 'gn', by: 'session', when: 'run' },
  restart: {
    label: '&Restart',
    keys: ['Ctrl+Shift+F5'],
    command: '.restart',
    by: 'session',
    when: 'restart',
  },
  stopDebugging: { label: 'Sto&p Debugging', keys: ['Shift+F5'], command: 'q', by: 'main', when: 'stop' },
  detach: { label: 'De&tach Debuggee', command: '.detach', by: 'session', when: 'detach' },
  break: { label: '&Break', keys: ['Alt+Delete', 'Ctrl+Break'], by: 'main', when: 'break' },
  stepInto: {
    label: 'Step &Into',
    keys: ['F11', 'F8'],
    command: 't',
    by: 'session',
    when: 'run',
    step: true,
  },
  stepOver: { label: 'Step &Over', keys: ['F10'], command: 'p', by: 'session', when: 'run', step: true },
  stepOut: { label: 'Step O&ut', keys: ['Shift+F11'], command: 'gu', by: 'session', when: 'run' },
  runToCursor: {
    label: 'Run to &Cursor',
    keys: ['F7', 'Ctrl+F10'],
    command: 'g ADDRESS',
    by: 'page',
    when: 'run',
  },
  sourceMode: { label: 'Step by &Source Lines', command: 'l+t', by: 'session', when: 'commands' },
  assemblyMode: { label: 'Step b&y Instructions', command: 'l-t', by: 'session', when: 'commands' },
  lastEvent: { label: 'Last &Event', command: '.lastevent', by: 'session', when: 'commands' },
  analyze: { label: '&Analyze', command: '!analyze -v', by: 'session', when: 'commands' },

  nextWindow: { label: '&Next Window', keys: ['Ctrl+Tab'], by: 'page', when: 'text' },
  previousWindow: { label: '&Previous Window', keys: ['Ctrl+Shift+Tab'], by: 'page', when: 'text' },
  closeWindow: { label: '&Close Window', keys: ['Ctrl+F4'], by: 'page', when: 'text' },
  floatWindow: { label: '&Float or Dock Window', by: 'page', when: 'text' },
  popOutWindow: { label: '&To a Window of Its Own or Back', by: 'page', when: 'text' },
  maximizeWindow: { label: 'Ma&ximize or Restore Window', by: 'page', when: 'text' },
  dockAll: { label: 'Dock &All', by: 'page', when: 'text' },
  moveWindowLeft: { label: '&Left', keys: ['Alt+Shift+Left'], by: 'page', when: 'text' },
  moveWindowRight: { label: '&Right', keys: ['Alt+Shift+Right'], by: 'page', when: 'text' },
  moveWindowUp: { label: '&Up', keys: ['Alt+Shift+Up'], by: 'page', when: 'text' },
  moveWindowDown: { label: '&Down', keys: ['Alt+Shift+Down'], by: 'page', when: 'text' },
  resetLayout: { label: 'Reset &Layout', by: 'page', when: 'text' },
  minimize: { label: 'Minimi&ze', by: 'main', when: 'always' },
  fullScreen: { label: 'F&ull Screen', keys: ['Alt+Enter'], by: 'main', when: 'always' },

  commandHelp: { label: '&Commands', keys: ['F1'], command: '.help', by: 'page', when: 'session' },
  version: {
    label: '&Version of Target and Debugger',
    keys: ['Ctrl+Alt+W'],
    command: 'vertarget',
    by: 'session',
    when: 'commands',
  },
  keyboard: { label: '&Keyboard…', by: 'page', when: 'free' },
  copyReport: { label: 'Copy &Diagnostic Report', by: 'main', when: 'always' },
  openLogFolder: { label: 'Open &Log Folder', by: 'main', when: 'always' },
  about: { label: '&About Hawser', by: 'page', when: 'free' },
} as const satisfies Record<string, Action>;

export type ActionId = keyof typeof table;

export const actions: Readonly<Record<ActionId, Action>> = table;
export const actionIds = Object.keys(table) as ActionId[];
export const isActionId = (id: string): id is ActionId => Object.hasOwn(table, id);

type Table = typeof table;
/** What the page carries out. */
export type PageAction =
  | keyof WindowActions
  | { [N in ActionId]: Table[N]['by'] extends 'page' ? N : never }[ActionId];
export type MainAction = { [N in ActionId]: Table[N]['by'] extends 'main' ? N : never }[ActionId];

/** An action as the page shows it. */
export interface ListedAction {
  readonly id: ActionId;
  readonly title: string;
  /** The menu it stands in; '' for those of the palette alone. */
  readonly menu: string;
  readonly keys: readonly string[];
  readonly defaultKeys: readonly string[];
  readonly command: string;
  readonly enabled: boolean;
}
