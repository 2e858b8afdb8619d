/** Every code that a request to a hub can fail with, besides those of connections (transports/errors). Compared and on the wire: never renamed. */
export const hubErrorCodes = [
  // Who is asking.
  'HUB_VERSION_MISMATCH',
  'HELLO_FIRST',
  'NOT_SIGNED_IN',
  'SIGN_IN_FAILED',
  'SIGN_IN_EXPIRED',
  'SIGN_IN_UNAVAILABLE',
  'TOO_MANY_ATTEMPTS',
  'BAD_PASSWORD',
  'NOT_ALLOWED',
  'BAD_REQUEST',
  'TOO_MUCH',
  // Sessions.
  'SESSION_NOT_FOUND',
  'SESSION_TERMINATED',
  'SESSION_HISTORY_GONE',
  'SESSION_AGENT_AWAY',
  'HOST_ONLY',
  'SESSION_STILL_OPEN',
  'TOO_MANY_SESSIONS',
  'AGENT_REPLACED',
  // Invitations. `data` of PERSON_NOT_ELIGIBLE: email, contact.
  'PERSON_NOT_ELIGIBLE',
  'TOO_MANY_INVITED',
  'ALREADY_JOINED',
  'NOT_INVITED',
  'INVITATION_UNKNOWN',
  'INVITATION_USED',
  'INVITATION_EXPIRED',
  'INVITATION_REMOVED',
  'INVITATION_REPLACED',
  'INVITATION_OF_ANOTHER',
  'MAIL_FAILED',
  // What is kept.
  'HISTORY_GAP',
  'HISTORY_FULL',
  'STORE_FAILED',
  'STORE_IN_USE',
  'STORE_BUSY',
  'STORE_UNREACHABLE',
  // Administration.
  'ACCOUNT_EXISTS',
  'ACCOUNT_NOT_FOUND',
  'LAST_ADMINISTRATOR',
  'HUB_NOT_RUNNING',
  'HUB_SETTINGS',
] as const;

export type HubErrorCode = (typeof hubErrorCodes)[number];
