import { createInterface } from 'node:readline';
import { localIdentity } from '../../engine/client/local-identity.ts';
import { type Keyword, LinePainter, parseColorFile } from '../../engine/shared-console/colors.ts';
import { joinConsole } from '../../engine/shared-console/join.ts';
import { sessionCommand } from '../../engine/shared-console/session-commands.ts';
import { banner, help, sessionOver } from '../../engine/shared-console/words.ts';
import { toHawserError } from '../../transports/errors/error.ts';
import { givenFile } from '../cli/given-file.ts';
import { UsageError } from '../cli/options.ts';
import { askPassword, givenPassword } from '../cli/password.ts';
import { version } from '../cli/version.ts';
import type { RemoteArguments } from './arguments.ts';

type ClientArguments = Extract<RemoteArguments, { kind: 'client' }>;

/** `/c`: joins a session until one leaves or it ends. @returns the exit status */
export async function join(args: ClientArguments): Promise<number> {
  const painter = new LinePainter(await keywords(args.colorFile), args);
  let shown = '';
  const show = (text: string) => {
    if (text !== '') shown = text;
    process.stdout.write(painter.paint(text));
  };
  const given = await givenPassword(args.passwordFile);
  const cancel = new AbortController();
  const interrupted = () => cancel.abort();
  process.once('SIGINT', interrupted);
  process.stdout.write(banner('CLIENT'));
  // What comes before the answer is history; the word that one is connected stands above it.
  let early = '';
  let connected = false;
  const session = await joinConsole({
    server: args.server,
    name: args.name,
    lines: args.lines,
    certificate: args.certificate,
    identity: localIdentity('hawser remote', version),
    signal: cancel.signal,
    getPassword: async (signal) => given ?? askPassword(signal),
    text: (text) => {
      if (connected) show(text);
      else early += text;
    },
  }).finally(() => process.off('SIGINT', interrupted));
  process.stdout.write('Connected...\n\n');
  connected = true;
  show(early);
  const lines = createInterface({ input: process.stdin });
  const leave = () => void session.leave();
  const type = async (line: string): Promise<void> => {
    const command = sessionCommand(line);
    if (command?.kind === 'help') process.stdout.write(help('client'));
    else if (command?.kind === 'leave') await session.leave();
    else await session.type(line);
  };
  // One after the other, and none lost where all come at once from a pipe.
  let last = Promise.resolve();
  lines.on('line', (line) => {
    last = last.then(() => type(line)).catch((error) => complain(error));
  });
  lines.on('close', () => void last.then(leave));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave);
  const reason = await session.closed;
  lines.close();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, leave);
  process.stdout.write(sessionOver(shown));
  if (!reason || reason.code === 'SERVER_ENDED') return 0;
  process.stderr.write(`${reason.text}\n`);
  return 1;
}

function complain(error: unknown): void {
  const own = toHawserError(error);
  // The link's end is told by the session's own.
  if (own.code !== 'LINK_LOST') process.stderr.write(`${own.text}\n`);
}

async function keywords(file: string | undefined): Promise<readonly Keyword[]> {
  if (file === undefined) return [];
  const parsed = parseColorFile(await givenFile(file, 'The colour file of /k'));
  if ('problem' in parsed) throw new UsageError(`${file}, line ${parsed.line}: ${parsed.problem}.`);
  return parsed.keywords;
}
