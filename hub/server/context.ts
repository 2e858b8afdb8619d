import type { HubStore } from '../store/store.ts';
import type { Accounts } from './accounts.ts';
import type { AuditLog } from './audit.ts';
import type { Invitations } from './invitations.ts';
import type { AttemptLimits, Refusals } from './limits.ts';
import type { InvitationMail } from './mail/mail.ts';
import type { Passwords } from './passwords.ts';
import type { Peers } from './peers.ts';
import type { AccountRecord } from './records.ts';
import type { Sessions } from './sessions.ts';
import type { HubSettings } from './settings.ts';

/** Sign-in by way of a browser: see oidc/. */
export interface BrowserSignIn {
  start(loopback: number | undefined): Promise<{ readonly url: string; readonly ticket: string }>;
  finish(ticket: string, code: string): Promise<AccountRecord>;
}

/** What a hub is made of, for its parts to find each other. */
export interface HubContext {
  readonly settings: HubSettings;
  readonly store: HubStore;
  readonly passwords: Passwords;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly invitations: Invitations;
  readonly audit: AuditLog;
  readonly limits: AttemptLimits;
  readonly refusals: Refusals;
  readonly peers: Peers;
  /** Null: the hub sends no mail. */
  readonly mail: InvitationMail | null;
  /** Null: people sign in with passwords only. */
  readonly oidc: BrowserSignIn | null;
}
