import type {
  AttachResult,
  ClientInfo,
  SessionEndReason,
  SessionEvent,
  TargetState,
} from '../../../engine/protocol/session.ts';

/** What the main process wants to know of the session whose messages it passes on. */
export interface SessionFacts {
  readonly target: TargetState | null;
  readonly you: ClientInfo | null;
  readonly clients: readonly ClientInfo[];
  readonly host: string;
  readonly ended: { readonly reason: SessionEndReason; readonly text: string } | null;
}

export const noFacts: SessionFacts = { target: null, you: null, clients: [], host: '', ended: null };

export function afterAttach(facts: SessionFacts, result: AttachResult): SessionFacts {
  return { ...facts, target: result.state, you: result.you, clients: result.clients, host: result.host };
}

/** The very same object when the event is none of its business: output, nearly always. */
export function afterEvent(facts: SessionFacts, event: SessionEvent): SessionFacts {
  switch (event.type) {
    case 'state':
      return { ...facts, target: event.state };
    case 'clientJoined':
      return { ...facts, clients: [...without(facts.clients, event.client), event.client] };
    case 'clientAway':
    case 'clientBack':
    case 'clientChanged':
      return {
        ...facts,
        you: facts.you?.id === event.client.id ? event.client : facts.you,
        clients: [...without(facts.clients, event.client), event.client],
      };
    case 'clientLeft':
      return { ...facts, clients: without(facts.clients, event.client) };
    case 'ended':
      return { ...facts, ended: { reason: event.reason, text: event.text } };
    default:
      return facts;
  }
}

const without = (clients: readonly ClientInfo[], gone: ClientInfo) =>
  clients.filter((client) => client.id !== gone.id);
