import type { ClientInfo, SessionEvent } from '../../engine/protocol/session.ts';
import type { LineKind } from './line-kinds.ts';

export interface Piece {
  readonly kind: LineKind;
  readonly text: string;
  /** Begins and ends lines of its own, whatever stood before. */
  readonly whole: boolean;
}

type Sender = Pick<ClientInfo, 'id' | 'host' | 'user' | 'via'> | null;

/** `[HOST\user (tcp 192.0.2.5:50001)] ` before what somebody else typed; nothing before one's own and the server's. */
export function senderPrefix(sender: Sender, ownId: number): string {
  if (!sender || sender.id === ownId || sender.via === 'local') return '';
  return `[${sender.host}\\${sender.user} (${sender.via})] `;
}

const count = (n: number) => n.toLocaleString('en-US');

export function droppedText(events: number): string {
  const what = events === 1 ? 'event is' : 'events are';
  return `*** ${count(events)} older ${what} missing here: the session's log had to let go of the oldest.`;
}

/** How an event shows in the Command window; null when it does not. */
export function pieceOf(event: SessionEvent, ownId: number): Piece | null {
  switch (event.type) {
    case 'output':
      return { kind: event.kind, text: event.text, whole: false };
    case 'command': {
      const prefix = senderPrefix(event.client, ownId);
      const kind = prefix === '' ? 'command' : 'command-other';
      return { kind, text: `${prefix}${event.prompt}${event.text}`, whole: true };
    }
    case 'dropped':
      return { kind: 'dropped', text: droppedText(event.to - event.from + 1), whole: true };
    case 'ended':
      return event.text === '' ? null : { kind: 'session', text: event.text.replace(/\n$/, ''), whole: true };
    default:
      return null;
  }
}
