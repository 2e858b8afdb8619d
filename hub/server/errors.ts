import { hubError } from '../errors.ts';
import { MAX_INVITED } from '../protocol/hub.ts';

const ask = (contact: string) => (contact === '' ? 'Ask who runs the hub.' : `Ask at ${contact}.`);

/** What a hub answers to who is asking. */
export const callerErrors = {
  versionMismatch: (ours: number, theirs: number) =>
    hubError(
      'HUB_VERSION_MISMATCH',
      `The hub speaks version ${ours} of the protocol of hosted sessions, the program version ${theirs}.`,
      theirs < ours ? 'Update Hawser on this computer.' : 'Ask who runs the hub to update it.',
      { ours, theirs },
    ),
  helloFirst: () => hubError('HELLO_FIRST', 'The first request has to be hub/hello.', 'Send it first, once.'),
  notSignedIn: () =>
    hubError('NOT_SIGNED_IN', 'You are not signed in to the hub.', 'Sign in, then try again.'),
  signInFailed: () =>
    hubError(
      'SIGN_IN_FAILED',
      'There is no account with this e-mail address and password.',
      'Check both; the administrator of the hub can set a new password.',
    ),
  signInExpired: () => hubError('SIGN_IN_EXPIRED', 'The sign-in is no longer valid.', 'Sign in again.'),
  signInUnavailable: (what: string) =>
    hubError('SIGN_IN_UNAVAILABLE', `This hub does not take ${what}.`, 'Use the other way to sign in.', {
      what,
    }),
  providerRefused: (reason: string, contact: string, cause?: unknown) =>
    hubError(
      'SIGN_IN_FAILED',
      `Signing in by the provider did not succeed: ${reason}.`,
      `Try again. ${ask(contact)}`,
      { reason },
      cause,
    ),
  tooManyAttempts: () =>
    hubError('TOO_MANY_ATTEMPTS', 'There were too many attempts.', 'Wait a minute, then try again.'),
  badPassword: (why: string) =>
    hubError('BAD_PASSWORD', `The password cannot be used: ${why}.`, 'Choose one of 12 characters or more.', {
      why,
    }),
  notAllowed: (what: string, contact: string) =>
    hubError('NOT_ALLOWED', `Your account may not ${what}.`, ask(contact), { what, contact }),
  badRequest: (method: string, why: string) =>
    hubError('BAD_REQUEST', `The request ${method} is not in order: ${why}.`, 'Update Hawser.', {
      method,
      why,
    }),
  tooMuch: (what: string) =>
    hubError('TOO_MUCH', `That is too much at once: ${what}.`, 'Wait, then go on.', { what }),
  stopping: () => hubError('STORE_BUSY', 'The hub is stopping.', 'Connect again in a moment.'),
  busy: (what: string) =>
    hubError('STORE_BUSY', `The hub could not ${what}: others changed it at the same time.`, 'Try again.', {
      what,
    }),
} as const;

export const sessionErrors = {
  notFound: () =>
    hubError(
      'SESSION_NOT_FOUND',
      'There is no such session, or you are not invited to it.',
      'Ask the host for an invitation.',
    ),
  terminated: (name: string) =>
    hubError('SESSION_TERMINATED', `The session ${name} was terminated.`, 'Host a new one to go on.', {
      name,
    }),
  historyGone: (name: string) =>
    hubError(
      'SESSION_HISTORY_GONE',
      `The history of ${name} was deleted: it is kept for seven days after the end.`,
      'Remove it from your list.',
      { name },
    ),
  agentAway: (computer: string) =>
    hubError(
      'SESSION_AGENT_AWAY',
      `The agent on ${computer} that runs the session's debugger is not connected to the hub.`,
      'Check that computer and its network; the session goes on when the agent is back.',
      { computer },
    ),
  hostOnly: (what: string) =>
    hubError('HOST_ONLY', `Only the host may ${what}.`, 'Ask the host of the session.', { what }),
  stillOpen: (name: string) =>
    hubError('SESSION_STILL_OPEN', `The session ${name} is still open.`, 'Terminate it first.', { name }),
  tooMany: (limit: number) =>
    hubError(
      'TOO_MANY_SESSIONS',
      `You host ${limit} sessions already, as many as this hub allows.`,
      'Terminate those that are not needed any more.',
      { limit },
    ),
  agentReplaced: () =>
    hubError(
      'AGENT_REPLACED',
      'Another connection of this session’s agent took the place of this one.',
      'Let only one agent run for a session.',
    ),
  historyFull: (limit: string) =>
    hubError(
      'HISTORY_FULL',
      `The session’s history has ${limit}, as many as this hub keeps of one.`,
      'Host a new session to go on; who runs the hub can let it keep more (-max-history).',
      { limit },
    ),
} as const;

