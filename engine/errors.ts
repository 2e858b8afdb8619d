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

const ERRNO: Readonly<Record<number, string>> = {
  1: 'EPERM, not permitted',
  12: 'ENOMEM, not enough memory',
  17: 'EEXIST, something is mapped there',
  22: 'EINVAL, no such range of pages',
};

/** The closed set of errors of the engine: one factory each. Texts follow WinDbg's where it has one. */
export const engineErrors = {
  secureMode: (what: string, why: string) =>
    new HawserError(
      'SECURE_MODE',
      `${what} is refused in secure mode: ${why}.`,
      'Secure mode lasts until the debugger ends; start it anew without -secure.',
      { what },
    ),
  secureTooLate: (why: string) =>
    new HawserError(
      'SECURE_MODE_TOO_LATE',
      `Secure mode cannot be turned on any more: ${why}.`,
      'Start the debugger with -secure.',
    ),
  secureForGood: () =>
    new HawserError(
      'SECURE_MODE',
      'Secure mode cannot be turned off.',
      'It lasts until the debugger ends; start it anew without -secure.',
    ),
  syntax: (rest: string, offset: number) =>
    new HawserError('SYNTAX', `Syntax error at '${rest}'`, '', { offset }),
  /** A line that ends where a number is due. */
  operandMissing: (offset: number) =>
    new HawserError('SYNTAX', "Numeric expression missing from '<EOL>'", '', { offset }),
  unresolved: (rest: string, offset?: number) =>
    new HawserError('UNRESOLVED', `Couldn't resolve error at '${rest}'`, '', {
      ...(offset !== undefined && { offset }),
    }),
  /** Of a symbol without debug information. */
  noType: (name: string) => new HawserError('OPERAND', `Type information missing error for ${name}`),
  /** Of a C++ expression. */
  noValue: (why: string) => new HawserError('OPERAND', `The expression has no value: ${why}.`),
  operand: () => new HawserError('OPERAND', 'Operand error', 'Check for a division by zero.'),
  badRegister: (rest: string, offset?: number) =>
    new HawserError('BAD_ARGUMENT', `Bad register error at '${rest.trimEnd()}'`, '', {
      ...(offset !== undefined && { offset }),
    }),
  unknownCommand: (name: string, offset: number, nearest: string | null) =>
    new HawserError(
      'UNKNOWN_COMMAND',
      name.startsWith('!') ? `No export ${name.slice(1)} found` : `Unknown command '${name}'`,
      name.startsWith('{')
        ? 'Braces follow a token such as .if; where none is meant, write .block { … }.'
        : nearest
          ? `Did you mean ${nearest}? .help lists all commands.`
          : '.help lists all commands.',
      { offset },
    ),
  /** Of GNU's assembler, in its words. */
  assembler: (why: string) => new HawserError('BAD_ARGUMENT', `It cannot be assembled: ${why}`),
  /** Where a person would be asked for values. */
  nobodyToAsk: (offset: number) =>
    new HawserError(
      'BAD_ARGUMENT',
      'Values are missing, and nobody can be asked for them here',
      'Give them in the command.',
      { offset },
    ),
  badArgument: (reason: string, offset: number) => new HawserError('BAD_ARGUMENT', reason, '', { offset }),
  /** A limit that keeps the session quick whatever is typed. */
  tooMuch: (what: string, limit: number, unit: string, action = '') =>
    new HawserError('TOO_MUCH', `${what} has more than ${limit} ${unit}.`, action, { limit }),
  /** Of a search that keeps its hits. */
  tooManyHits: (limit: number) =>
    new HawserError(
      'TOO_MUCH',
      'Overflow error',
      `Only the first 0x${limit.toString(16)} hits are kept; n and a number, last in the brackets, takes more.`,
      { limit },
    ),
  /** A file that memory is written to or read from. `code`: of the system's error. */
  memoryFile: (path: string, code: string, why: string) =>
    new HawserError(
      'SCRIPT_FILE',
      `Cannot use '${path}': ${code === 'ENOENT' ? 'there is no such file or folder' : (LOG_CAUSES[code] ?? why)}.`,
      'Give the path of a file on the machine where the engine runs.',
      { path },
    ),
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
  /** `code`: of the system's error. */
  logFileEnded: (path: string, code: string, why: string) =>
    new HawserError(
      'LOG_FILE',
      `The log file '${path}' ends here and was closed: ${LOG_CAUSES[code] ?? why}.`,
      'Make room there, then go on with .logappend; the session itself has lost nothing.',
      { path },
    ),
  /** `code`: of the system's error. */
  scriptFile: (path: string, code: string, why: string) =>
    new HawserError(
      'SCRIPT_FILE',
      `Cannot read '${path}': ${code === 'ENOENT' ? 'there is no such file' : (LOG_CAUSES[code] ?? why)}.`,
      'Give the path of a text file on the machine where the engine runs.',
      { path },
    ),
  hostAccess: (what: string) =>
    new HawserError(
      'OWNER_ONLY',
      `${what} is for the owner of the session: it touches the machine that the engine runs on.`,
      'The owner can allow it to remote clients with .hostaccess 1.',
    ),
  /** The target cannot go on because of a breakpoint. */
  breakpointNotInserted: (message: string, action: string, data: Readonly<Record<string, unknown>>) =>
    new HawserError('BREAKPOINT_NOT_INSERTED', message, action, data),
  allHeld: () =>
    new HawserError(
      'BAD_ARGUMENT',
      'No thread can run: all are frozen or suspended.',
      '~*u unfreezes them, ~*m takes one from each suspend count; ~ lists them.',
    ),
  threadHeld: (thread: number) =>
    new HawserError(
      'BAD_ARGUMENT',
      `Thread ${thread} is frozen or suspended.`,
      `~${thread}u unfreezes it, ~${thread}m takes one from its suspend count.`,
    ),
  memoryUnreadable: (address: bigint) =>
    new HawserError('MEMORY_UNREADABLE', `Memory access error at 0x${address.toString(16)}`, '', {
      address: `0x${address.toString(16)}`,
    }),
  /** `errno` of the target's kernel. */
  memoryMapping: (what: string, errno: number) =>
    new HawserError(
      'MEMORY_MAPPING',
      `${what}: the target's kernel refused it (${ERRNO[errno] ?? `errno ${errno}`}).`,
      '!address lists what is mapped.',
      { errno },
    ),
  noSource: (why: string, action: string) => new HawserError('NO_SOURCE', `${why}.`, action),
  noCode: (address: bigint) =>
    new HawserError(
      'NO_CODE',
      'No code found, aborting',
      `No function is known at 0x${address.toString(16)}; u shows its instructions.`,
    ),
  unsupported: (what: string, why: string, action = '') =>
    new HawserError('UNSUPPORTED', `${what} is not available: ${why}`, action, { what, why }),
  /** Of `dx`. */
  modelError: (why: string, expression: string) => {
    const unknown = /^No symbol "(.*?)" in /.exec(why)?.[1];
    return new HawserError(
      'OPERAND',
      `Error: ${unknown === undefined ? why : `Unable to bind name '${unknown}'`}`,
      '',
      {
        expression,
      },
    );
  },
  noLocals: () =>
    new HawserError(
      'UNSUPPORTED',
      'Unable to enumerate locals, HRESULT 0x80004005\nPrivate symbols are required for locals.',
      'The code of this frame has no debug information; .frame selects another one, .sympath says where symbols are looked for.',
    ),
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
  /** One line. */
  gdbArchitecture: (architecture: string) =>
    new HawserError(
      'GDB_ARCHITECTURE',
      `No GDB of this machine knows ${architecture}, the target's architecture; one that knows all is in the package gdb-multiarch (sudo apt-get install gdb-multiarch).`,
      '',
      { architecture },
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
  noShell: (what: string) =>
    new HawserError(
      'NO_SHELL',
      `${what} is refused: .noshell was given.`,
      'It lasts until the debugger ends; start it anew.',
    ),
  executionForbidden: (what: string) =>
    new HawserError(
      'EXECUTION_FORBIDDEN',
      `${what} is refused: commands that run the target are not allowed now.`,
      '.allow_exec_cmds 1 allows them.',
    ),
  quitLocked: (what: string) =>
    new HawserError(
      'QUIT_LOCKED',
      `${what} is refused: there is a quit lock.`,
      'The owner of the session takes it away: .quit_lock /q "PASSWORD".',
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
