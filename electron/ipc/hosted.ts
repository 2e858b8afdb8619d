/**
 * Hosted sessions: what the place (tabs Host Sessions and Take Part) and the Command windows of hosted sessions ask the main
 * process, and what it tells them. No token and no key of a session is in any of it; invitation links are, where a person is to
 * copy or paste one.
 */
import { z } from 'zod';
import type { IpcError } from './outcome.ts';

const text = (max: number) => z.string().max(max);
const email = text(254);
const id = text(100).min(1);
const link = text(4096);
const session = z.object({ session: id });

/** Of the place. */
export const hostedRequests = {
  /** Pushed as `hosted` events too. */
  'hosted/state': z.undefined(),
  /** Connects. `fingerprint`: of a certificate that the person has confirmed. */
  'hosted/reach': z.object({ hub: text(300), fingerprint: text(200).optional() }),
  /** Back to the choice of a hub. */
  'hosted/leave': z.undefined(),
  'hosted/signIn': z.object({ email, password: text(1024) }),
  /** By the hub's OpenID Connect provider, in the system's browser. Answered when the person is signed in. */
  'hosted/signInByBrowser': z.undefined(),
  /** Whatever of these is under way. */
  'hosted/cancel': z.undefined(),
  'hosted/signOut': z.undefined(),
  /** What the native menu's entries are about. */
  'hosted/select': z.object({ session: id.nullable() }),
  'hosted/debuggers': z.undefined(),
  /** Whether the debugger's end would end it for everybody: no -remote among the arguments. */
  'hosted/direct': z.object({ arguments: text(32768) }),
  'hosted/host': z.object({
    debugger: text(4096),
    arguments: text(32768),
    name: text(200),
    description: text(4000),
  }),
  /** Its Command window. */
  'hosted/open': session,
  /** Closes that window; the session goes on. */
  'hosted/close': session,
  'hosted/terminate': session,
  'hosted/remove': session,
  'hosted/find': z.object({ session: id, email }),
  'hosted/invite': z.object({ session: id, emails: z.array(email).min(1).max(20) }),
  'hosted/uninvite': z.object({ session: id, email }),
  /** Accepts an invitation, or takes the key from a link that has been used; opens the session. */
  'hosted/takePart': z.object({ link }),
  /** As `takePart`, for a session in the list whose key is not on this computer. */
  'hosted/unlock': z.object({ session: id, link }),
} as const;

/** Of a Command window. */
export const viewRequests = {
  'view/state': z.undefined(),
  /** From the first line on, also after a reload. */
  'view/start': z.undefined(),
  /** Everything up to `seq` is in the window. */
  'view/taken': z.object({ seq: z.number().int().nonnegative() }),
  'view/run': z.object({ command: text(60_000) }),
  'view/break': z.undefined(),
  /** CTRL+B: ends the session, leaving the one at the other end alone. */
  'view/leave': z.undefined(),
  'view/close': z.undefined(),
} as const;

export interface HostedResults {
  'hosted/state': HostedState;
  'hosted/reach': null;
  'hosted/leave': null;
  'hosted/signIn': null;
  'hosted/signInByBrowser': null;
  'hosted/cancel': null;
  'hosted/signOut': null;
  'hosted/select': null;
  'hosted/debuggers': readonly OfferedDebugger[];
  'hosted/direct': boolean;
  'hosted/host': { readonly session: string };
  'hosted/open': null;
  'hosted/close': null;
  'hosted/terminate': null;
  'hosted/remove': null;
  'hosted/find': HostedPerson;
  'hosted/invite': InvitationsSent;
  'hosted/uninvite': null;
  'hosted/takePart': { readonly session: string };
  'hosted/unlock': null;
  'view/state': ViewState;
  'view/start': null;
  'view/taken': null;
  'view/run': null;
  'view/break': null;
  'view/leave': null;
  'view/close': null;
}

export interface HostedPushes {
  hosted: HostedState;
  /** An entry of the native Actions menu, about what is selected. */
  hostedAction: { readonly action: HostedAction };
  view: ViewState;
  viewEntries: { readonly entries: readonly ViewEntry[] };
  viewMenu: { readonly command: 'find' | 'findNext' | 'copyAll' | 'leave' };
}

