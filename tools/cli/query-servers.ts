import {
  type ListedKind,
  type ListedServer,
  listServers,
  plainMachine,
} from '../../transports/directory/index.ts';
import { HawserError } from '../../transports/errors/error.ts';
import { UsageError } from './options.ts';

const OPTION = /^[-/\u2013]QR$/i;

const kindNames: Readonly<Record<ListedKind, string>> = {
  debugger: 'Debugger Server',
  process: 'Remote Process Server',
  kd: 'Remote Kernel Debugger Server',
  remote: 'Remote.exe Server',
};

/** `-QR \\MACHINE`: the machine, as typed; null when it is not asked for. @throws UsageError */
export function queriedMachine(argv: readonly string[]): string | null {
  if (!argv.some((word) => OPTION.test(word))) return null;
  const [, machine] = argv;
  if (
    argv.length !== 2 ||
    machine === undefined ||
    !OPTION.test(argv[0] ?? '') ||
    plainMachine(machine) === ''
  )
    throw new UsageError('-QR takes the name of a machine and stands alone, as in: -QR \\\\MACHINE');
  return machine;
}

/** Prints the servers of a machine. @returns the exit status: 0 also when there are none. @throws HawserError */
export async function queryServers(machine: string): Promise<number> {
  const cancel = new AbortController();
  const interrupted = () => cancel.abort();
  process.once('SIGINT', interrupted);
  try {
    process.stdout.write(serverLines(machine, await listed(machine, cancel.signal)));
    return 0;
  } finally {
    process.off('SIGINT', interrupted);
  }
}

/** A machine that answers and has no directory has no servers, as one whose directory shows none. */
async function listed(machine: string, signal: AbortSignal): Promise<readonly ListedServer[]> {
  try {
    return await listServers(machine, { signal });
  } catch (error) {
    if (error instanceof HawserError && error.code === 'NO_DIRECTORY') return [];
    throw error;
  }
}

/** The lines after the first can be pasted from the ` - ` on. */
export function serverLines(machine: string, servers: readonly ListedServer[]): string {
  const lines = servers.map(
    ({ kind, connection, answering }) =>
      `${kindNames[kind]} - ${connection}${answering ? '' : '  (not answering)'}\n`,
  );
  const none = 'None that this machine may reach: hidden servers are never listed.\n';
  return `Servers on ${machine}:\n${lines.length > 0 ? lines.join('') : none}`;
}
