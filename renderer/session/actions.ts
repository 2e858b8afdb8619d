import { say } from '../output/output.ts';
import { runHere } from './front-commands.ts';
import { ask } from './live.ts';
import { begun, sent } from './own-commands.ts';
import { toIpcError } from './session-error.ts';

let counter = 0;
const run = crypto.randomUUID().slice(0, 8);

/** What went wrong and what to do, where the user is looking. */
export function sayError(cause: unknown): void {
  const { message, action } = toIpcError(cause);
  say('error', action === '' ? message : `${message} ${action}`);
}

/** @returns false when the session could not be asked at all */
export async function execute(command: string): Promise<boolean> {
  if (runHere(command)) return true;
  const commandId = `${run}-${++counter}`;
  sent(commandId, command);
  try {
    // Where the answer is to leave, the main process has seen it and does so.
    await ask('session/execute', { command, commandId });
    return true;
  } catch (cause) {
    sayError(cause);
    return false;
  } finally {
    begun(commandId);
  }
}

export async function breakIn(): Promise<void> {
  await ask('session/breakIn', {}).catch(sayError);
}

export async function sendInput(text: string): Promise<void> {
  await ask('session/input', { text }).catch(sayError);
}
