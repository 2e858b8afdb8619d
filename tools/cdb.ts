import { localIdentity } from '../engine/client/local-identity.ts';
import { connectResuming } from '../engine/client/remote.ts';
import { serverStartedText } from '../engine/format/server-lines.ts';
import { createGdbBackend } from '../engine/gdb/backend.ts';
import { createSession, type Session } from '../engine/session/index.ts';
import { connectionErrors } from '../transports/errors/connection-errors.ts';
import { toHawserError } from '../transports/errors/error.ts';
import { type DebuggerArguments, debuggerOptions, parseDebuggerArguments } from './cli/debugger-options.ts';
import { type OptionSpec, optionLines, UsageError } from './cli/options.ts';
import { askPassword, givenPassword } from './cli/password.ts';
import { queriedMachine, queryServers } from './cli/query-servers.ts';
import type { Tool } from './cli/tool.ts';
import { version } from './cli/version.ts';
import { ConsoleFront } from './console/console-front.ts';

const options: readonly OptionSpec[] = [
  ...debuggerOptions,
  { names: ['noio'], help: 'a server without a console: takes no input, prints nothing' },
];

/** The console debugger: debugs by itself, serves a session, or joins one. */
export const cdb: Tool = {
  name: 'cdb',
  summary: 'the console debugger: debug, be a debugging server, join a session',

  help: () => `hawser cdb: the console debugger

Usage:
  hawser cdb [-server CONNECTION] [OPTIONS] PROGRAM [ARGUMENTS]
  hawser cdb [-server CONNECTION] [OPTIONS] -p PID
  hawser cdb [-server CONNECTION] [OPTIONS] -z CORE [PROGRAM]
  hawser cdb -remote CONNECTION [OPTIONS]
  hawser cdb -QR \\\\MACHINE

-QR lists the servers of a machine that others may know of, and ends; the backslashes may be left out.

Options:
${optionLines(options)}

At its prompt .help lists the commands. Ctrl+C breaks in; on a client CTRL+B ENTER leaves. With standard
input not a terminal, commands are read from it line by line.`,

  async run(argv) {
    const machine = queriedMachine(argv);
    if (machine !== null) return queryServers(machine);
    const args = parseDebuggerArguments(argv, options);
    if (args.remote !== undefined) return join(args, args.remote);
    if (!args.target)
      throw new UsageError('Nothing to debug: give a program, -p PID or -z CORE, or join with -remote.');
    return host(args);
  },
};

async function join(args: DebuggerArguments, connection: string): Promise<number> {
  let password = await givenPassword(args.passwordFile);
  const cancel = new AbortController();
  const interrupted = () => cancel.abort(connectionErrors.cancelled());
  process.once('SIGINT', interrupted);
  let front: ConsoleFront | null = null;
  const resumer = await connectResuming(connection, {
    identity: localIdentity('hawser cdb', version),
    signal: cancel.signal,
    // Asked for once: a link that is made anew needs it again.
    getPassword: async (signal) => {
      password ??= await askPassword(signal);
      return password;
    },
    status: (status) => front?.linkStatus(status),
  }).finally(() => process.off('SIGINT', interrupted));
  front = new ConsoleFront(resumer.link, {
    owner: false,
    noio: false,
    localSourcePath: args.localSourcePath,
    breakOnConnect: args.start.breakOnConnect,
    commands: args.start.commands,
    giveUp: () => resumer.giveUp(),
  });
  process.on('SIGINT', () => front?.breakIn());
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resumer.link.close());
  const status = await front.run();
  await resumer.ended();
  return status;
}

async function host(args: DebuggerArguments): Promise<number> {
  const session = createSession({
    version,
    createBackend: () => createGdbBackend({}),
    historyCommands: args.historyCommands,
  });
  const atEnd = args.start.detachAtEnd ? 'detach' : 'kill';
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void session.end(atEnd));
  try {
    if (args.server !== undefined) await serve(session, args, args.server);
    const front = new ConsoleFront(session.connectLocal(localIdentity('hawser cdb', version)), {
      owner: true,
      noio: args.noio,
      localSourcePath: undefined,
      breakOnConnect: false,
      commands: '',
      giveUp: () => undefined,
    });
    process.on('SIGINT', () => front.breakIn());
    let failed: unknown;
    if (args.target) {
      session.start(args.target, args.start).catch((error: unknown) => {
        failed = error;
        void session.end('kill');
      });
    }
    const status = await front.run();
    if (failed === undefined) return status;
    process.stderr.write(`${toHawserError(failed).text}\n`);
    return 1;
  } finally {
    await session.end(atEnd);
  }
}

async function serve(session: Session, args: DebuggerArguments, connection: string): Promise<void> {
  const password = await givenPassword(args.passwordFile);
  const server = await session.startServer(connection, password);
  (args.noio ? process.stderr : process.stdout).write(serverStartedText([server]));
}
