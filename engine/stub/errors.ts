import { HawserError } from '../../transports/errors/error.ts';

/** The closed set of errors of remote stubs: one factory each. */
export const stubErrors = {
  /** gdbserver, or another stub, ended by itself; machine and link are there. */
  stubDied: (how: string) =>
    new HawserError(
      'STUB_DIED',
      `The stub died: it ended by itself. ${how}`.trim(),
      'Attach to the process or start the program again.',
      { how },
    ),
  /** `who`: HOST\user (tcp 192.0.2.5:50001). */
  processTaken: (pid: number, who: string) =>
    new HawserError(
      'PROCESS_TAKEN',
      `Cannot attach to process ${pid}: ${who} debugs it through this server.`,
      'Ask for a session to join (.server there, -remote here), or for it to be detached.',
      { pid, who },
    ),
  gdbserverMissing: (program: string) =>
    new HawserError(
      'GDBSERVER_MISSING',
      `gdbserver was not found (${program}) on the target machine.`,
      'Install it there, for example: sudo apt-get install gdbserver',
      { program },
    ),
  notAStub: (peer: string, looks: string) =>
    new HawserError(
      'NOT_A_STUB',
      `${peer} does not speak GDB's remote protocol${looks === '' ? '' : `: ${looks}`}.`,
      'Check the port; for a Hawser process server use tcp:server=…,port=… instead of gdb:.',
      { peer, looks },
    ),
  /** Packets are in order, and what is in them is not. `message`: GDB's own. */
  stubNotUnderstood: (peer: string, message: string) =>
    new HawserError(
      'STUB_NOT_UNDERSTOOD',
      `GDB cannot work with what ${peer} answers: ${message.replace(/\.$/, '')}.`,
      'Is it the stub of this kind of machine, and in order? Try it with gdb alone: target remote HOST:PORT.',
      { peer, message },
    ),
  stubSilent: (peer: string, seconds: number) =>
    new HawserError(
      'STUB_SILENT',
      `${peer} took the connection, but answers no packet within ${seconds} seconds.`,
      'It may be a stub that serves somebody else already (most serve one at a time), or no stub at all.',
      { peer },
    ),
  stubUnsupported: (stub: string, why: string, action = '') =>
    new HawserError('STUB_UNSUPPORTED', `This stub (${stub}) is not supported: ${why}.`, action, {
      stub,
      why,
    }),
  stubNoProcess: (connection: string) =>
    new HawserError(
      'STUB_NO_PROCESS',
      `${connection} has no process yet.`,
      'Name one: a program, -p PID or -pn NAME.',
      { connection },
    ),
  stubHasProcess: (connection: string) =>
    new HawserError(
      'STUB_HAS_PROCESS',
      `${connection} has its one process already: no other can be chosen.`,
      'Leave program, -p and -pn out; or start the stub without a program (gdbserver --multi).',
      { connection },
    ),
  noSuchProcess: (name: string) =>
    new HawserError(
      'NO_SUCH_PROCESS',
      `There is no process called '${name}' on the target machine.`,
      '.tlist lists those there are.',
      { name },
    ),
  manyProcesses: (name: string, pids: readonly number[]) =>
    new HawserError(
      'MANY_PROCESSES',
      `${pids.length} processes are called '${name}': ${pids.join(', ')}.`,
      'Choose one by -p PID.',
      { name, pids },
    ),
  /** `object`: `libraries`, say. */
  objectEndless: (object: string) =>
    new HawserError(
      'OBJECT_ENDLESS',
      `What the stub tells of ${object} never ends.`,
      'It is done without; look at the stub, which is not in order.',
      { object },
    ),
  fileUnreadable: (path: string, why: string) =>
    new HawserError(
      'FILE_UNREADABLE',
      `Cannot read '${path}' on the target machine: ${why}.`,
      'Check the path and its permissions.',
      { path },
    ),
  noImplicitCommandLine: (connection: string) =>
    new HawserError(
      'NO_IMPLICIT_COMMAND_LINE',
      `${connection} has no implicit command line: it was started without -pc.`,
      'Name a program, -p PID or -pn NAME instead of -cimp.',
      { connection },
    ),
  noPremote: () =>
    new HawserError(
      'NO_PROCESS_SERVER',
      'This session is not connected to a process server.',
      'Connect with -premote, or .attach -premote CONNECTION PID.',
    ),
} as const;