export type SessionAction = 'open' | 'invite' | 'close' | 'terminate' | 'remove';
export type HostedAction = 'host' | 'takePart' | 'signOut' | SessionAction;

/** True, or why not, as a sentence. */
export type Possible = true | string;

export interface HostedPerson {
  readonly email: string;
  readonly name: string;
}

export interface HubSight {
  readonly origin: string;
  readonly name: string;
  /** Where people ask for an account or permission; '' unknown. */
  readonly contact: string;
  readonly signIn: readonly ('password' | 'oidc')[];
  readonly mail: boolean;
}

export type HostedLink =
  | { readonly state: 'up' }
  /** Tried again at that time, milliseconds since the epoch. */
  | { readonly state: 'lost'; readonly error: IpcError; readonly retryAt: number };

export type HostedState =
  /** `hub`, `email`: the last ones. `error`: why nobody is signed in any more. */
  | { readonly mode: 'signedOut'; readonly hub: string; readonly error: IpcError | null }
  /** `error`: what came of the last try of who stays signed in. */
  | { readonly mode: 'reaching'; readonly hub: string; readonly error: IpcError | null }
  /** Reached; nobody is signed in. */
  | {
      readonly mode: 'reached';
      readonly hub: HubSight;
      readonly email: string;
      readonly error: IpcError | null;
      readonly link: HostedLink;
    }
  | {
      readonly mode: 'signedIn';
      readonly hub: HubSight;
      readonly person: HostedPerson;
      readonly link: HostedLink;
      readonly mayHost: Possible;
      readonly mayJoin: Possible;
      /** Null: not heard yet. Newest first. */
      readonly sessions: readonly ListedSession[] | null;
      /** The token is kept as the system's key store has it; false: in a file that only this user can read. */
      readonly sealedToken: boolean;
    };

export interface InvitedPerson extends HostedPerson {
  readonly state: 'invited' | 'joined' | 'expired' | 'removed';
  readonly invitedAt: number;
  readonly present: boolean;
}

export type EndedBy = 'menu' | 'command' | 'debugger' | 'agent' | 'administrator';

export interface ListedSession {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly host: HostedPerson;
  readonly computer: string;
  readonly created: number;
  readonly role: 'host' | 'client';
  readonly state: 'open' | 'terminated';
  /** The hub hears its agent. */
  readonly agent: boolean;
  readonly end: { readonly at: number; readonly by: EndedBy; readonly detail: string } | null;
  /** Until when one who was invited can read it; null: while it is open, and for its host. */
  readonly readableUntil: number | null;
  readonly direct: boolean;
  /** For the host. */
  readonly invited: readonly InvitedPerson[];
  readonly invitationsLeft: number;
  /** Its window is open here. */
  readonly opened: boolean;
  readonly actions: Readonly<Record<SessionAction, Possible>>;
}

export interface OfferedDebugger {
  /** For the field. */
  readonly location: string;
  readonly what: string;
}

export interface InvitationsSent {
  readonly mailed: boolean;
  /** Whose message the mail server did not take, perhaps the host's own; invited all the same. */
  readonly unmailed: readonly { readonly email: string; readonly reason: string }[];
  readonly invited: readonly { readonly email: string; readonly link: string }[];
  /** The host's own link, for another computer. */
  readonly host: { readonly email: string; readonly link: string };
}

export interface ViewState {
  readonly session: ListedSession;
  readonly mayRun: Possible;
  readonly link: HostedLink;
  /** The history cannot be read on: not to be trusted, or not shown to this person any more. */
  readonly failed: IpcError | null;
}

export type ViewEntry =
  /** `text`: of the debugger's terminal; what a character set or sequence cuts in two goes on in the next. */
  | { readonly seq: number; readonly type: 'output'; readonly text: string }
  | { readonly seq: number; readonly type: 'command'; readonly text: string }
  | { readonly seq: number; readonly type: 'notice'; readonly at: number; readonly text: string };