export const invitationErrors = {
  notEligible: (email: string, why: string, contact: string) =>
    hubError('PERSON_NOT_ELIGIBLE', `${email} cannot be invited: ${why}.`, `${ask(contact)}`, {
      email,
      why,
      contact,
    }),
  tooMany: (already: number, more: number) =>
    hubError(
      'TOO_MANY_INVITED',
      `A session has at most ${MAX_INVITED} invited people: ${already} are invited already, ${more} more were named. Nobody was invited.`,
      'Name fewer, or remove somebody first.',
      { already, more, limit: MAX_INVITED },
    ),
  alreadyJoined: (email: string) =>
    hubError(
      'ALREADY_JOINED',
      `${email} has joined the session already. Nobody was invited.`,
      'Leave them out.',
      {
        email,
      },
    ),
  notInvited: (email: string) =>
    hubError('NOT_INVITED', `${email} is not invited to the session.`, 'Look at the list of those who are.', {
      email,
    }),
  unknown: () =>
    hubError(
      'INVITATION_UNKNOWN',
      'The hub does not know this invitation.',
      'Copy the whole link from the message; if it is an old one, ask the host for a new one.',
    ),
  used: () =>
    hubError(
      'INVITATION_USED',
      'This invitation was used already: it lets one person in, once.',
      'If it was you, the session is in your list. If not, ask the host for a new one.',
    ),
  expired: () =>
    hubError('INVITATION_EXPIRED', 'This invitation has expired.', 'Ask the host for a new one.'),
  removed: () =>
    hubError('INVITATION_REMOVED', 'The host has taken this invitation back.', 'Ask the host for a new one.'),
  replaced: () =>
    hubError(
      'INVITATION_REPLACED',
      'A newer invitation has replaced this one.',
      'Use the link of the newest message.',
    ),
  ofAnother: () =>
    hubError(
      'INVITATION_OF_ANOTHER',
      'This invitation is for another account than the one you are signed in with.',
      'Sign in with the address it was sent to.',
    ),
} as const;

export const administrationErrors = {
  accountExists: (email: string) =>
    hubError(
      'ACCOUNT_EXISTS',
      `There is an account ${email} already.`,
      'Change it with hawser hub account change.',
      {
        email,
      },
    ),
  accountNotFound: (email: string) =>
    hubError('ACCOUNT_NOT_FOUND', `There is no account ${email}.`, 'hawser hub account list shows all.', {
      email,
    }),
  lastAdministrator: (email: string) =>
    hubError(
      'LAST_ADMINISTRATOR',
      `${email} is the only administrator.`,
      'Make somebody else an administrator first.',
      { email },
    ),
  hubNotRunning: (folder: string, cause?: unknown) =>
    hubError(
      'HUB_NOT_RUNNING',
      `No hub runs on ${folder}.`,
      `Start it with hawser hub -data ${folder}; it is administered while it runs.`,
      { folder },
      cause,
    ),
  settings: (why: string, action: string, cause?: unknown) =>
    hubError('HUB_SETTINGS', `The hub cannot start: ${why}.`, action, { why }, cause),
} as const;
