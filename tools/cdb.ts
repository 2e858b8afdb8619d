import { localIdentity } from '../engine/client/local-identity.ts';
import { serverStartedText } from '../engine/format/server-lines.ts';
import { createGdbBackend } from '../engine/gdb/backend.ts';
import { createSession, type Session } from '../engine/session/index.ts';
import { toHawserError } from '../transports/errors/error.ts';
import { type DebuggerArguments, debuggerOptions, parseDebuggerArguments } from './cli/debugger-options.ts';
import { type OptionSpec, optionLines, UsageError } from './cli/options.ts';
import { givenPassword } from './cli/password.ts';
import { queriedMachine, queryServers } from './cli/query-servers.ts';
import type { Tool } from './cli/tool.ts';
import { version } from './cli/version.ts';
import { ConsoleFront } from './console/console-front.ts';
import { join } from './console/join.ts';

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
    if (args.remote !== undefined) return join('hawser cdb', args, args.remote);
    if (!args.target)
      throw new UsageError('Nothing to debug: give a program, -p PID or -z CORE, or join with -remote.');
    return host(args);
  },
};

async function host(args: DebuggerArguments): Promise<number> {
  const session = createSession({
    version,
    createBackend: () => createGdbBackend({}),
    historyCommands: args.historyCommands,
    resumeWindow: args.resumeWindow,
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void session.end());
  try {
    if (args.server !== undefined) await serve(session, args, args.server);
    const front = new ConsoleFront(session.connectLocal(localIdentity('hawser cdb', version)), {
      owner: true,
      noio: args.noio,
      localSourcePath: undefined,
      breakOnConnect: false,
      commands: '',
      giveUp: () => undefined,
      inputEnded: () => session.endInTurn(),
    });
    process.on('SIGINT', () => front.breakIn());
    let failed: unknown;
    if (args.target) {
      session.start(args.target, args.start).catch((error: unknown) => {
        failed = error;
      });
    }
    const status = await front.run();
    if (failed === undefined) return status;
    process.stderr.write(`${toHawserError(failed).text}\n`);
    return 1;
  } finally {
    await session.end();
  }
}

async function serve(session: Session, args: DebuggerArguments, connection: string): Promise<void> {
  const password = await givenPassword(args.passwordFile);
  // Through the session, so that a warning stands before it; without a console on standard error.
  const aside = (text: string) => void (args.noio && process.stderr.write(text));
  const started = serverStartedText([await session.startServer(connection, password, aside)]);
  session.announce(started);
  aside(started);
}
