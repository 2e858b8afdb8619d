import type { GuiState, MenuCommand, WindowId } from '../../electron/ipc/contract.ts';
import { clearWindow, copyAll } from '../command-window/window-actions.ts';
import { type DialogKind, fits, openDialog, whereNow } from '../dialogs/queue.ts';
import { find, go, openFind } from '../find/find.ts';
import { onPush } from '../lib/hawser.ts';
import { guiState } from '../state/gui.ts';
import { showWindow, windowActions } from '../workbench/actions.ts';

type SimpleKind = Exclude<DialogKind, 'runLines' | 'executable' | 'attach'>;

/** At once, or when the page has heard what it shows: an entry chosen while it loads is not lost. */
function withState(act: (state: GuiState) => void): void {
  const state = guiState.get();
  if (state) {
    act(state);
    return;
  }
  const stop = guiState.subscribe(() => {
    stop();
    withState(act);
  });
}

/** Unless it makes no sense now; the menu greys those, but a key may have been on its way. */
function open(kind: SimpleKind): void {
  withState(({ mode }) => {
    if (fits(kind, mode)) openDialog({ kind });
  });
}

function openFor(kind: 'executable' | 'attach'): void {
  withState((state) => {
    if (fits(kind, state.mode)) openDialog({ kind, machine: whereNow(state) });
  });
}

function findNext(where: 'next' | 'previous'): void {
  if (find.get().query === '') openFind();
  else void go(where);
}

const hasWindow = () => document.querySelector('.command-window') !== null;
/** For what is done in the Command window, which is shown first. */
const inWindow = (action: () => void) => () => {
  if (hasWindow()) {
    action();
    return;
  }
  showWindow('command');
  requestAnimationFrame(() => {
    if (hasWindow()) action();
  });
};
const shows = (id: WindowId) => () => showWindow(id);

const actions: Record<MenuCommand, () => void> = {
  connectRemote: () => open('connect'),
  connectStub: () => open('connectStub'),
  kernelDebug: () => open('kernel'),
  openExecutable: () => openFor('executable'),
  attachProcess: () => openFor('attach'),
  openCore: () => open('core'),
  shareSession: () => open('share'),
  stopDebugging: () => open('stop'),
  find: inWindow(openFind),
  findNext: inWindow(() => findNext('next')),
  copyAll: inWindow(() => void copyAll()),
  clearCommandWindow: inWindow(clearWindow),
  'window:command': shows('command'),
  'window:watch': shows('watch'),
  'window:locals': shows('locals'),
  'window:registers': shows('registers'),
  'window:memory': shows('memory'),
  'window:disassembly': shows('disassembly'),
  'window:source': shows('source'),
  'window:scratch': shows('scratch'),
  'window:stack': shows('stack'),
  'window:threads': shows('threads'),
  'window:breakpoints': shows('breakpoints'),
  'window:modules': shows('modules'),
  ...windowActions,
  servers: () => open('servers'),
  clients: () => open('clients'),
  commandHelp: () => open('help'),
  about: () => open('about'),
};

/** Keys that mean the same here as in the menu; a page that takes them keeps the menu from acting twice. */
function pageKey(event: KeyboardEvent): void {
  if (document.querySelector('dialog[open]') || event.defaultPrevented || !hasWindow()) return;
  const ctrl = event.ctrlKey && !event.altKey && !event.shiftKey;
  if (event.ctrlKey && !event.altKey && event.key === 'Tab')
    windowActions[event.shiftKey ? 'previousWindow' : 'nextWindow']();
  else if (ctrl && event.key.toLowerCase() === 'f') openFind();
  else if (event.key === 'F3' && !event.ctrlKey && !event.altKey)
    findNext(event.shiftKey ? 'previous' : 'next');
  else return;
  event.preventDefault();
}

export function startMenu(): void {
  onPush('menu', ({ command }) => actions[command]());
  window.addEventListener('keydown', pageKey);
}
