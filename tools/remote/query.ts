import { sessionOf } from '../../engine/shared-console/pipe-name.ts';
import { parseConnectionString } from '../../transports/connection-string.ts';
import { type ListedServer, queryMachine } from '../../transports/directory/index.ts';
import { HawserError } from '../../transports/errors/error.ts';

/** `/q`: lists the visible sessions of a machine, those too that one may not join. @returns the exit status */
export async function query(machine: string): Promise<number> {
  process.stdout.write(`Querying server \\\\${machine}\n`);
  const cancel = new AbortController();
  process.once('SIGINT', () => cancel.abort());
  const { servers, unlisted } = await listed(machine, cancel.signal);
  process.stdout.write(sessionLines(machine, servers, unlisted));
  return 0;
}

async function listed(machine: string, signal: AbortSignal): ReturnType<typeof queryMachine> {
  try {
    return await queryMachine(machine, { signal });
  } catch (error) {
    if (error instanceof HawserError && error.code === 'NO_DIRECTORY') return { servers: [], unlisted: 0 };
    throw error;
  }
}

/** The column of the command is 32 wide. */
const WIDTH = 32;

/** `hidden`: how many more sessions there are, whose servers do not want to be listed. */
export function sessionLines(machine: string, servers: readonly ListedServer[], hidden: number): string {
  const sessions = servers.filter(({ kind }) => kind === 'remote');
  if (sessions.length === 0 && hidden > 0) return `No visible sessions on server \\\\${machine}\n`;
  if (sessions.length === 0) return `No Remote servers running on \\\\${machine}\n`;
  const lines = sessions.map(({ program, connection, answering }) => {
    const name = nameOf(connection);
    const state = answering ? 'visible' : 'not answering';
    return `${program.padEnd(WIDTH)}[Remote /C ${machine.toUpperCase()} "${name}"] ${state}\n`;
  });
  return `Visible sessions on server ${machine.toUpperCase()}:\n\n${lines.join('')}`;
}

function nameOf(connection: string): string {
  try {
    const parsed = parseConnectionString(connection, { role: 'client', backslashes: 'strip' });
    return 'pipe' in parsed ? (sessionOf(parsed.pipe) ?? parsed.pipe) : connection;
  } catch {
    return connection;
  }
}
