import type { ClientInfo, NumberedEvent } from '../../engine/protocol/session.ts';
import type { LineKind } from './line-kinds.ts';

export interface Piece {
  readonly kind: LineKind;
  readonly text: string;
  /** Begins and ends lines of its own, whatever stood before. */
  readonly whole: boolean;
  /** Parts of the text that run commands. */
  readonly links?: readonly PieceLink[];
}

export interface PieceLink {
  readonly start: number;
  readonly end: number;
  readonly command: string;
  /** Somebody else has written it: it is not run at a click. */
  readonly foreign: boolean;
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

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');

/** `Wed May 15 10:22:07 2024`, as WinDbg prints times; in this machine's time zone. */
export function windbgTime(time: number): string {
  const d = new Date(time);
  const clock = `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
  return `${DAYS[d.getDay()]} ${MONTHS[d.getMonth()]} ${d.getDate()} ${clock} ${d.getFullYear()}`;
}

const LEFT = {
  left: 'disconnected',
  linkLost: 'did not come back and is gone',
  removed: 'was removed',
} as const;

/** Who comes and goes; the front that the session belongs to does neither. */
function announcement({ host, user, via }: ClientInfo, what: string, time: number): Piece | null {
  if (via === 'local') return null;
  return { kind: 'session', text: `${host}\\${user} (${via}) ${what} at ${windbgTime(time)}`, whole: true };
}

/** How an event shows in the Command window; null when it does not. */
export function pieceOf({ event, time }: Pick<NumberedEvent, 'event' | 'time'>, ownId: number): Piece | null {
  switch (event.type) {
    case 'clientJoined':
      return announcement(event.client, 'connected', time);
    case 'clientLeft':
      return announcement(event.client, LEFT[event.reason], time);
    case 'clientAway':
      return announcement(event.client, 'lost its link, and may come back,', time);
    case 'clientBack':
      return announcement(event.client, 'is back', time);
    case 'clientChanged':
      return announcement(event.client, `became a ${event.client.role}`, time);
    case 'output':
      return {
        kind: event.kind,
        text: event.text,
        whole: false,
        ...(event.links && {
          links: event.links.map(({ start, end, command, author }) => ({
            start,
            end,
            command,
            foreign: author !== undefined && author !== ownId,
          })),
        }),
      };
    case 'command': {
      const prefix = senderPrefix(event.client, ownId);
      const kind = prefix === '' ? 'command' : 'command-other';
      return { kind, text: `${event.prompt}${prefix}${event.text}`, whole: true };
    }
    case 'dropped':
      return { kind: 'dropped', text: droppedText(event.to - event.from + 1), whole: true };
    case 'ended':
      return event.text === '' ? null : { kind: 'session', text: event.text.replace(/\n$/, ''), whole: true };
    default:
      return null;
  }
}
