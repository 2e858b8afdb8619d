import { shortDate } from '../format/time.ts';
import type { ClientInfo, NumberedEvent, OutputKind, SessionEvent } from '../protocol/session.ts';

/** A piece of what a text front shows. */
export interface TranscriptText {
  readonly kind: OutputKind | 'command';
  readonly text: string;
}

/** `[HOST\user (tcp 192.0.2.5:50001)] `: who gave a command, for everybody but its sender. */
export function commandPrefix(client: Pick<ClientInfo, 'host' | 'user' | 'via'>): string {
  return client.via === 'local' ? '' : `[${clientName(client)}] `;
}

export function clientName(client: Pick<ClientInfo, 'host' | 'user' | 'via'>): string {
  return `${client.host}\\${client.user} (${client.via})`;
}

/** The text of an event for a front that knows its own commands by `isOwn`; null: nothing to show. */
export function transcriptOf(
  { event, time }: NumberedEvent,
  isOwn: (commandId: string) => boolean,
): TranscriptText | null {
  switch (event.type) {
    case 'output':
      return { kind: event.kind, text: event.text };
    case 'command':
      if (isOwn(event.commandId)) return null;
      return { kind: 'command', text: commandLine(event) };
    case 'clientJoined':
      return {
        kind: 'session',
        text: `${clientName(event.client)} connected at ${shortDate(new Date(time))}\n`,
      };
    case 'clientLeft':
      return {
        kind: 'session',
        text: `${clientName(event.client)} ${LEFT[event.reason]} at ${shortDate(new Date(time))}\n`,
      };
    case 'clientAway':
      return {
        kind: 'session',
        text: `${clientName(event.client)} lost its link at ${shortDate(new Date(time))}; it may come back\n`,
      };
    case 'clientBack':
      return {
        kind: 'session',
        text: `${clientName(event.client)} is back at ${shortDate(new Date(time))}\n`,
      };
    case 'clientChanged':
      return { kind: 'session', text: `${clientName(event.client)} is now a ${event.client.role}\n` };
    case 'dropped':
      return {
        kind: 'warning',
        text: `... ${event.to - event.from + 1} older events are no longer kept (${event.from} to ${event.to}) ...\n`,
      };
    case 'ended':
      return { kind: 'session', text: `${event.text}\n` };
    default:
      return null;
  }
}

const LEFT = {
  left: 'disconnected',
  linkLost: 'did not come back and is gone',
  removed: 'was removed',
} as const satisfies Record<Extract<SessionEvent, { type: 'clientLeft' }>['reason'], string>;

function commandLine(event: Extract<SessionEvent, { type: 'command' }>): string {
  return `${event.prompt}${event.client ? commandPrefix(event.client) : ''}${event.text}\n`;
}
