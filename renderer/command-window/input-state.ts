import { invoke, tell } from '../lib/hawser.ts';
import { createStore } from '../lib/store.ts';
import { execute } from '../session/actions.ts';
import { History } from './history.ts';
import { Sender } from './sender.ts';

export const history = new History();
export const sender = new Sender(execute);
/** A command to be looked at: it goes into the command line, whatever stands there. */
export const offered = createStore<string | null>(null);
/** Whether the box for the target's own input is shown. */
export const targetInputShown = createStore(false);

export async function startHistory(): Promise<void> {
  const outcome = await invoke('history/load', undefined);
  if (outcome.ok) history.load(outcome.value);
}

/** What a click on a link of the output does: one that somebody else has written is looked at first. */
export function followLink({
  command,
  foreign,
}: {
  readonly command: string;
  readonly foreign: boolean;
}): void {
  if (foreign) {
    offered.set(command);
    focusCommand();
  } else sender.send([command]);
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
