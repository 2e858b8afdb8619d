import type { DockviewApi, IDockviewPanel } from 'dockview-react';
import type { PageAction, WindowId } from '../../electron/ipc/contract.ts';
import { addWindow, arrange, MOST_ALIKE, windowOf } from './default-layout.ts';
import { layoutKindNow } from './layout-kind.ts';
import { openPopout } from './popouts.ts';
import { keepLayout } from './workspace.ts';

/** The dock that is on screen. */
let dock: DockviewApi | null = null;

export function setDock(api: DockviewApi | null): void {
  dock = api;
}

/** Moves the focus into a window, once it is drawn; it may be in a window of its own. */
function focusIn(panel: IDockviewPanel): void {
  requestAnimationFrame(() => {
    const frame = panel.view.content.element.querySelector<HTMLElement>('[data-window]');
    const wanted = frame?.querySelector<HTMLElement>('[data-main-focus], [data-window-focus]');
    frame?.ownerDocument.defaultView?.focus();
    (wanted ?? frame)?.focus();
  });
}

function activate(panel: IDockviewPanel): void {
  panel.api.setActive();
  focusIn(panel);
}

/** Opens a window if it is not there, and moves the focus into it. */
export function showWindow(id: WindowId): void {
  const kind = layoutKindNow.get();
  if (!dock || !kind) return;
  if (!dock.getPanel(id)) addWindow(dock, kind, id);
  const panel = dock.getPanel(id);
  if (panel) activate(panel);
}

/** Opens one more of a kind of which there can be several, and moves the focus into it. */
export function addAnother(id: WindowId): void {
  const kind = layoutKindNow.get();
  if (!dock || !kind) return;
  for (let instance = 2; instance <= MOST_ALIKE; instance++) {
    if (dock.getPanel(`${id} ${instance}`)) continue;
    addWindow(dock, kind, id, instance);
    const panel = dock.getPanel(`${id} ${instance}`);
    if (panel) activate(panel);
    return;
  }
}

export function closeNamed(id: WindowId): void {
  const panel = dock?.getPanel(id);
  if (panel) close(dock, panel);
}

/** Acts on the window that has the focus, or had it last. */
const onWindow = (act: (api: DockviewApi, panel: IDockviewPanel) => void) => () => {
  if (dock?.activePanel) act(dock, dock.activePanel);
};

/** In the order of the dock's parts and of the tabs in them. */
function step(by: 1 | -1): () => void {
  return onWindow((api, panel) => {
    const all = api.groups.flatMap((group) => group.panels);
    const next = all[(all.indexOf(panel) + by + all.length) % all.length];
    if (next) activate(next);
  });
}

function move(direction: 'left' | 'right' | 'up' | 'down'): () => void {
  const edge = { left: 'left', right: 'right', up: 'top', down: 'bottom' } as const;
  return onWindow((api, panel) => {
    const beside = api.adjacentGroupInDirection(panel.group, direction);
    const there = api.groups.find(({ id }) => id === beside?.id);
    if (there) panel.api.moveTo({ group: there });
    else if (panel.group.panels.length > 1)
      panel.api.moveTo({ group: panel.group, position: edge[direction] });
    activate(panel);
  });
}

function close(api: DockviewApi | null, panel: IDockviewPanel): void {
  panel.api.close();
  if (api?.activePanel) focusIn(api.activePanel);
}

/** Back to where it belongs, among the others. */
function redock(api: DockviewApi, panel: IDockviewPanel): void {
  const kind = layoutKindNow.get();
  const which = windowOf(panel.id);
  if (!kind || !which) return;
  panel.api.close();
  addWindow(api, kind, which.id, which.instance);
}

const isDocked = ({ api }: IDockviewPanel) => api.location.type === 'grid';

function float(api: DockviewApi, panel: IDockviewPanel): void {
  if (isDocked(panel)) api.addFloatingGroup(panel, { width: 520, height: 360 });
  else redock(api, panel);
  const now = api.getPanel(panel.id);
  if (now) activate(now);
}

function popOut(api: DockviewApi, panel: IDockviewPanel): void {
  if (panel.api.location.type === 'popout') {
    redock(api, panel);
    const now = api.getPanel(panel.id);
    if (now) activate(now);
  } else void openPopout(api, panel).then((opened) => opened && focusIn(panel));
}

function dockAll(): void {
  const api = dock;
  if (!api) return;
  for (const panel of api.panels.filter((each) => !isDocked(each))) redock(api, panel);
}

function maximize(api: DockviewApi, panel: IDockviewPanel): void {
  if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
  else api.maximizeGroup(panel);
  focusIn(panel);
}

function reset(): void {
  const kind = layoutKindNow.get();
  if (!dock || !kind) return;
  arrange(dock, kind);
  keepLayout(kind, '');
  if (dock.activePanel) focusIn(dock.activePanel);
}

/** What the Window menu does. */
export const windowActions = {
  nextWindow: step(1),
  previousWindow: step(-1),
  closeWindow: onWindow(close),
  floatWindow: onWindow(float),
  popOutWindow: onWindow(popOut),
  maximizeWindow: onWindow(maximize),
  dockAll,
  moveWindowLeft: move('left'),
  moveWindowRight: move('right'),
  moveWindowUp: move('up'),
  moveWindowDown: move('down'),
  resetLayout: reset,
} satisfies Partial<Record<PageAction, () => void>>;
