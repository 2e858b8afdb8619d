/**
 * WinDbg's own menus and windows, entry by entry. Where a row names an action (`electron/ipc/actions.ts`), a test looks whether it is there,
 * in that menu, with those keys.
 */
export interface MenuRow {
  /** WinDbg's menu, entry and key. */
  readonly windbg: string;
  readonly is: 'same' | 'better' | 'left out';
  /** Of ours that does it. */
  readonly action?: string;
  /** How it is better, what takes its place, or why it is not there. */
  readonly note?: string;
}

const same = (windbg: string, action: string, note?: string): MenuRow => ({
  windbg,
  is: 'same',
  action,
  ...(note !== undefined && { note }),
});
const better = (windbg: string, action: string, note: string): MenuRow => ({
  windbg,
  is: 'better',
  action,
  note,
});
const out = (windbg: string, note: string): MenuRow => ({ windbg, is: 'left out', note });

export const menuWalk: Readonly<Record<string, readonly MenuRow[]>> = {
  File: [
    out(
      'Open Source File (Ctrl+O)',
      'the Source window shows the file of the frame that is chosen in Call Stack; `lsf` opens another',
    ),
    same('Close Current Window (Ctrl+F4)', 'closeWindow'),
    better(
      'Open Executable (Ctrl+E)',
      'openExecutable',
      'folders of a stub’s machine are browsed too; environment variables',
    ),
    better(
      'Attach to a Process (F6)',
      'attachProcess',
      'a filtered, sorted list that says why a process cannot be attached to',
    ),
    same('Open Crash Dump (Ctrl+D)', 'openCore', 'core files'),
    better(
      'Connect to Remote Session (Ctrl+R)',
      'connectRemote',
      'what is typed is checked as it is typed; the password has a field of its own',
    ),
    better('Connect to Remote Stub', 'connectStub', 'bare GDB stubs too; Recent, Browse'),
    same(
      'Kernel Debug (Ctrl+K)',
      'kernelDebug',
      'wires of Linux kernels: COM, pipe, QEMU’s and KGDB’s stubs',
    ),
    better(
      'Symbol File Path (Ctrl+S)',
      'symbolPath',
      'one folder a line; without a session it is that of new ones',
    ),
    better(
      'Source File Path (Ctrl+P)',
      'sourcePath',
      'one folder a line; without a session it is that of new ones',
    ),
    out(
      'Image File Path (Ctrl+I)',
      'program files are found on the symbol path (`.sympath`), by their build id',
    ),
    out(
      'Open Workspace (Ctrl+W)',
      'a workspace opens by itself with what it was saved for; Recent opens that in one key',
    ),
    better(
      'Save Workspace',
      'saveWorkspace',
      'for this target: windows, paths, breakpoints, watched expressions; what it keeps is said',
    ),
    out(
      'Save Workspace As',
      'a workspace goes by its target; two for one would have to be told apart each time',
    ),
    same('Clear Workspace', 'clearWorkspace'),
    out(
      'Delete Workspaces',
      'Clear Workspace does it for the target that is open; all are in `workspaces.json`',
    ),
    out('Open Workspace in File', 'as for Save Workspace to File'),
    out('Save Workspace to File', '`workspaces.json` is readable, and can be taken to another machine'),
    out('Map Network Drive', 'Linux mounts file systems, not drives'),
    out('Disconnect Network Drive', 'Linux mounts file systems, not drives'),
    better(
      'Recent Files',
      'clearRecent',
      'Recent has programs, core files, sessions, stubs and wires; 1 to 9 open them from the first page',
    ),
    same('Exit (Alt+F4)', 'exit'),
  ],
  Edit: [
    { windbg: 'Cut, Copy, Paste, Select All (Ctrl+X, Ctrl+C, Ctrl+V, Ctrl+A)', is: 'same' },
    same('Write Window Text to File', 'writeWindowText'),
    better(
      'Evaluate Selection (Ctrl+Shift+V)',
      'evaluateSelection',
      'a line of source also shows values where the pointer rests',
    ),
    same('Display Selected Type (Ctrl+Shift+Y)', 'displayType'),
    better(
      'Find (Ctrl+F)',
      'find',
      'in every window: the output, the source, the filter of a list; matches are counted',
    ),
    same('Find Next (F3)', 'findNext'),
    same('Go to Address (Ctrl+G)', 'gotoAddress'),
    same('Go to Line (Ctrl+L)', 'gotoLine'),
    out(
      'Go to Current Instruction (Alt+*)',
      'Disassembly follows the target; emptying its Address box brings it back',
    ),
    out('Set Current Instruction (Ctrl+Shift+I)', '`r rip=ADDRESS` does it, and is seen by everybody'),
    better('Breakpoints (F9, Alt+F9)', 'window:breakpoints', 'a window that can stay open, not a dialog'),
    same('Toggle breakpoint in a source or disassembly window (F9)', 'toggleBreakpoint'),
    same('Open/Close Log File', 'openLog'),
    same('Open/Close Log File: close', 'closeLog'),
    out('Add to Command Output', '`.echo` writes a line that everybody sees'),
    same('Clear Command Output', 'clearCommandWindow'),
  ],
  View: [
    same('Command (Alt+1)', 'window:command'),
    same('Watch (Alt+2)', 'window:watch'),
    same('Locals (Alt+3)', 'window:locals'),
    same('Registers (Alt+4)', 'window:registers'),
    same('Memory (Alt+5)', 'window:memory'),
    same('Call Stack (Alt+6)', 'window:stack'),
    same('Disassembly (Alt+7)', 'window:disassembly'),
    same('Scratch Pad (Alt+8)', 'window:scratch'),
    same('Processes and Threads (Alt+9)', 'window:threads'),
    out('Command Browser', 'output is text that can be searched and kept; links in it run commands'),
    same('Toolbar', 'toolbar'),
    same('Status Bar', 'statusBar'),
    better('Font', 'settings', 'fonts and sizes of code and of all else, zoom from 50 to 300 %'),
    better(
      'Options',
      'settings',
      'every shortcut can be changed; kept in a readable file, exported and imported',
    ),
    out(
      'Source Language File Extensions',
      'the language goes by the file’s name; expressions by the frame’s own (`.expr`)',
    ),
    out('WinDbg Command Line', 'a session’s first line says the command line that opens it again'),
    out(
      'Verbose Output (Ctrl+Alt+V)',
      'it is about engine and extensions, which are others here; `!sym noisy` has no counterpart either',
    ),
    same('Show Version (Ctrl+Alt+W)', 'version'),
  ],
  Debug: [
    same('Go (F5)', 'go'),
    same('Go Unhandled Exception', 'goUnhandled'),
    same('Go Handled Exception', 'goHandled'),
    same('Restart (Ctrl+Shift+F5)', 'restart'),
    better(
      'Stop Debugging (Shift+F5)',
      'stopDebugging',
      'asks what becomes of a target that was running before, and can remember it',
    ),
    same('Detach Debuggee', 'detach'),
    same('Break (Ctrl+Break, Alt+Delete)', 'break'),
    same('Step Into (F11, F8)', 'stepInto'),
    same('Step Over (F10)', 'stepOver'),
    same('Step Out (Shift+F11)', 'stepOut'),
    same('Run to Cursor (F7, Ctrl+F10)', 'runToCursor'),
    same('Source Mode', 'sourceMode', 'two entries, on and off'),
    same('Source Mode: off', 'assemblyMode'),
    out(
      'Resolve Unqualified Symbols',
      'GDB looks in an index of all modules’ symbols, which is not what was slow there',
    ),
    better('Event Filters', 'window:events', 'a window that can stay open; `sx` and its like do the same'),
    better(
      'Modules',
      'window:modules',
      'a window that can stay open, with the state of each module’s symbols',
    ),
    out(
      'Kernel Connection, Cycle Baud Rate (Ctrl+Alt+A)',
      'a line’s speed is set where both ends are: KGDB cannot change it',
    ),
    out(
      'Kernel Connection, Cycle Initial Break (Ctrl+Alt+K)',
      'KGDB’s `kgdbwait` is set on the target’s own command line',
    ),
    out('Kernel Connection, Resynchronize (Ctrl+Alt+R)', 'a wire that has lost step is asked anew by itself'),
  ],
  Window: [
    out('Close All Source Windows', 'there is one Source window'),
    out('Close All Error Windows', 'errors are lines of the Command window'),
    better(
      'Open Dock',
      'popOutWindow',
      'any window goes to a frame of its own, on another screen say, and back',
    ),
    same('Dock All', 'dockAll'),
    same('Undock All', 'floatWindow', 'one at a time'),
    out('MDI Emulation', 'windows that float do what it did'),
    out('Automatically Open Disassembly', 'Disassembly is in every arrangement that the program comes with'),
    same('The list of windows (Ctrl+Tab)', 'nextWindow'),
  ],
  Help: [
    better('Contents (F1)', 'commandHelp', '`.help NAME` tells of one command, where one works'),
    better('Index', 'palette', 'every action, found by a few letters, with its keys and the command it runs'),
    out('Search', 'the palette searches actions, `.help` lists commands'),
    same('About', 'about'),
  ],
};

