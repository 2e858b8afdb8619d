import { homedir, hostname } from 'node:os';
import { localIdentity } from '../../engine/client/local-identity.ts';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { toHawserError } from '../../transports/errors/error.ts';
import type { HubConnection } from '../client/hub-connection.ts';
import { SessionKeyStore } from '../client/key-store.ts';
import { createHostKeys, type HostKeys } from '../client/keys.ts';
import { makeFragment } from '../client/links.ts';
import type { SessionInfo } from '../protocol/hub.ts';
import { debuggerCommand } from './debugger.ts';
import { startAgent } from './start-agent.ts';

export interface HostSessionOptions {
  /** Signed in as somebody who may host. */
  readonly connection: HubConnection;
  /** Of the certificate, if the connection was made with one. */
  readonly fingerprint?: string | undefined;
  /** Debugger location: `cdb` or `kd` (Hawser's own), a name to be found as in a shell (`gdb`), or a path. */
  readonly debugger: string;
  /** Arguments, one line, quoted as in a shell. */
  readonly arguments: string;
  readonly name: string;
  readonly description: string;
  /** Where the debugger runs. Default: the home folder. */
  readonly folder?: string;
  /** Bytes that may wait for a hub that is away; then the debugger waits. Default 1 GiB. */
  readonly spool?: number;
  readonly keyStore?: SessionKeyStore;
  readonly version: string;
  readonly signal?: AbortSignal;
}

export interface HostedSession {
  readonly session: SessionInfo;
  /** Kept in the key store already. */
  readonly keys: HostKeys;
  /** Process of the agent. */
  readonly pid: number;
}

const SPOOL_BYTES = 1 << 30;

/**
 * Actions, Host Session: makes the session at the hub, and starts its debugger in an agent of its own, which this program may
 * leave alone from then on. What fails leaves no session behind.
 * @throws HawserError `DEBUGGER_NOT_FOUND`, `DEBUGGER_UNUSABLE`, `AGENT_…`, the hub's, `CANCELLED`
 */
export async function hostSession(options: HostSessionOptions): Promise<HostedSession> {
  const { connection, signal } = options;
  const command = debuggerCommand(options.debugger, options.arguments);
  const { session, agentToken } = await connection.request(
    'session/create',
    {
      name: options.name,
      description: options.description,
      computer: hostname(),
      direct: !command.remote,
    },
    { signal },
  );
  try {
    const keys = createHostKeys();
    await (options.keyStore ?? new SessionKeyStore()).put(connection.origin, session.id, keys);
    if (signal?.aborted) throw connectionErrors.cancelled();
    const pid = await startAgent(
      {
        hub: connection.origin,
        ...(options.fingerprint !== undefined && { fingerprint: options.fingerprint }),
        token: agentToken,
        session: session.id,
        name: options.name,
        fragment: makeFragment(keys),
        program: `${localIdentity('hawser agent', options.version).program} ${options.version}`,
        debugger: { ...command, args: [...command.args] },
        folder: options.folder ?? homedir(),
        spool: options.spool ?? SPOOL_BYTES,
      },
      signal,
    );
    return { session, keys, pid };
  } catch (error) {
    await connection.request('session/terminate', { session: session.id }).catch(() => undefined);
    await connection.request('session/removeFromList', { session: session.id }).catch(() => undefined);
    throw toHawserError(error);
  }
}
