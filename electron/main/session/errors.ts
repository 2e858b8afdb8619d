import { HawserError } from '../../../transports/errors/error.ts';

/** Errors of the GUI itself; one factory for each code. */
export const guiErrors = {
  notDormant: () =>
    new HawserError(
      'NOT_DORMANT',
      'There is a session already.',
      'Use Debug, Stop Debugging first; then another one can be opened.',
    ),
  noSession: () =>
    new HawserError('NO_SESSION', 'There is no session.', 'Connect to one, or open a program.'),
  noStub: () =>
    new HawserError(
      'NO_STUB',
      'The window is not connected to a process server any more.',
      'Use File, Connect to Remote Stub first.',
    ),
  noLostLink: () => new HawserError('NO_LOST_LINK', 'There is no lost link to reconnect.'),
  ownSession: () =>
    new HawserError(
      'OWN_SESSION',
      'This session runs here: there is nothing to leave.',
      'Choose to detach from the target, or to end it.',
    ),
  settingsFile: (message: string) =>
    new HawserError('SETTINGS_FILE', message, 'Choose another file; your settings are as they were.'),
  notWritten: (file: string, why: string) =>
    new HawserError('FILE_NOT_WRITTEN', `${file} cannot be written: ${why}.`, 'Choose another place.'),
  closedByPeer: () =>
    new HawserError('CLOSED_BY_PEER', 'The other end closed the connection.', 'Connect again to go on.'),
} as const;
