import type { MenuItemConstructorOptions } from 'electron';
import type { RecentEntry } from '../../ipc/contract.ts';
import { windowIds } from '../../ipc/windows.ts';
import type { Theme } from '../stores/schemas.ts';
import type { EntryId } from './entries.ts';
import { windowLabels } from './window-labels.ts';

export interface MenuActions {
  entry(id: EntryId): void;
  recent(entry: RecentEntry): void;
  clearRecent(): void;
  theme(theme: Theme): void;
  keyboardHelp(): void;
  copyReport(): void;
  openLogFolder(): void;
  about(): void;
  hosted(): void;
  exit(): void;
}

export interface MenuModel {
  readonly recent: readonly RecentEntry[];
  readonly theme: Theme;
  readonly devTools: boolean;
}

type Item = MenuItemConstructorOptions;

const separator: Item = { type: 'separator' };

/** A label is shown as it is: `&` would mark the letter after it. */
const plain = (text: string) => text.replaceAll('&', '&&');

const recentLabel = (entry: RecentEntry) => plain(entry.args ? `${entry.text} ${entry.args}` : entry.text);

/** The menus, with WinDbg's names, order and keys. */
export function menuTemplate(model: MenuModel, actions: MenuActions): Item[] {
  const entry = (id: EntryId, label: string, accelerator?: string, more: Item = {}): Item => ({
    id,
    label,
    ...(accelerator !== undefined && { accelerator }),
    click: () => actions.entry(id),
    ...more,
  });
  const theme = (value: Theme, label: string): Item => ({
    label,
    type: 'radio',
    checked: model.theme === value,
    click: () => actions.theme(value),
  });
  const recent: Item[] = model.recent.map((each) => ({
    label: recentLabel(each),
    click: () => actions.recent(each),
  }));
  // Caught before the page sees them (keys.ts); shown here only.
  const shown = { registerAccelerator: false };
  return [
    {
      label: '&File',
      submenu: [
        entry('openExecutable', 'Open &Executable…', 'Ctrl+E'),
        entry('attachProcess', '&Attach to a Process…', 'F6'),
        entry('openCore', 'Open Crash &Dump…', 'Ctrl+D'),
        separator,
        entry('connectRemote', 'Connect to &Remote Session…', 'Ctrl+R'),
        entry('connectStub', 'Connect to Remote Stu&b…'),
        entry('kernelDebug', '&Kernel Debug…', 'Ctrl+K'),
        entry('disconnectStub', 'Disconnect from Remote Stub'),
        entry('shareSession', '&Share This Session…'),
        { label: '&Hosted Sessions', accelerator: 'Ctrl+H', click: actions.hosted },
        separator,
        {
          id: 'recent',
          label: 'Re&cent',
          submenu: [...recent, separator, { label: '&Clear This List', click: actions.clearRecent }],
        },
        separator,
        { label: 'E&xit', accelerator: 'Alt+F4', click: actions.exit },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'cut', label: 'Cu&t' },
        { role: 'copy', label: '&Copy' },
        { role: 'paste', label: '&Paste' },
        separator,
        { role: 'selectAll', label: 'Select &All' },
        entry('copyAll', 'Cop&y All'),
        entry('clearCommandWindow', 'C&lear Command Window'),
        separator,
        entry('find', '&Find…', 'Ctrl+F'),
        entry('findNext', 'Find &Next', 'F3'),
      ],
    },
    {
      label: '&View',
      submenu: [
        ...windowIds.map((id) => entry(`window:${id}`, ...windowLabels[id])),
        separator,
        entry('servers', '&Servers'),
        entry('clients', 'C&lients'),
        separator,
        {
          label: '&Theme',
          submenu: [theme('system', 'As the S&ystem'), theme('light', '&Light'), theme('dark', '&Dark')],
        },
        { role: 'zoomIn', label: 'Zoom &In' },
        { role: 'zoomOut', label: 'Zoom &Out' },
        { role: 'resetZoom', label: '&Actual Size' },
        ...(model.devTools ? [separator, { role: 'toggleDevTools' } satisfies Item] : []),
      ],
    },
    {
      label: '&Debug',
      submenu: [
        entry('go', '&Go', 'F5'),
        entry('restart', '&Restart', 'Ctrl+Shift+F5'),
        entry('stopDebugging', 'Stop &Debugging', 'Shift+F5'),
        entry('break', '&Break', 'Alt+Delete', shown),
        separator,
        entry('stepInto', 'Step &Into', 'F11'),
        entry('stepOver', 'Step &Over', 'F10'),
        entry('stepOut', 'Step O&ut', 'Shift+F11'),
      ],
    },
    {
      label: '&Window',
      submenu: [
        entry('nextWindow', '&Next Window', 'Ctrl+Tab', shown),
        entry('previousWindow', '&Previous Window', 'Ctrl+Shift+Tab', shown),
        entry('closeWindow', '&Close Window', 'Ctrl+F4'),
        entry('floatWindow', '&Float or Dock Window'),
        entry('maximizeWindow', 'Ma&ximize or Restore Window'),
        {
          label: '&Move Window',
          submenu: [
            entry('moveWindowLeft', '&Left', 'Alt+Shift+Left'),
            entry('moveWindowRight', '&Right', 'Alt+Shift+Right'),
            entry('moveWindowUp', '&Up', 'Alt+Shift+Up'),
            entry('moveWindowDown', '&Down', 'Alt+Shift+Down'),
          ],
        },
        separator,
        entry('resetLayout', 'Reset &Layout'),
        separator,
        { role: 'minimize', label: 'Mi&nimize' },
        { role: 'togglefullscreen', label: '&Full Screen', accelerator: 'Alt+Enter' },
      ],
    },
    {
      label: '&Help',
      submenu: [
        entry('commandHelp', '&Commands'),
        { label: '&Keyboard', click: actions.keyboardHelp },
        separator,
        { label: 'Copy &Diagnostic Report', click: actions.copyReport },
        { label: 'Open &Log Folder', click: actions.openLogFolder },
        separator,
        { label: '&About Hawser', click: actions.about },
      ],
    },
  ];
}
