import type { HawserError } from './error.ts';
import { make } from './make.ts';

/** What only named pipes can fail with. */
export const pipeErrors = {
  pipeNotFound(pipe: string, cause?: unknown): HawserError {
    return make(
      'PIPE_NOT_FOUND',
      `There is no server on the pipe ${pipe} of this machine, or none that this user may reach.`,
      'Check that the server is running, and the name that it printed when it started; another user’s pipe needs that user.',
      { pipe },
      cause,
    );
  },

  pipeInUse(pipe: string, cause?: unknown): HawserError {
    return make(
      'PIPE_IN_USE',
      `A pipe named ${pipe} exists already: another server uses it.`,
      'Use another name; %x in a name stands for the number of this process, as in pipe=Main%x.',
      { pipe },
      cause,
    );
  },

  /** A pipe of another machine, and the directory that would introduce to it is turned off. */
  pipeElsewhere(server: string, pipe: string): HawserError {
    return make(
      'PIPE_ELSEWHERE',
      `The pipe ${pipe} is on the machine ${server}: it is reached by way of that machine's directory service, which is turned off here.`,
      'Use tcp: or ssl: to reach another machine, or set HAWSER_DIRECTORY_PORT to the port of the directory.',
      { server, pipe },
    );
  },

  /** Somebody else could put a socket of theirs there. */
  pipeFolderUnsafe(folder: string, reason: string): HawserError {
    return make(
      'PIPE_FOLDER_UNSAFE',
      `The folder for pipes, ${folder}, is not safe to use: ${reason}.`,
      'Remove it, or give it to this user alone (chmod 700).',
      { folder, reason },
    );
  },
} as const;
