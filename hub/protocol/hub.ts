/**
 * The contract between a hub and those who speak to it: the window (host or client) and the agent that runs
 * a hosted session's debugger. JSON-RPC 2.0, one message in one WebSocket text message, at `/rpc` of the
 * hub's HTTPS port. Types only; the hub checks every parameter (hub/server) and every peer every answer.
 *
 * Instants are milliseconds since the epoch on the hub's clock. What is sealed is sealed end to end
 * (`Sealed`): the hub stores and forwards it and cannot read it.
 */

/** Bumped when a peer of the previous version could misunderstand; both are named when they differ. */
export const HUB_PROTOCOL_VERSION = 1;

/** Invited people over a session's whole life; the host and those removed do not count. */
export const MAX_INVITED = 10;
/** How long invited people still read a terminated session. */
export const READABLE_AFTER_END = 7 * 24 * 60 * 60_000;
/** How long an unused invitation is good for. */
export const INVITATION_LIFETIME = 7 * 24 * 60 * 60_000;
/** Bytes of one entry's payload (its JSON), at most, before it is sealed. */
export const MAX_ENTRY = 64 * 1024;
/** Characters of a Sealed, at most: MAX_ENTRY with nonce, tag and signature (at most 256 bytes together), in base64. */
export const MAX_SEALED = Math.ceil((MAX_ENTRY + 256) / 3) * 4;
/** Entries of one `agent/append`, at most; the message keeps to MAX_MESSAGE besides. */
export const MAX_APPEND = 256;
/** Bytes of one message in either direction; a longer one ends the connection. */
export const MAX_MESSAGE = 1024 * 1024;
/** `session/open`'s window, at most. */
export const MAX_WINDOW = 4 * 1024 * 1024;

export interface Person {
  readonly email: string;
  readonly name: string;
}

export interface Account extends Person {
  readonly mayHost: boolean;
  readonly mayJoin: boolean;
  readonly administrator: boolean;
  /** Signs in here with a password, or by the OpenID Connect provider. */
  readonly signIn: 'password' | 'oidc';
}

/** AES-256-GCM of a payload: base64 of nonce (12 bytes), ciphertext, tag (16). hub/client/seal.ts says with which key and what is bound. */
export type Sealed = string;

/**
 * open: its agent runs. `agent` false: the hub has not heard of the agent for a while.
 * terminated: for good; `end` says when and by what.
 */
export type SessionState = 'open' | 'terminated';

export type TerminatedBy =
  /** Actions, Terminate Session. */
  | 'menu'
  /** A command in the Command window: `detail` is it (`qq`, `CTRL+B`). */
  | 'command'
  /** The debugger ended by itself: `detail` its status. */
  | 'debugger'
  /** The agent was stopped on the host's computer, or that computer was. */
  | 'agent'
  | 'administrator';

export interface SessionInfo {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly host: Person;
  readonly created: number;
  readonly state: SessionState;
  readonly agent: boolean;
  readonly end: { readonly at: number; readonly by: TerminatedBy; readonly detail: string } | null;
  /** Number of the last entry of the history; 0: none yet. */
  readonly last: number;
  /** Name of the computer that the agent runs on. */
  readonly computer: string;
  /** The debugger was started without `-remote`: its end ends the session for everybody. */
  readonly direct: boolean;
  /** Who has been invited, for the host; empty for clients. */
  readonly invited: readonly Invited[];
  /** What the caller is in it. */
  readonly role: 'host' | 'client';
}

export interface Invited extends Person {
  /** expired: not used in time; the host may invite again, which does not count twice. */
  readonly state: 'invited' | 'joined' | 'expired' | 'removed';
  readonly invitedAt: number;
  /** Has the session open at this moment. */
  readonly present: boolean;
}

/** One piece of the history. `seq` counts from 1 without gaps. */
export interface Entry {
  readonly seq: number;
  /** On the agent's clock. */
  readonly at: number;
  readonly sealed: Sealed;
}

/** What is in an Entry's seal: JSON, then sealed. */
export type EntryBody =
  /** Bytes of the debugger's terminal, base64: everything, also the echo of commands. */
  | { readonly type: 'output'; readonly data: string }
  /** A command line of the host, as it was given to the debugger. */
  | { readonly type: 'command'; readonly text: string }
  /** The agent's own lines: started, terminated by what. */
  | { readonly type: 'notice'; readonly text: string };

/** What the host sends to the agent: JSON, then sealed with the host key. */
export type Order =
  | { readonly type: 'input'; readonly id: string; readonly text: string }
  /** Ctrl+C, Ctrl+Break: SIGINT to the debugger. */
  | { readonly type: 'break'; readonly id: string }
  /** CTRL+B. */
  | { readonly type: 'leave'; readonly id: string };

