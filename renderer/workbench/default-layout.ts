import type { DockviewApi } from 'dockview-react';
import type { LayoutKind, WindowId } from '../../electron/ipc/contract.ts';

/** Where a window belongs: with which others it shares a place, the preferred one first. */
type Place = 'code' | 'text' | 'upper' | 'lower';

/** A part of the workbench: how large, relative to which part before it, and the windows in it, the first one in front. */
interface Part {
  readonly place: Place;
  readonly beside?: readonly [Place, 'left' | 'right' | 'above' | 'below'];
  /** Of the whole. */
  readonly share?: number;
  readonly windows: readonly WindowId[];
}

const text: Part = { place: 'text', windows: ['command'] };
const code = (windows: readonly WindowId[], share = 0.48): Part => ({
  place: 'code',
  beside: ['text', 'above'],
  share,
  windows,
});

const parts: Readonly<Record<LayoutKind, readonly Part[]>> = {
  user: [
    text,
    {
      place: 'upper',
      beside: ['text', 'right'],
      share: 0.4,
      windows: ['locals', 'watch', 'registers'],
    },
    {
      place: 'lower',
      beside: ['upper', 'below'],
      windows: ['stack', 'threads', 'breakpoints', 'memory', 'modules'],
    },
    code(['source', 'disassembly']),
  ],
  kernel: [
    text,
    {
      place: 'upper',
      beside: ['text', 'right'],
      share: 0.4,
      windows: ['registers', 'locals', 'watch'],
    },
    {
      place: 'lower',
      beside: ['upper', 'below'],
      windows: ['stack', 'threads', 'memory', 'modules', 'breakpoints'],
    },
    code(['disassembly', 'source'], 0.4),
  ],
  dump: [
    text,
    {
      place: 'upper',
      beside: ['text', 'right'],
      share: 0.4,
      windows: ['stack', 'threads', 'modules'],
    },
    {
      place: 'lower',
      beside: ['upper', 'below'],
      windows: ['locals', 'watch', 'registers', 'memory', 'breakpoints'],
    },
    code(['source', 'disassembly']),
  ],
};

const titles: Readonly<Record<WindowId, string>> = {
  command: 'Command',
  watch: 'Watch',
  locals: 'Locals',
  registers: 'Registers',
  memory: 'Memory',
  stack: 'Call Stack',
  disassembly: 'Disassembly',
  scratch: 'Scratch Pad',
  source: 'Source',
  threads: 'Threads',
  breakpoints: 'Breakpoints',
  modules: 'Modules',
  events: 'Events and Exceptions',
  targetOutput: 'Target Output',
  history: 'Command History',
};

export const titleOf = (id: WindowId): string => titles[id];
const isWindowId = (id: string): id is WindowId => Object.hasOwn(titles, id);

/** Of which there can be several: `memory`, `memory 2`. */
const several: ReadonlySet<WindowId> = new Set(['memory']);
export const MOST_ALIKE = 9;

/** Which window a panel is, and which of those that are alike; null: it is none that there is. */
export function windowOf(panel: string): { readonly id: WindowId; readonly instance: number } | null {
  const [, id = '', digit] = /^(\w+)(?: ([2-9]))?$/.exec(panel) ?? [];
  if (!isWindowId(id) || (digit !== undefined && !several.has(id))) return null;
  return { id, instance: digit === undefined ? 1 : Number(digit) };
}

const panelOf = (id: WindowId, instance = 1) => ({
  id: instance === 1 ? id : `${id} ${instance}`,
  component: 'window',
  title: instance === 1 ? titles[id] : `${titles[id]} ${instance}`,
});

/** The arrangement that comes with the program. */
export function arrange(api: DockviewApi, kind: LayoutKind): void {
  api.clear();
  for (const part of parts[kind]) addPart(api, kind, part);
  for (const { windows } of parts[kind]) {
    const [front] = windows;
    if (front) api.getPanel(front)?.api.setActive();
  }
  api.getPanel('command')?.api.setActive();
}

function addPart(api: DockviewApi, kind: LayoutKind, { beside, share = 0.5, windows }: Part): void {
  const [first, ...others] = windows;
  if (!first) return;
  const reference = beside && parts[kind].find(({ place }) => place === beside[0])?.windows[0];
  const size = beside && /left|right/.test(beside[1]) ? 'initialWidth' : 'initialHeight';
  const extent = size === 'initialWidth' ? api.width : api.height;
  api.addPanel({
    ...panelOf(first),
    ...(reference !== undefined &&
      beside && {
        position: { referencePanel: reference, direction: beside[1] },
        [size]: Math.round(extent * share),
      }),
  });
  for (const id of others)
    api.addPanel({
      ...panelOf(id),
      inactive: true,
      position: { referencePanel: first, direction: 'within' },
    });
}

/** Where one belongs that is not open at first: with this one. */
const companions: Readonly<Partial<Record<WindowId, WindowId>>> = {
  scratch: 'command',
  history: 'command',
  targetOutput: 'command',
  events: 'source',
};

/** Adds a window that is not there: with those it belongs to, or where it leaves room. */
export function addWindow(api: DockviewApi, kind: LayoutKind, id: WindowId, instance = 1): void {
  const part = parts[kind].find(({ windows }) => windows.includes(companions[id] ?? id)) ?? parts[kind][0];
  const alike = instance > 1 && api.getPanel(id) ? id : undefined;
  const neighbour = alike ?? part?.windows.find((each) => api.getPanel(each));
  const panel = panelOf(id, instance);
  if (neighbour !== undefined)
    api.addPanel({ ...panel, position: { referencePanel: neighbour, direction: 'within' } });
  else if (api.totalPanels === 0) api.addPanel(panel);
  else api.addPanel({ ...panel, position: { direction: part?.place === 'text' ? 'below' : 'right' } });
}
