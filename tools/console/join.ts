import { localIdentity } from '../../engine/client/local-identity.ts';
import { connectResuming } from '../../engine/client/remote.ts';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import type { DebuggerArguments } from '../cli/debugger-options.ts';
import { askPassword, givenPassword } from '../cli/password.ts';
import { version } from '../cli/version.ts';
import { ConsoleFront } from './console-front.ts';

/** `-remote`: a console front of a session elsewhere. @returns the exit status */
export async function join(program: string, args: DebuggerArguments, connection: string): Promise<number> {
  let password = await givenPassword(args.passwordFile);
  const cancel = new AbortController();
  const interrupted = () => cancel.abort(connectionErrors.cancelled());
  process.once('SIGINT', interrupted);
  let front: ConsoleFront | null = null;
  const resumer = await connectResuming(connection, {
    identity: localIdentity(program, version),
    signal: cancel.signal,
    // Asked for once: a link that is made anew needs it again.
    getPassword: async (signal) => {
      password ??= await askPassword(signal);
      return password;
    },
    notice: (text) => void process.stderr.write(`${text}\n`),
    status: (status) => front?.linkStatus(status),
  }).finally(() => process.off('SIGINT', interrupted));
  front = new ConsoleFront(resumer.link, {
    owner: false,
    program: program.replace('hawser ', ''),
    noio: false,
    secure: () => false,
    localSourcePath: args.localSourcePath,
    breakOnConnect: args.start.breakOnConnect,
    commands: args.start.commands,
    giveUp: () => resumer.giveUp(),
  });
  process.on('SIGINT', () => front?.breakIn());
  let leaving = false;
  const leave = () => {
    leaving = true;
    resumer.link.close();
  };
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);
  const status = await front.run().catch((error: unknown) => {
    // The history is shown before the answer to our joining has come: no error for whoever has seen enough by then.
    if (leaving) return 0;
    throw error;
  });
  await resumer.ended();
  return status;
}
