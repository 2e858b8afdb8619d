import type {
  AttachResult,
  ClientNotifications,
  EventsParams,
  NumberedEvent,
  SessionMethod,
  SessionRequests,
} from '../../engine/protocol/session.ts';
import { Acks } from './acks.ts';
import { Intake } from './intake.ts';
import { JsonRpc, type PortLike } from './json-rpc.ts';

/** Bytes of events that the session may send ahead of our acknowledgement. */
const WINDOW = 4 * 1024 * 1024;

export interface SessionObserver {
  /** Before the first event. `resumed`: what is shown already goes on; else it starts anew. */
  attached(result: AttachResult, resumed: boolean): void;
  /** Each event once, in order. Ends in a call of {@link SessionClient.taken}. */
  event(numbered: NumberedEvent, live: boolean): void;
  closed(): void;
}

/** Where an earlier connection to the session got to. */
export interface ResumePoint {
  readonly sessionId: string;
  readonly seq: number;
}

/** One attachment to a session, over one port. */
export class SessionClient {
  readonly #rpc: JsonRpc;
  readonly #observer: SessionObserver;
  readonly #acks: Acks;
  #intake = new Intake(0);
  /** Events that came before the answer to `session/attach` did. */
  #early: NumberedEvent[] | null = [];
  #head = 0;
  #sessionId = '';

  constructor(port: PortLike, observer: SessionObserver) {
    this.#observer = observer;
    this.#acks = new Acks((seq) => this.#notify('session/ack', { seq }));
    this.#rpc = new JsonRpc(port, {
      notification: (method, params) => {
        if (method === 'session/events') this.#receive((params as EventsParams).events);
      },
      closed: () => observer.closed(),
    });
  }

  get resumePoint(): ResumePoint {
    return { sessionId: this.#sessionId, seq: this.#intake.last };
  }

  async attach(resume: ResumePoint | null): Promise<void> {
    let after = resume?.seq ?? 0;
    let result = await this.request('session/attach', { after, window: WINDOW });
    if (resume && result.sessionId !== resume.sessionId) {
      // Another session than the one that we knew: from its beginning.
      after = 0;
      result = await this.request('session/attach', { after, window: WINDOW });
    }
    this.#sessionId = result.sessionId;
    this.#head = result.head;
    this.#intake = new Intake(after);
    this.#observer.attached(result, after > 0);
    const early = this.#early ?? [];
    this.#early = null;
    const start = lastStart(early, after);
    if (start >= 0) this.#receive(early.slice(start));
  }

  request<M extends SessionMethod>(
    method: M,
    params: SessionRequests[M]['params'],
  ): Promise<SessionRequests[M]['result']> {
    return this.#rpc.request(method, params) as Promise<SessionRequests[M]['result']>;
  }

  /** Everything up to `seq` is in the document. */
  taken(seq: number, bytes: number): void {
    this.#acks.taken(seq, bytes);
  }

  idle(): void {
    this.#acks.flush();
  }

  close(): void {
    this.#rpc.close();
  }

  #notify<N extends keyof ClientNotifications>(method: N, params: ClientNotifications[N]): void {
    this.#rpc.notify(method, params);
  }

  #receive(events: readonly NumberedEvent[]): void {
    if (this.#early) {
      this.#early.push(...events);
      return;
    }
    for (const numbered of this.#intake.accept(events))
      this.#observer.event(numbered, numbered.seq > this.#head);
  }
}

/**
 * Where the events of this attachment begin. Before them may stand some of an earlier one over the same link:
 * of the main process, of this page before it was loaded anew, of a first try.
 */
function lastStart(events: readonly NumberedEvent[], after: number): number {
  return events.findLastIndex(
    ({ seq, event }) => seq === after + 1 || (event.type === 'dropped' && event.from === after + 1),
  );
}
