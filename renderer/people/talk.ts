import type { ClientInfo, NumberedEvent } from '../../engine/protocol/session.ts';
import type { Piece } from '../output/event-lines.ts';

type Speaker = Pick<ClientInfo, 'id' | 'host' | 'user' | 'via'>;

export interface Message {
  readonly who: string;
  readonly text: string;
}

const ECHO = /^\s*\.echo\s+\S/i;

export const shortName = ({ host, user }: Pick<ClientInfo, 'host' | 'user'>): string => `${host}\\${user}`;

/** Finds in what happens what others say to everybody: the first line that a `.echo` of theirs writes. */
export class Talk {
  #speaker: Speaker | null = null;

  /** The message in an event, and what else there is in it; null: there is none. */
  hear({ event }: Pick<NumberedEvent, 'event'>, ownId: number): { message: Message; rest: string } | null {
    if (event.type === 'command') {
      const { client, text } = event;
      this.#speaker = client && client.id !== ownId && ECHO.test(text) ? client : null;
    } else if (event.type === 'commandDone') this.#speaker = null;
    else if (event.type === 'output' && event.kind === 'normal' && this.#speaker) {
      const [line = ''] = event.text.split('\n', 1);
      const message = { who: shortName(this.#speaker), text: line };
      this.#speaker = null;
      return line === '' ? null : { message, rest: event.text.slice(line.length + 1) };
    }
    return null;
  }
}

/** As the Command window shows it. */
export function messageLine({ who, text }: Message): Piece {
  return { kind: 'message', text: `${who} says: ${text}`, whole: true };
}
