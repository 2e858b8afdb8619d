import type { Person, SessionState, TerminatedBy } from '../protocol/hub.ts';
import type { PasswordHash } from './passwords.ts';

/** What stands in the store's sets. */

/** `accounts`, by keyOf(address in small letters). */
export interface AccountRecord extends Person {
  readonly mayHost: boolean;
  readonly mayJoin: boolean;
  readonly administrator: boolean;
  /** Null: signs in by the OpenID Connect provider, or not yet at all. */
  readonly password: PasswordHash | null;
  /** Raised when every sign-in so far is to end. */
  readonly generation: number;
  readonly created: number;
}

/** `tokens`, by the token's hash. */
export type TokenRecord =
  | {
      readonly kind: 'person';
      readonly email: string;
      readonly generation: number;
      readonly expires: number;
    }
  | { readonly kind: 'agent'; readonly session: string }
  | OidcPendingRecord
  | OidcDoneRecord;

/** By the hash of `state`: somebody is at the provider. */
export interface OidcPendingRecord {
  readonly kind: 'oidcPending';
  /** Hash of the ticket. */
  readonly ticket: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly loopback: number | null;
  readonly expires: number;
}

/** By the hash of the ticket: they are back. */
export interface OidcDoneRecord {
  readonly kind: 'oidcDone';
  /** Hash of the code. */
  readonly code: string;
  /** Null: `failure` says why. */
  readonly email: string | null;
  readonly failure: string;
  readonly expires: number;
}

export interface InvitedRecord extends Person {
  readonly state: 'invited' | 'joined' | 'removed';
  readonly invitedAt: number;
  readonly expires: number;
  /** Hash of the invitation that counts. */
  readonly token: string;
}

/** `sessions`, by its id: the one place where it stands who may do what in it. */
export interface SessionRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly host: Person;
  readonly created: number;
  readonly state: SessionState;
  readonly end: { readonly at: number; readonly by: TerminatedBy; readonly detail: string } | null;
  readonly computer: string;
  readonly direct: boolean;
  readonly invited: readonly InvitedRecord[];
  /** The host's own last link. */
  readonly hostLink: { readonly token: string; readonly expires: number; readonly used: boolean } | null;
  /** Hash of the agent's token. */
  readonly agentToken: string;
  /** The agent has said its last. */
  readonly agentDone: boolean;
  /** The seven days are over and the history is deleted. */
  readonly swept: boolean;
}

/** `invitations`, by the token's hash: leads to the session, which says what it is worth. */
export interface InvitationRecord {
  readonly session: string;
  readonly email: string;
  readonly role: 'client' | 'host';
}

/** `members`, by keyOf(address, session): whose lists a session is in. */
export interface MemberRecord {
  readonly role: 'host' | 'client';
}
