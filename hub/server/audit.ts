import type { Audit } from '../store/store.ts';

/** What is written down, and nothing else: who did it, when, to what. Never a password, a token, a link or a line of a session. */
export const auditEvents = [
  'hub.start',
  'hub.stop',
  'signIn',
  'signIn.failed',
  'signIn.limited',
  'signOut',
  'password.changed',
  'password.refused',
  'session.create',
  'session.open',
  'session.terminate',
  'session.ended',
  'session.removeFromList',
  'session.deleted',
  'agent.connected',
  'agent.disconnected',
  'invite.send',
  'invite.mailed',
  'invite.mailFailed',
  'invite.accept',
  'invite.refused',
  'invite.remove',
  'account.add',
  'account.change',
  'account.remove',
  'account.password',
] as const;

export type AuditEvent = (typeof auditEvents)[number];

/** Where an act came from. */
export interface Actor {
  /** E-mail address, `agent SESSION`, `console`, or `hub`. */
  readonly who: string;
  /** Network address, or '' for the hub itself. */
  readonly from: string;
}

export class AuditLog {
  readonly #store: Audit;
  readonly #now: () => number;

  constructor(store: Audit, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Resolves when it is kept: what is to be in the log is in it before its answer is given. */
  async write(
    { who, from }: Actor,
    what: AuditEvent,
    about: Readonly<Record<string, string | number | boolean>> = {},
  ): Promise<void> {
    await this.#store.append({ at: this.#now(), who, what, about: from === '' ? about : { ...about, from } });
  }
}
