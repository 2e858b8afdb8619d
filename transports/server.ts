import type { Duplex } from 'node:stream';
import type { ServerString } from './connection-string.ts';
import { connectionErrors } from './errors/connection-errors.ts';
import { type HawserError, toHawserError } from './errors/error.ts';
import type { ServerKind } from './errors/peer-errors.ts';
import type { Framed } from './frames/framed.ts';
import { DEFAULT_KEEP_ALIVE } from './frames/keep-alive.ts';
import { AttemptLimiter } from './hello/attempts.ts';
import { HandshakeGate } from './hello/gate.ts';
import type { Hello, Identity } from './hello/messages.ts';
import { acceptHello } from './hello/server.ts';
import { jsonLink } from './json-link.ts';
import type { MessageLink } from './message-link.ts';
import { listen } from './registry.ts';
import { createVerifier } from './scram/keys.ts';
import { Secret } from './secret.ts';
import type { Connection, Notice } from './transport.ts';

export interface ServerOptions {
  readonly kind: ServerKind;
  /** The remoting protocol's version. */
  readonly version: number;
  readonly identity: Identity;
  /** Somebody passed hello and password; the link is the callee's, and with it the connection that carries it. */
  readonly accept: (link: MessageLink, hello: Hello, peer: string, framed: Framed) => void;
  /** Somebody did not; for the log. */
  readonly refused: (error: HawserError, peer: string) => void;
  /** What a person at the server should read: a certificate about to expire, a client that is called again. */
  readonly notice?: Notice;
  /** Whether one more may come in. */
  readonly admit?: () => HawserError | null;
}

export interface RunningServer {
  readonly bound: ServerString;
  /** See {@link Listener.adopt}; absent where there is no other way in. */
  readonly adopt?: (stream: Duplex, from: string) => void;
  /** Takes no more; handshakes under way are ended, clients that are in stay. */
  close(): Promise<void>;
}

/** Less than {@link HELLO_MS}, so that it is we who find that two servers wait for each other. */
const CALLED_HELLO_MS = 4_000;

/** Shared by all servers of the program: who is slowed down on one port is so on the next. */
const attempts = new AttemptLimiter();
const gate = new HandshakeGate();

/**
 * Listens, and takes each caller through hello and password.
 * @throws HawserError why it cannot listen
 */
export async function openServer(target: ServerString, options: ServerOptions): Promise<RunningServer> {
  const { password } = target;
  const verifier = password instanceof Secret ? await createVerifier(password.reveal()) : undefined;
  if (password !== undefined && !verifier) throw connectionErrors.passwordNeeded();
  const isCalling = 'clicon' in target && target.clicon !== undefined;
  const closing = new AbortController();
  const welcome = async (connection: Connection) => {
    try {
      const { framed, hello } = await acceptHello(connection, {
        kind: options.kind,
        version: options.version,
        identity: options.identity,
        verifier,
        attempts,
        gate,
        signal: closing.signal,
        ...(isCalling && { helloMs: CALLED_HELLO_MS }),
        framed: { keepAlive: DEFAULT_KEEP_ALIVE },
        ...(options.admit && { admit: options.admit }),
      });
      options.accept(jsonLink(framed), hello, connection.peer, framed);
    } catch (error) {
      const failure = toHawserError(error);
      options.refused(isCalling ? asCaller(failure, connection.peer) : failure, connection.peer);
    }
  };
  const listener = await listen(target, (connection) => void welcome(connection), {
    refused: options.refused,
    ...(options.notice && { notice: options.notice }),
  });
  return {
    bound: listener.bound,
    ...(listener.adopt && { adopt: (stream, from) => listener.adopt?.(stream, from) }),
    close: async () => {
      closing.abort();
      await listener.close();
    },
  };
}

/** A client that waited for our call speaks at once; another server waits as we do. */
function asCaller(error: HawserError, peer: string): HawserError {
  const silent = error.code === 'NOT_A_HAWSER_CLIENT' && error.data.looks === 'silent';
  return silent ? connectionErrors.cliconMismatch(peer, 'server') : error;
}
