import { HawserError } from '../../transports/errors/error.ts';

/** The closed set of errors of Remote.exe sessions: one factory each. */
export const sharedConsoleErrors = {
  nameTaken: (name: string) =>
    new HawserError(
      'SESSION_NAME_TAKEN',
      `There is a session called "${name}" on this machine already.`,
      'Choose another name; case does not count.',
      { name },
    ),
  notFound: (server: string, name: string) =>
    new HawserError(
      'NO_SUCH_SESSION',
      `There is no session called "${name}" on ${server} that you may join.`,
      `hawser remote /q ${server} lists those that are visible.`,
      { server, name },
    ),
  refused: (name: string) =>
    new HawserError(
      'SESSION_REFUSED',
      `You are not among those who may join the session "${name}".`,
      'Its owner can name you with /u, or give it a password.',
      { name },
    ),
  noSuchPrincipal: (name: string) =>
    new HawserError(
      'NO_SUCH_USER',
      `This machine knows no user or group called '${name}'.`,
      'Give the name as id and getent show it; Everyone means all users of this machine.',
      { name },
    ),
  creatorDenied: (user: string) =>
    new HawserError(
      'CREATOR_DENIED',
      `You (${user}) are not among those who may connect, so the session was not created.`,
      'Add yourself with /u, or take yourself out of /ud.',
      { user },
    ),
} as const;