export interface HubRequests {
  /** First on every connection. */
  'hub/hello': { params: { readonly version: number; readonly client: string }; result: HubFacts };
  /** Password sign-in. Attempts are limited in rate. */
  'account/signIn': { params: { readonly email: string; readonly password: string }; result: SignedIn };
  /**
   * OpenID Connect: the caller opens `url` in a browser of this computer. When the person has signed in there, the browser
   * is sent to `http://127.0.0.1:LOOPBACK/?code=CODE`, or, without `loopback`, shows CODE for the person to copy. So only
   * who sits at that browser gets it, and nobody can be tricked into signing somebody else in.
   */
  'account/oidcStart': {
    params: { readonly loopback?: number };
    result: { readonly url: string; readonly ticket: string };
  };
  /** With the CODE; the ticket is used up, whatever comes of it. */
  'account/oidcFinish': { params: { readonly ticket: string; readonly code: string }; result: SignedIn };
  /** With the token of an earlier sign-in, or an agent's. */
  'account/resume': { params: { readonly token: string }; result: SignedIn };
  'account/signOut': { params: undefined; result: null };
  'account/changePassword': { params: { readonly old: string; readonly new: string }; result: null };

  /** Needs mayHost. `hostOrderKey`: see hub/client/seal.ts. */
  'session/create': {
    params: {
      readonly name: string;
      readonly description: string;
      readonly computer: string;
      readonly direct: boolean;
    };
    result: { readonly session: SessionInfo; readonly agentToken: string };
  };
  /** Those the caller hosts, and those they were invited to and have accepted. */
  'session/list': { params: undefined; result: readonly SessionInfo[] };
  /** Starts `session/entries` notifications after `after`; at most `window` bytes are sent ahead of `session/ack`. */
  'session/open': {
    params: { readonly session: string; readonly after: number; readonly window: number };
    result: SessionInfo;
  };
  'session/close': { params: { readonly session: string }; result: null };
  /** A page of the history without following it: at most `count` entries, or fewer where they are large, at least one if there is any. */
  'session/read': {
    params: { readonly session: string; readonly from: number; readonly count: number };
    result: { readonly entries: readonly Entry[]; readonly last: number };
  };
  /** Host only. Answered when the agent has it; SESSION_AGENT_AWAY where there is none. */
  'session/order': { params: { readonly session: string; readonly sealed: Sealed }; result: null };
  /** Host or administrator. The agent ends its debugger, leaving the session at the other end of a -remote alone. */
  'session/terminate': { params: { readonly session: string }; result: SessionInfo };
  /** Takes a terminated session out of the caller's own list. */
  'session/removeFromList': { params: { readonly session: string }; result: null };

  /** Invite Client, Find: the person if they may join; otherwise an error that says why not and where to ask. */
  'invite/find': { params: { readonly session: string; readonly email: string }; result: Person };
  /**
   * Host only, all or none. `links`: the secret part of the link (its fragment, hub/client/links.ts) for the hub
   * to mail; without it the caller mails the links of the result itself, and the hub never sees a key.
   */
  'invite/send': {
    params: {
      readonly session: string;
      readonly emails: readonly string[];
      readonly fragments?: { readonly client: string; readonly host: string };
    };
    result: {
      /** `link`: `https://HUB/i/TOKEN`, without a fragment. */
      readonly invited: readonly { readonly email: string; readonly link: string }[];
      /** A one-use link for the host, to open the session from another computer. */
      readonly host: { readonly email: string; readonly link: string };
      /** The hub has sent the messages; but for those in `unmailed`, who are invited all the same: their links are to be sent by other means. */
      readonly mailed: boolean;
      readonly unmailed: readonly { readonly email: string; readonly reason: string }[];
    };
  };
  /** Host only; at once: their connections to the session are closed. */
  'invite/remove': { params: { readonly session: string; readonly email: string }; result: null };
  /** The caller must be signed in as the one who was invited (or, by the host's own link, as the host). Single use. */
  'invite/accept': { params: { readonly token: string }; result: SessionInfo };

  /** Agent only. Idempotent by `seq`; answered when it is durable. */
  'agent/append': { params: { readonly entries: readonly Entry[] }; result: { readonly last: number } };
  /** Agent only: the session has ended, after `last`. */
  'agent/ended': {
    params: { readonly by: TerminatedBy; readonly detail: string; readonly last: number };
    result: null;
  };
}

export type HubRequestName = keyof HubRequests;

/** From the hub. */
export interface HubNotifications {
  'session/entries': { readonly session: string; readonly entries: readonly Entry[] };
  /** One of the caller's sessions is new, or has changed; `null` info: it is gone from their list. */
  'session/changed': { readonly id: string; readonly info: SessionInfo | null };
  /** To an agent: end the debugger, then `agent/ended`. */
  'agent/terminate': { readonly by: TerminatedBy; readonly detail: string };
}

/** From the hub to an agent. */
export interface HubAgentRequests {
  /** Answered as soon as the agent has it (not when it is done); the host's `session/order` waits for that. In the order sent. */
  'agent/order': { params: { readonly sealed: Sealed }; result: null };
}

/** To the hub. */
export interface HubCallerNotifications {
  /** Everything up to `seq` has been taken. */
  'session/ack': { readonly session: string; readonly seq: number };
}

export interface HubFacts {
  readonly version: number;
  readonly name: string;
  /** Where people ask for an account or permission: an address or a URL; '' unknown. */
  readonly contact: string;
  readonly signIn: readonly ('password' | 'oidc')[];
  /** The hub can send mail. */
  readonly mail: boolean;
}

export type SignedIn =
  | { readonly kind: 'person'; readonly account: Account; readonly token: string; readonly expires: number }
  | { readonly kind: 'agent'; readonly session: SessionInfo };
