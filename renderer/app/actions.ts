import type { GuiState, PageAction, WindowId } from '../../electron/ipc/contract.ts';
import { clearWindow, copyAll } from '../command-window/window-actions.ts';
import { type DialogKind, fits, openDialog, whereNow } from '../dialogs/queue.ts';
import { find, go, openFind } from '../find/find.ts';
import { onPush } from '../lib/hawser.ts';
import { guiState } from '../state/gui.ts';
import { closeNamed, showWindow, windowActions } from '../workbench/actions.ts';
import { isCodeWindow, pressInCode, windowWithFocus } from '../workbench/code-keys.ts';
import { onSelection, writeWindowText } from '../workbench/window-text.ts';
import { clearWorkspace, saveWorkspace } from '../workbench/workspace.ts';

type SimpleKind = Exclude<DialogKind, 'runLines' | 'executable' | 'attach' | 'path' | 'settings'>;

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

/** Of a window with a filter, its box; of a source file, the editor's own search; else that of the Command window. */
function findHere(): void {
  const id = windowWithFocus();
  const box = document.querySelector<HTMLInputElement>(`[data-window="${id}"] input.filter-box`);
  if (id === 'source') pressInCode('f', { ctrlKey: true });
  else if (box) box.select();
  else inWindow(openFind)();
}

function findOn(where: 'next' | 'previous'): void {
  if (windowWithFocus() === 'source') pressInCode('F3', { shiftKey: where === 'previous' });
  else inWindow(() => findNext(where))();
}

/** Into a box of a window's own tools, once it is drawn. */
function enterBox(id: WindowId, selector: string): void {
  showWindow(id);
  requestAnimationFrame(() =>
    requestAnimationFrame(() =>
      document.querySelector<HTMLInputElement>(`[data-window="${id}"] ${selector}`)?.select(),
    ),
  );
}

function gotoAddress(): void {
  enterBox(windowWithFocus() === 'memory' ? 'memory' : 'disassembly', 'input.address-box');
}

function gotoLine(): void {
  if (windowWithFocus() !== 'source') showWindow('source');
  requestAnimationFrame(() => requestAnimationFrame(() => pressInCode('g', { ctrlKey: true })));
}

/** As in WinDbg: where there is no line for it, the list of breakpoints. */
function toggleBreakpoint(): void {
  if (isCodeWindow(windowWithFocus())) pressInCode('F9');
  else showWindow('breakpoints');
}

type PlainAction = Exclude<PageAction, `window:${WindowId}` | `close:${WindowId}`>;

const actions: Record<PlainAction, () => void> = {
  connectRemote: () => open('connect'),
  connectStub: () => open('connectStub'),
  kernelDebug: () => open('kernel'),
  openExecutable: () => openFor('executable'),
  attachProcess: () => openFor('attach'),
  openCore: () => open('core'),
  shareSession: () => open('share'),
  symbolPath: () => openDialog({ kind: 'path', which: 'symbolPath' }),
  sourcePath: () => openDialog({ kind: 'path', which: 'sourcePath' }),
  saveWorkspace: () => void saveWorkspace(),
  clearWorkspace: () => void clearWorkspace(),
  find: findHere,
  findNext: () => findOn('next'),
  findPrevious: () => findOn('previous'),
  gotoAddress,
  gotoLine,
  toggleBreakpoint,
  writeWindowText: () => void writeWindowText(),
  evaluateSelection: () => onSelection('??'),
  displayType: () => onSelection('dt'),
  openLog: () => open('log'),
  runToCursor: () => void pressInCode('F7'),
  copyAll: inWindow(() => void copyAll()),
  clearCommandWindow: inWindow(clearWindow),
  ...windowActions,
  palette: () => open('palette'),
  settings: () => openDialog({ kind: 'settings', page: 'look' }),
  keyboard: () => openDialog({ kind: 'settings', page: 'keys' }),
  servers: () => open('servers'),
  clients: () => open('clients'),
  commandHelp: () => open('help'),
  about: () => open('about'),
};

function carryOut(id: PageAction): void {
  const [what, which] = id.split(':');
  if (what === 'window') showWindow(which as WindowId);
  else if (what === 'close') closeNamed(which as WindowId);
  else actions[id as PlainAction]();
}

export function startActions(): void {
  onPush('action', ({ id }) => carryOut(id));
  onPush('ask', () => open('stop'));
}
