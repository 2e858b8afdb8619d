import { HawserError } from '../transports/errors/error.ts';

const LOG_CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'what stands before its name is no folder',
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  EISDIR: 'it is a folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** The closed set of errors of the engine: one factory each. Texts follow WinDbg's where it has one. */
export const engineErrors = {
  syntax: (rest: string, offset: number) =>
    new HawserError('SYNTAX', `Syntax error at '${rest}'`, '', { offset }),
  unresolved: (rest: string, offset: number) =>
    new HawserError('UNRESOLVED', `Couldn't resolve error at '${rest}'`, '', { offset }),
  operand: () => new HawserError('OPERAND', 'Operand error', 'Check for a division by zero.'),
  unknownCommand: (name: string, offset: number, nearest: string | null) =>
    new HawserError(
      'UNKNOWN_COMMAND',
      `Unknown command '${name}'`,
      nearest ? `Did you mean ${nearest}? .help lists all commands.` : '.help lists all commands.',
      { offset },
    ),
  badArgument: (reason: string, offset: number) => new HawserError('BAD_ARGUMENT', reason, '', { offset }),
  /** `restartable`: there was a program that `.restart` starts again. */
  noTarget: (restartable = false) =>
    new HawserError(
      'NO_TARGET',
      'No debuggee.',
      restartable
        ? '.restart starts the program again; or open an executable, attach to a process or open a core file.'
        : 'Open an executable, attach to a process or open a core file.',
    ),
  targetRunning: () =>
    new HawserError('TARGET_RUNNING', 'The target is running.', 'Break in first (Ctrl+C, or Debug, Break).'),
  coreCannotRun: () =>
    new HawserError(
      'CORE_CANNOT_RUN',
      'A core file cannot be resumed.',
      'It can only be looked at: k, r, dv, lm.',
    ),
  coreCannotChange: (what: string) =>
    new HawserError(
      'CORE_CANNOT_CHANGE',
      `A core file cannot be changed: ${what}.`,
      'To try it, start the program (hawser cdb PROGRAM) and change it there.',
    ),
  coreNoBreakpoints: () =>
    new HawserError(
      'CORE_CANNOT_CHANGE',
      'A core file takes no breakpoints: nothing in it runs.',
      'Start the program itself to set some there.',
    ),
  coreNotStarted: () =>
    new HawserError(
      'CORE_CANNOT_RUN',
      'A core file cannot be restarted: it is what is left of a process that has ended.',
      'Start the program itself to debug it from its beginning.',
    ),
  coreHasNoProcess: () =>
    new HawserError(
      'CORE_CANNOT_RUN',
      'There is nothing to end: a core file is what is left of a process that has ended.',
      '.detach closes it.',
    ),
  looksOnly: (what: string, action: string) =>
    new HawserError(
      'UNSUPPORTED',
      `${what} is not available: it was attached to for looking only (-pv)`,
      action,
      {
        what,
      },
    ),
  /** `ids`: of the breakpoints that have them. */
  hardwareFull: (slots: number, ids: readonly number[]) =>
    new HawserError(
      'HARDWARE_FULL',
      `The CPU has room for ${slots} hardware breakpoints, and ${ids.length} are enabled (${ids.join(' ')}).`,
      'Clear (bc) or disable (bd) one of them first; where one executes only, bp needs no hardware.',
      { slots, ids },
    ),
  /** `code`: of the system's error. */
  logFile: (path: string, code: string, why: string) =>
    new HawserError(
      'LOG_FILE',
      `Cannot write the log file '${path}': ${LOG_CAUSES[code] ?? why}.`,
      'Give the path of a file in a folder that exists and can be written, on the machine where the engine runs.',
      { path },
    ),
  /** The target cannot go on because of a breakpoint. */
  breakpointNotInserted: (message: string, action: string, data: Readonly<Record<string, unknown>>) =>
    new HawserError('BREAKPOINT_NOT_INSERTED', message, action, data),
  memoryUnreadable: (address: bigint) =>
    new HawserError('MEMORY_UNREADABLE', `Memory access error at 0x${address.toString(16)}`, '', {
      address: `0x${address.toString(16)}`,
    }),
  unsupported: (what: string, why: string, action = '') =>
    new HawserError('UNSUPPORTED', `${what} is not available: ${why}`, action, { what, why }),
  gdb: (message: string, command: string) => new HawserError('GDB', message, '', { command }),
  gdbMissing: (program: string) =>
    new HawserError(
      'GDB_MISSING',
      `GDB was not found (${program}).`,
      'Install it, for example: sudo apt-get install gdb',
      {
        program,
      },
    ),
  engineDied: (detail: string) =>
    new HawserError(
      'ENGINE_DIED',
      `The engine died: GDB ended by itself. ${detail}`.trim(),
      'Open or attach to the target again.',
    ),
  programNotFound: (path: string) =>
    new HawserError(
      'PROGRAM_NOT_FOUND',
      `Cannot run '${path}': no such file.`,
      'Check the path; it is of the machine where the target runs.',
      { path },
    ),
  programNotExecutable: (path: string, why: string) =>
    new HawserError(
      'PROGRAM_NOT_EXECUTABLE',
      `Cannot run '${path}': ${why}.`,
      'Check its permissions and that it is a program for this machine.',
      { path },
    ),
  attachRefused: (pid: number, why: string, action: string) =>
    new HawserError('ATTACH_REFUSED', `Cannot attach to process ${pid}: ${why}.`, action, { pid }),
  coreUnusable: (path: string, why: string) =>
    new HawserError(
      'CORE_UNUSABLE',
      `Cannot open core file '${path}': ${why}.`,
      'Check the path and the file.',
      { path },
    ),
  viewerOnly: () =>
    new HawserError(
      'VIEWER_ONLY',
      'You are a viewer of this session: you can look, not run commands.',
      'Ask its owner for the controller role.',
    ),
  ownerOnly: (what: string) =>
    new HawserError(
      'OWNER_ONLY',
      `${what} is for the owner of the session.`,
      'Use it at the machine where the session runs.',
    ),
  removed: () =>
    new HawserError(
      'REMOVED',
      'The owner of the session has removed you from it.',
      'Ask the owner before you connect again.',
    ),
  sessionEnded: () =>
    new HawserError('SESSION_ENDED', 'The session has ended.', 'Start or join another one.'),
  interrupted: () => new HawserError('INTERRUPTED', 'The command was cancelled by a break-in.'),
  badRequest: (why: string) => new HawserError('BAD_REQUEST', `The request was not understood: ${why}.`),
} as const;
