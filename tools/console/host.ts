import { localIdentity } from '../../engine/client/local-identity.ts';
import type { TargetSpec } from '../../engine/commands/host.ts';
import { serverStartedText } from '../../engine/format/server-lines.ts';
import { createGdbBackend } from '../../engine/gdb/backend.ts';
import { createSession, type Session } from '../../engine/session/index.ts';
import { toHawserError } from '../../transports/errors/error.ts';
import type { DebuggerArguments } from '../cli/debugger-options.ts';
import { givenPassword } from '../cli/password.ts';
import { version } from '../cli/version.ts';
import { ConsoleFront } from './console-front.ts';

/** A session of this process, its console in front: until it ends. @returns the exit status */
export async function hostSession(
  program: 'cdb' | 'kd',
  args: DebuggerArguments,
  target: TargetSpec,
): Promise<number> {
  const session = createSession({
    version,
    createBackend: (stub, file) => createGdbBackend({ stub, file }),
    historyCommands: args.historyCommands,
    resumeWindow: args.resumeWindow,
    secure: args.secure,
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void session.end());
  try {
    if (args.server !== undefined) await serve(session, args, args.server);
    const front = new ConsoleFront(session.connectLocal(localIdentity(`hawser ${program}`, version)), {
      owner: true,
      noio: args.noio,
      localSourcePath: undefined,
      breakOnConnect: false,
      program,
      secure: () => session.secure,
      commands: '',
      giveUp: () => undefined,
      inputEnded: () => session.endInTurn(),
    });
    process.on('SIGINT', () => front.breakIn());
    let failed: unknown;
    session.start(target, args.start).catch((error: unknown) => {
      failed = error;
    });
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
