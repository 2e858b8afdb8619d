import { type ActionId, plainLabel } from '../../ipc/actions.ts';
import { windowIds } from '../../ipc/windows.ts';

/** An entry of the desktop's own: cutting and pasting. */
export interface RoleEntry {
  readonly role: 'cut' | 'copy' | 'paste' | 'selectAll' | 'toggleDevTools';
  readonly label: string;
}

export interface Submenu {
  /** What is in it beside: filled when the menu is made. */
  readonly dynamic?: 'recent' | 'theme';
  readonly label: string;
  readonly items: readonly ActionId[];
}

export type MenuEntry = ActionId | RoleEntry | Submenu;

export interface MenuPart {
  readonly label: string;
  readonly groups: readonly (readonly MenuEntry[])[];
}

/** The menus, with WinDbg's names and order. */
export const menus: readonly MenuPart[] = [
  {
    label: '&File',
    groups: [
      ['openExecutable', 'attachProcess', 'openCore'],
      ['connectRemote', 'connectStub', 'kernelDebug', 'disconnectStub', 'shareSession', 'hostedSessions'],
      ['symbolPath', 'sourcePath'],
      ['saveWorkspace', 'clearWorkspace'],
      [{ dynamic: 'recent', label: 'Re&cent', items: ['clearRecent'] }],
      ['stopDebugging', 'exit'],
    ],
  },
  {
    label: '&Edit',
    groups: [
      [
        { role: 'cut', label: 'Cu&t' },
        { role: 'copy', label: '&Copy' },
        { role: 'paste', label: '&Paste' },
      ],
      [{ role: 'selectAll', label: 'Select &All' }, 'copyAll', 'clearCommandWindow', 'writeWindowText'],
      ['find', 'findNext', 'findPrevious'],
      ['gotoAddress', 'gotoLine'],
      ['evaluateSelection', 'displayType'],
      ['toggleBreakpoint'],
      ['openLog', 'closeLog'],
    ],
  },
  {
    label: '&View',
    groups: [
      windowIds.map((id) => `window:${id}` as const),
      ['palette'],
      ['servers', 'clients'],
      [
        { dynamic: 'theme', label: 'T&heme', items: [] },
        { label: '&Zoom', items: ['zoomIn', 'zoomOut', 'zoomReset'] },
        'toolbar',
        'statusBar',
        'settings',
      ],
    ],
  },
  {
    label: '&Debug',
    groups: [
      ['go', 'goUnhandled', 'goHandled', 'restart', 'stopDebugging', 'detach', 'break'],
      ['stepInto', 'stepOver', 'stepOut', 'runToCursor'],
      ['sourceMode', 'assemblyMode'],
      ['lastEvent', 'analyze'],
    ],
  },
  {
    label: '&Window',
    groups: [
      ['nextWindow', 'previousWindow', 'closeWindow'],
      ['floatWindow', 'popOutWindow', 'maximizeWindow', 'dockAll'],
      [
        {
          label: '&Move Window',
          items: ['moveWindowLeft', 'moveWindowRight', 'moveWindowUp', 'moveWindowDown'],
        },
      ],
      ['resetLayout'],
      ['minimize', 'fullScreen'],
    ],
  },
  {
    label: '&Help',
    groups: [['commandHelp', 'keyboard', 'version'], ['copyReport', 'openLogFolder'], ['about']],
  },
];

const idsOf = (entry: MenuEntry): readonly ActionId[] =>
  typeof entry === 'string' ? [entry] : 'items' in entry ? entry.items : [];

/** In which menu an action stands: the last one, where it stands in two. */
export const placed: ReadonlyMap<ActionId, string> = new Map(
  menus.flatMap(({ label, groups }) =>
    groups.flat().flatMap((entry) => idsOf(entry).map((id) => [id, plainLabel(label)] as const)),
  ),
);
