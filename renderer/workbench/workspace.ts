import type { LayoutKind, Layouts, LoadedWorkspace } from '../../electron/ipc/contract.ts';
import type { BreakpointRow, BreakpointsView, PathsView } from '../../engine/protocol/views.ts';
import { invoke, tell } from '../lib/hawser.ts';
import { createStore } from '../lib/store.ts';
import { say } from '../output/output.ts';
import { execute } from '../session/actions.ts';
import { ask } from '../session/live.ts';
import { target } from '../session/stores.ts';
import { guiState } from '../state/gui.ts';
import { watchList } from '../windows/watch-list.ts';
import { layoutKindNow } from './layout-kind.ts';

const none: Layouts = { user: '', kernel: '', dump: '' };
/** A drag of a divider is many changes. */
const SAVE_AFTER_MS = 300;

/** How the windows of this session were left; null until the main process has told. */
export const layouts = createStore<Layouts | null>(null);

let unsaved: { readonly kind: LayoutKind; readonly layout: string } | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function flush(): void {
  clearTimeout(timer);
  if (unsaved) tell('layout/save', unsaved);
  unsaved = null;
}

/** @param layout '' for the one that comes with the program */
export function keepLayout(kind: LayoutKind, layout: string): void {
  const now = layouts.get() ?? none;
  if (now[kind] === layout) return;
  if (unsaved && unsaved.kind !== kind) flush();
  layouts.set({ ...now, [kind]: layout });
  unsaved = { kind, layout };
  clearTimeout(timer);
  timer = setTimeout(flush, SAVE_AFTER_MS);
}

const inSession = () => ['session', 'linkLost'].includes(guiState.get()?.mode ?? '');

/** Once the session says what it has: commands that come before would wait, and so would the windows. */
function whenShown(act: () => void): void {
  if (target.get()) act();
  else {
    const stop = target.subscribe(() => {
      stop();
      if (inSession()) act();
    });
  }
}

function apply({ layouts: kept, watch, commands }: LoadedWorkspace): void {
  layouts.set(kept);
  if (watch) watchList.set(watch);
  if (commands.length > 0)
    whenShown(() => {
      for (const command of commands) void execute(command);
    });
}

/** Of each session anew. */
function follow(): void {
  let loaded = false;
  const look = () => {
    if (inSession() === loaded) return;
    loaded = inSession();
    flush();
    if (!loaded) layouts.set(null);
    else
      void invoke('workspace/load', undefined).then((outcome) => {
        if (!outcome.ok) layouts.set(none);
        else apply(outcome.value);
      });
  };
  guiState.subscribe(look);
  look();
}

export function startWorkspace(): void {
  window.addEventListener('pagehide', flush);
  follow();
}

/** What sets a breakpoint again in another run; null: it is at an address that will mean something else then. */
export function breakpointCommand(row: BreakpointRow): string | null {
  const place = row.source && row.kind !== 'ba' ? `\`${row.source.file}:${row.source.line}\`` : row.place;
  if (!/[`!]/.test(place) || !row.enabled) return null;
  const start = row.kind === 'ba' ? `ba ${row.access}` : 'bu';
  const once = row.oneShot ? ' /1' : '';
  const condition = row.condition === '' ? '' : ` ${row.condition}`;
  const passes = row.passes > 1 ? ` 0x${row.passes.toString(16)}` : '';
  const commands = row.commands === '' ? '' : ` "${row.commands.replaceAll('"', '\\"')}"`;
  return `${start}${once}${condition} ${place}${passes}${commands}`;
}

const pathCommands = ({ symbols, sources }: PathsView): string[] => [
  ...(symbols.length > 0 ? [`.sympath ${symbols.join(';')}`] : []),
  ...(sources.length > 0 ? [`.srcpath ${sources.join(';')}`] : []),
];

interface Taken {
  readonly commands: readonly string[];
  readonly words: string;
}

/** Paths and breakpoints, as the session has them now. */
async function takeCommands(): Promise<Taken> {
  const result = await ask('session/views', {
    queries: [{ view: 'paths' }, { view: 'breakpoints' }],
  }).catch(() => null);
  const [paths, points] = result?.answers ?? [];
  if (result?.status !== 'answered' || !paths?.ok || !points?.ok)
    return { commands: [], words: 'the target runs, so its breakpoints and paths are not in it' };
  const rows = (points.value as BreakpointsView).breakpoints;
  const set = rows.flatMap((row) => breakpointCommand(row) ?? []);
  const left = rows.length - set.length;
  const lost = left > 0 ? `, but ${left} that are disabled or at a bare address` : '';
  return {
    commands: [...pathCommands(paths.value as PathsView), ...set],
    words: `with its paths and ${set.length} of its breakpoints${lost}`,
  };
}

/** File, Save Workspace: found again when the same thing is debugged. */
export async function saveWorkspace(): Promise<void> {
  const kind = layoutKindNow.get();
  if (!kind) return;
  flush();
  const { commands, words } = await takeCommands();
  const outcome = await invoke('workspace/save', {
    kind,
    layout: layouts.get()?.[kind] ?? '',
    watch: [...watchList.get()],
    commands: [...commands],
  });
  if (outcome.ok) say('session', `Workspace saved for ${outcome.value.name}: the windows, ${words}.`);
  else say('error', `${outcome.error.message} ${outcome.error.action}`);
}

export async function clearWorkspace(): Promise<void> {
  const outcome = await invoke('workspace/clear', undefined);
  if (!outcome.ok) say('error', `${outcome.error.message} ${outcome.error.action}`);
  else if (outcome.value.there) say('session', `The workspace of ${outcome.value.name} is cleared.`);
  else say('session', `${outcome.value.name} has no workspace.`);
}
