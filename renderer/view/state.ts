import type { ViewEntry, ViewState } from '../../electron/ipc/hosted.ts';
import { History } from '../command-window/history.ts';
import { find, go, openFind } from '../find/find.ts';
import { invoke, onPush, tell } from '../lib/hawser.ts';
import { createStore } from '../lib/store.ts';
import { windbgTime } from '../output/event-lines.ts';
import { announcer, clock, output } from '../output/output.ts';
import { Pump } from '../output/pump.ts';
import { MAX_LINES } from '../output/scrollback.ts';
import { TerminalLines } from '../output/terminal-lines.ts';

/** What the main process says of this session; null until it has. */
export const view = createStore<ViewState | null>(null);
/** The dialog that asks whether CTRL+B is meant. */
export const leaving = createStore(false);
/** What went wrong with a thing asked for here. */
export const problem = createStore<string | null>(null);
/** The host's commands, as they stand in the session. */
export const history = new History();

const pump = new Pump(
  {
    append(batch) {
      output.append(batch);
      announcer.add(batch.parts.slice(1));
    },
    idle: () => {},
  },
  clock,
  new TerminalLines(),
);

function show(entry: ViewEntry, taken: (() => void) | null): void {
  switch (entry.type) {
    case 'output':
      pump.push({ piece: { kind: 'normal', text: entry.text, whole: false }, taken });
      return;
    case 'command':
      // The terminal echoes it: it stands in the output.
      history.add(entry.text);
      pump.push({ piece: null, taken });
      return;
    case 'notice':
      pump.push({
        piece: { kind: 'session', text: `${entry.text} (${windbgTime(entry.at)})`, whole: true },
        taken,
      });
  }
}

/** What the clipboard of the main process takes at once. */
const MAX_CHARS = 64 * 1024 * 1024;

export async function copyAll(): Promise<void> {
  const text = output.text();
  if (text.length > MAX_CHARS) {
    problem.set('The output is too long for the clipboard. Select the part you need.');
    return;
  }
  const outcome = await invoke('clipboard/write', { text });
  if (!outcome.ok) problem.set(outcome.error.message);
}

export function findNext(where: 'next' | 'previous'): void {
  if (find.get().query === '') openFind();
  else void go(where);
}

export function focusEntry(): void {
  document.querySelector<HTMLElement>('[data-main-focus]')?.focus();
}

const menu = {
  find: openFind,
  findNext: () => findNext('next'),
  copyAll: () => void copyAll(),
  leave: () => leaving.set(true),
};

function pageKey(event: KeyboardEvent): void {
  if (document.querySelector('dialog[open]')) return;
  const ctrl = event.ctrlKey && !event.altKey && !event.shiftKey;
  const key = event.key.toLowerCase();
  if (ctrl && key === 'f') openFind();
  else if (ctrl && key === 'b') {
    if (view.get()?.mayRun === true) leaving.set(true);
  } else if (event.key === 'F3' && !event.ctrlKey && !event.altKey)
    findNext(event.shiftKey ? 'previous' : 'next');
  else return;
  event.preventDefault();
}

export async function startView(): Promise<void> {
  output.limit = MAX_LINES;
  onPush('view', (state) => view.set(state));
  onPush('viewMenu', ({ command }) => menu[command]());
  onPush('viewEntries', ({ entries }) => {
    const last = entries.at(-1);
    for (const entry of entries)
      show(entry, entry === last ? () => tell('view/taken', { seq: entry.seq }) : null);
  });
  window.addEventListener('keydown', pageKey);
  const state = await invoke('view/state', undefined);
  if (state.ok && !view.get()) view.set(state.value);
  tell('view/start', undefined);
}
