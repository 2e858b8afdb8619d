import { type ClientString, formatConnectionString, parseConnectionString } from '../connection-string.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import { HawserError } from '../errors/error.ts';
import { isThisMachine } from '../npipe/this-machine.ts';
import { type AskOptions, askDirectory } from './ask.ts';
import type { ListedServer } from './messages.ts';
import { directoryPort } from './port.ts';

export interface ListOptions {
  readonly signal: AbortSignal;
  /** Default {@link LIST_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
}

export const LIST_TIMEOUT_MS = 10_000;

/** A machine's name as typed, without the backslashes that may stand before it. Empty: this machine. */
export function plainMachine(typed: string): string {
  const name = typed.trim().replace(/^[\\/]+/, '');
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
}

/**
 * The servers that are registered with a machine's directory, the oldest first.
 * @param machine with or without backslashes
 * @throws HawserError `HOST_NOT_FOUND`, `NO_ROUTE`, `NO_DIRECTORY` (nothing registered, or nothing for this machine),
 * `CONNECT_TIMED_OUT`, `NO_ANSWER`, `NOT_A_DIRECTORY`, `VERSION_MISMATCH`, `TOO_MANY_REQUESTS`, `DIRECTORY_OFF`, `CANCELLED`
 */
export async function listServers(machine: string, options: ListOptions): Promise<readonly ListedServer[]> {
  return (await queryMachine(machine, options)).servers;
}

/** As {@link listServers}, and how many more there are that do not want to be listed. */
export async function queryMachine(
  machine: string,
  options: ListOptions,
): Promise<{ readonly servers: readonly ListedServer[]; readonly unlisted: number }> {
  const name = plainMachine(machine);
  const asking = { signal: options.signal, timeoutMs: options.timeoutMs ?? LIST_TIMEOUT_MS };
  const { host, port } = await directoryOf(name, asking);
  const answer = await askDirectory(host, port, { request: 'list' }, asking).catch((error: unknown) => {
    // As the machine was called.
    const none = error instanceof HawserError && error.code === 'NO_DIRECTORY';
    throw none ? connectionErrors.noDirectory(name || 'this machine', port, error) : error;
  });
  if (answer.hawser === 'servers') return { servers: answer.servers, unlisted: answer.unlisted ?? 0 };
  throw connectionErrors.notADirectory(host, port, 'it answered something else');
}

/** Where to ask: this machine's own on loopback, which tells more. */
async function directoryOf(machine: string, options: AskOptions): Promise<{ host: string; port: number }> {
  const port = directoryPort();
  if (port === null) throw connectionErrors.directoryOff();
  return { host: (await isOwn(machine, options)) ? '127.0.0.1' : machine, port };
}

/** Name services may take their time, and nobody can call them off: what they find is not waited for then. */
function isOwn(machine: string, { signal, timeoutMs }: AskOptions): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(connectionErrors.cancelled());
    const late = setTimeout(() => reject(connectionErrors.hostNotFound(machine)), timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    void isThisMachine(machine).then((own) => {
      clearTimeout(late);
      signal.removeEventListener('abort', cancel);
      resolve(own === true);
    });
  });
}

/** What a client types to reach a listed server; `Password=*` stands where one is needed, at the end. */
export function connectionTo(machine: string, { connection, reach }: ListedServer): string {
  const name = plainMachine(machine);
  try {
    const parsed = parseConnectionString(connection, { role: 'client', backslashes: 'strip' });
    // A cable's ends have no machine.
    if (parsed.protocol === 'com') return formatConnectionString(parsed);
    // What only this machine reaches listens on none of its other addresses.
    const local = name === '' || (reach === 'machine' && 'port' in parsed);
    return formatConnectionString({ ...parsed, server: local ? 'localhost' : name } as ClientString);
  } catch (error) {
    // A protocol of a newer version, say: whoever connects is told what is wrong with it.
    if (error instanceof HawserError) return connection;
    throw error;
  }
}
