import type { NumberedEvent } from '../../engine/protocol/session.ts';
import { createStore } from '../lib/store.ts';

const MOST = 5000;

export interface PastCommand {
  readonly seq: number;
  /** Milliseconds since the epoch, the session's clock. */
  readonly time: number;
  readonly text: string;
  /** `ALDER\bob`; '' for the session's own. */
  readonly who: string;
  readonly own: boolean;
  readonly commandId: string;
  /** Null: at work. */
  ok: boolean | null;
}

let list: PastCommand[] = [];
const atWork = new Map<string, PastCommand>();

/** Changes when {@link pastCommands} has others; the list itself is not made anew for each. */
export const pastVersion = createStore(0);

export const pastCommands = (): readonly PastCommand[] => list;

export function forgetPast(): void {
  list = [];
  atWork.clear();
  pastVersion.update((version) => version + 1);
}

/** Keeps who has given which command. */
export function rememberCommand({ seq, time, event }: NumberedEvent, ownId: number): void {
  if (event.type === 'command') {
    if (event.text.trim() === '') return;
    const { client, text, commandId } = event;
    const who = client ? `${client.host}\\${client.user}` : '';
    const past = { seq, time, text, who, own: client?.id === ownId, commandId, ok: null };
    list.push(past);
    if (list.length > MOST) list = list.slice(-MOST / 2);
    atWork.set(commandId, past);
  } else if (event.type === 'commandDone') {
    const past = atWork.get(event.commandId);
    if (!past) return;
    past.ok = event.ok;
    atWork.delete(event.commandId);
  } else return;
  pastVersion.update((version) => version + 1);
}
