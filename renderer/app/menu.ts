import type { MenuCommand } from '../../electron/ipc/contract.ts';
import { focusCommand } from '../command-window/input-state.ts';
import { clearWindow, copyAll } from '../command-window/window-actions.ts';
import { type DialogKind, fits, openDialog } from '../dialogs/queue.ts';
import { find, go, openFind } from '../find/find.ts';
import { onPush } from '../lib/hawser.ts';
import { guiState } from '../state/gui.ts';

type SimpleKind = Exclude<DialogKind, 'runLines'>;

/** Unless it makes no sense now; the menu greys those, but a key may have been on its way. */
function open(kind: SimpleKind): void {
  const state = guiState.get();
  if (state && fits(kind, state.mode)) openDialog({ kind });
}

function findNext(where: 'next' | 'previous'): void {
  if (find.get().query === '') openFind();
  else void go(where);
}

const hasWindow = () => document.querySelector('.command-window') !== null;
const inWindow = (action: () => void) => () => {
  if (hasWindow()) action();
};

const actions: Record<MenuCommand, () => void> = {
  connectRemote: () => open('connect'),
  openExecutable: () => open('executable'),
  attachProcess: () => open('attach'),
  openCore: () => open('core'),
  shareSession: () => open('share'),
  stopDebugging: () => open('stop'),
  find: inWindow(openFind),
  findNext: inWindow(() => findNext('next')),
  copyAll: inWindow(() => void copyAll()),
  clearCommandWindow: inWindow(clearWindow),
  focusCommand,
  servers: () => open('servers'),
  clients: () => open('clients'),
  commandHelp: () => open('help'),
  about: () => open('about'),
};

/** Keys that mean the same here as in the menu; a page that takes them keeps the menu from acting twice. */
function pageKey(event: KeyboardEvent): void {
  if (document.querySelector('dialog[open]') || !hasWindow()) return;
  const ctrl = event.ctrlKey && !event.altKey && !event.shiftKey;
  if (ctrl && event.key.toLowerCase() === 'f') openFind();
  else if (event.key === 'F3' && !event.ctrlKey && !event.altKey)
    findNext(event.shiftKey ? 'previous' : 'next');
  else return;
  event.preventDefault();
}

export function startMenu(): void {
  onPush('menu', ({ command }) => actions[command]());
  window.addEventListener('keydown', pageKey);
}