/** Its windows and dialogs that are no entry of a menu, or more than one. */
export const windowWalk: readonly MenuRow[] = [
  better(
    'Debugger Command window',
    'window:command',
    'others’ commands are marked with who typed them; find, copy and a million lines stay smooth',
  ),
  better('Source windows', 'window:source', 'highlighting by language; values where the pointer rests'),
  better(
    'Disassembly window',
    'window:disassembly',
    'scrolls without end both ways; calls and jumps lead on by ENTER',
  ),
  better(
    'Memory window',
    'window:memory',
    'the whole address space; `??` where nothing can be read; typed over in place',
  ),
  better('Registers window', 'window:registers', 'in groups; what changed is marked in words too'),
  better(
    'Locals and Watch windows',
    'window:locals',
    'children are read when they are opened; formats, edited in place',
  ),
  better('Calls window', 'window:stack', 'inlined frames; ENTER makes one the current one'),
  better(
    'Processes and Threads window',
    'window:threads',
    'a filter; where each thread is; smooth with a thousand',
  ),
  same('Scratch Pad', 'window:scratch'),
  better('Dialog Breakpoints', 'window:breakpoints', 'a window'),
  better('Dialog Module List', 'window:modules', 'a window'),
  same('Floating, tabbed and docked windows', 'floatWindow'),
  better(
    'Workspaces: an arrangement for each kind of session',
    'resetLayout',
    'user, kernel and dump sessions each have their own; Reset Layout goes back',
  ),
  better('Keyboard shortcuts', 'keyboard', 'can all be changed; conflicts are told'),
];
