import { HawserError } from '../../../transports/errors/error.ts';

/** What the windows of hosted sessions refuse by themselves; the rest comes from hub/client, hub/agent and the hub. */
export const hostedErrors = {
  notSignedIn: () =>
    new HawserError('NOT_SIGNED_IN', 'Nobody is signed in to a hub.', 'Sign in first: Hosted Sessions.'),
  noSession: (id: string) =>
    new HawserError(
      'SESSION_NOT_FOUND',
      'That session is not in your list any more.',
      'Choose another one; a host removes people, and a session that has ended goes after seven days.',
      { id },
    ),
  removed: (name: string) =>
    new HawserError(
      'NOT_INVITED',
      `You are not in ${name} any more: its host has taken your invitation back.`,
      'No more of it is shown; what you have read stays until you close this window.',
      { name },
    ),
  over: (name: string) =>
    new HawserError(
      'SESSION_HISTORY_GONE',
      `${name} is gone: seven days have passed since its end, or it was taken out of your list.`,
      'What you have read stays until you close this window.',
      { name },
    ),
  notPossible: (why: string) => new HawserError('NOT_POSSIBLE', why),
  badSignInPage: (url: string) =>
    new HawserError(
      'BAD_SIGN_IN_PAGE',
      'The hub names a sign-in page that is not at an https address; it was not opened.',
      'Ask who runs the hub to mend its OpenID Connect settings.',
      { url },
    ),
  otherHub: (wanted: string, here: string) =>
    new HawserError(
      'INVITATION_OF_ANOTHER_HUB',
      `The invitation is of the hub ${wanted}; you are signed in to ${here}.`,
      `Sign out, sign in to ${wanted}, then paste the link again.`,
      { wanted, here },
    ),
  noKeyInLink: () =>
    new HawserError(
      'BAD_INVITATION_LINK',
      'That link lacks what stands behind its #: the key to the text.',
      'Copy the whole link from the message, from https:// to its last character.',
    ),
} as const;
