import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { HostedAction, HostedPushes, Possible } from '../../ipc/hosted.ts';

type Item = MenuItemConstructorOptions;

const separator: Item = { type: 'separator' };

/** Linux shows no hint on a menu's entry: why it is greyed stands in its label. */
function entry(label: string, possible: Possible, click: () => void, accelerator?: string): Item {
  return {
    label: possible === true ? label : `${label}  (${possible.replace(/\.$/, '').replaceAll('&', '&&')})`,
    enabled: possible === true,
    click,
    ...(accelerator !== undefined && { accelerator }),
  };
}

const edit: Item = {
  label: '&Edit',
  submenu: [
    { role: 'cut', label: 'Cu&t' },
    { role: 'copy', label: '&Copy' },
    { role: 'paste', label: '&Paste' },
    separator,
    { role: 'selectAll', label: 'Select &All' },
  ],
};

const zoom: Item[] = [
  { role: 'zoomIn', label: 'Zoom &In' },
  { role: 'zoomOut', label: 'Zoom &Out' },
  { role: 'resetZoom', label: '&Actual Size' },
];

/** What each of the Actions menu's entries can do now. */
export type Possibilities = Readonly<Record<HostedAction, Possible>>;

/** Of the window of hosted sessions. */
export function placeMenu(can: Possibilities, act: (action: HostedAction) => void, close: () => void): Menu {
  const action = (id: HostedAction, label: string, accelerator?: string) =>
    entry(label, can[id], () => act(id), accelerator);
  return Menu.buildFromTemplate([
    {
      label: '&Actions',
      submenu: [
        action('host', '&Host Session…', 'Ctrl+N'),
        action('takePart', 'Take &Part…', 'Ctrl+L'),
        separator,
        action('open', '&Open'),
        action('invite', '&Invite Client…', 'Ctrl+I'),
        action('close', '&Close'),
        action('terminate', '&Terminate Session…'),
        action('remove', '&Remove from List'),
        separator,
        action('signOut', '&Sign Out'),
        separator,
        { label: 'C&lose Window', accelerator: 'Ctrl+W', click: close },
      ],
    },
    edit,
    { label: '&View', submenu: zoom },
  ]);
}

export interface ViewMenuActions {
  break(): void;
  send(command: HostedPushes['viewMenu']['command']): void;
  close(): void;
}

/** Of the Command window of a hosted session. */
export function viewMenu(mayRun: Possible, actions: ViewMenuActions): Menu {
  return Menu.buildFromTemplate([
    {
      label: '&Session',
      submenu: [
        // Caught before the page sees it; shown here only.
        { ...entry('&Break', mayRun, actions.break, 'Ctrl+Pause'), registerAccelerator: false },
        entry('&Terminate by CTRL+B…', mayRun, () => actions.send('leave')),
        separator,
        { label: '&Close', accelerator: 'Ctrl+W', click: actions.close },
      ],
    },
    {
      ...edit,
      submenu: [
        ...(edit.submenu as Item[]),
        { label: 'Cop&y All', click: () => actions.send('copyAll') },
        separator,
        { label: '&Find…', accelerator: 'Ctrl+F', click: () => actions.send('find') },
        { label: 'Find &Next', accelerator: 'F3', click: () => actions.send('findNext') },
      ],
    },
    { label: '&View', submenu: zoom },
  ]);
}
