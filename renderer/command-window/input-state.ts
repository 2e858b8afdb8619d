import { invoke, tell } from '../lib/hawser.ts';
import { createStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { History } from './history.ts';
import { Sender } from './sender.ts';

export const history = new History();
export const sender = new Sender(execute);
/** Whether the box for the target's own input is shown. */
export const targetInputShown = createStore(false);

export async function startHistory(): Promise<void> {
  const outcome = await invoke('history/load', undefined);
  if (outcome.ok) history.load(outcome.value);
}

/** Sends what was typed, and remembers it. */
export function sendCommands(commands: readonly string[]): void {
  for (const command of commands) {
    if (history.add(command)) tell('history/append', { command });
  }
  sender.send(commands);
}

export function focusCommand(): void {
  document.querySelector<HTMLElement>('[data-main-focus]')?.focus();
}
