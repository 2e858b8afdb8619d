import type { Socket } from 'node:net';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { HawserError } from '../../transports/errors/error.ts';
import { DEFAULT_KEEP_ALIVE } from '../../transports/frames/keep-alive.ts';
import { connectHello } from '../../transports/hello/client.ts';
import type { Identity } from '../../transports/hello/messages.ts';
import { jsonLink } from '../../transports/json-link.ts';
import type { MessageLink } from '../../transports/message-link.ts';
import { openPipe } from '../../transports/npipe/open.ts';
import { isThisMachine } from '../../transports/npipe/this-machine.ts';
import { connect } from '../../transports/registry.ts';
import { Secret } from '../../transports/secret.ts';
import type { Connection } from '../../transports/transport.ts';
import { PROTOCOL_VERSION } from '../protocol/session.ts';
import { openRpc } from '../rpc/connection.ts';
import { fromResponseError } from '../rpc/errors.ts';
import { doorsTo } from './doors.ts';
import { sharedConsoleErrors } from './errors.ts';
import { pipeOf } from './pipe-name.ts';
import { clientString, type SharingCertificate } from './pipe-string.ts';
import { type SharedConsoleWelcome, textParams, welcome } from './protocol.ts';

export interface JoinOptions {
  /** Without backslashes. */
  readonly server: string;
  readonly name: string;
  readonly lines: number;
  readonly certificate: SharingCertificate | null;
  readonly identity: Identity;
  readonly signal: AbortSignal;
  readonly getPassword: (signal: AbortSignal) => Promise<string>;
  readonly text: (text: string) => void;
}

export interface JoinedConsole {
  readonly welcome: SharedConsoleWelcome;
  type(line: string): Promise<void>;
  leave(): Promise<void>;
  /** Null: it was ended, or left. */
  readonly closed: Promise<HawserError | null>;
}

/** Joins a session of Remote.exe by name. @throws HawserError */
export async function joinConsole(options: JoinOptions): Promise<JoinedConsole> {
  const connection = await reach(options);
  const { framed } = await connectHello(connection, {
    kind: 'remote',
    version: PROTOCOL_VERSION,
    identity: options.identity,
    getPassword: async (signal) => new Secret(await options.getPassword(signal)),
    signal: options.signal,
    framed: { keepAlive: DEFAULT_KEEP_ALIVE },
  });
  return attach(jsonLink(framed), options);
}

/** This user's own session first, then one that another user of this machine lets this one into. */
async function reach(options: JoinOptions): Promise<Connection> {
  const { server, name, signal, certificate } = options;
  const here = await isThisMachine(server);
  try {
    return await connect(clientString(server, options), { signal });
  } catch (error) {
    const none =
      error instanceof HawserError && (error.code === 'PIPE_NOT_FOUND' || error.code === 'NO_DIRECTORY');
    if (!none) throw error;
    const door = here && !certificate ? await throughDoor(name, signal) : null;
    if (door) return { stream: door, peer: `npipe ${name}`, peerAddress: 'npipe' };
    throw sharedConsoleErrors.notFound(server, name);
  }
}

async function throughDoor(name: string, signal: AbortSignal): Promise<Socket | null> {
  let refused = false;
  for (const path of await doorsTo(pipeOf(name))) {
    try {
      return await openPipe(path, { signal });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      refused ||= code === 'EACCES';
      if (code === 'CANCELLED') throw connectionErrors.cancelled();
    }
  }
  if (refused) throw sharedConsoleErrors.refused(name);
  return null;
}

async function attach(link: MessageLink, { lines, text }: JoinOptions): Promise<JoinedConsole> {
  const { connection, handled } = openRpc(link);
  connection.onNotification('console/text', (params: unknown) => {
    const parsed = textParams.safeParse(params);
    if (parsed.success) text(parsed.data.text);
  });
  const closed = new Promise<HawserError | null>((resolve) => {
    link.onClose((reason) => {
      void handled().then(() => {
        connection.dispose();
        resolve(reason);
      });
    });
  });
  connection.listen();
  const request = async (method: string, params: object): Promise<unknown> => {
    try {
      return await connection.sendRequest(method, params);
    } catch (error) {
      throw fromResponseError(error);
    }
  };
  const parsed = welcome.safeParse(await request('console/attach', { lines }));
  if (!parsed.success) throw connectionErrors.protocolViolation('an answer cannot be read', parsed.error);
  return {
    welcome: parsed.data,
    type: async (line) => void (await request('console/type', { line })),
    leave: async () => {
      await request('console/leave', {}).catch(() => undefined);
      link.close();
    },
    closed,
  };
}
