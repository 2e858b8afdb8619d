import { connectionErrors } from '../errors/connection-errors.ts';
import { HawserError, toHawserError } from '../errors/error.ts';
import type { ServerKind } from '../errors/peer-errors.ts';
import { DEFAULT_MAX_PAYLOAD, type Framed, type FramedOptions } from '../frames/framed.ts';
import type { ScramVerifier } from '../scram/keys.ts';
import { ScramServer } from '../scram/server.ts';
import type { Connection } from '../transport.ts';
import type { AttemptLimiter } from './attempts.ts';
import type { HandshakeGate } from './gate.ts';
import { HelloLine, isGibberish } from './line.ts';
import { looksLike } from './looks.ts';
import {
  type Accepted,
  anyHello,
  type Hello,
  hello,
  type Identity,
  MAX_HELLO_BYTES,
  scram,
} from './messages.ts';

export interface AcceptHelloOptions {
  readonly kind: ServerKind;
  /** The remoting protocol's version. */
  readonly version: number;
  readonly identity: Identity;
  /** Absent: the server has no password. */
  readonly verifier?: ScramVerifier | undefined;
  readonly attempts: AttemptLimiter;
  readonly gate: HandshakeGate;
  /** Ends the handshake, as when the listener is closed. */
  readonly signal: AbortSignal;
  /** Called last, the password proved: an error refuses the client all the same (`TOO_MANY_CONNECTIONS`). */
  readonly admit?: (hello: Hello) => HawserError | null;
  /** How long a peer may take for its hello, ms. Default {@link HELLO_MS}. */
  readonly helloMs?: number;
  /** How long for everything after it, a person's typing of the password included, ms. Default {@link PROVE_MS}. */
  readonly proveMs?: number;
  readonly framed?: FramedOptions;
}

export interface Accepting {
  readonly framed: Framed;
  readonly hello: Hello;
}

export const HELLO_MS = 5_000;
export const PROVE_MS = 120_000;

/**
 * The server's side of the handshake. Nothing is sent before a valid hello. Takes the connection over, and
 * ends it when it fails; the error is for the server's log, the client was told what concerns it.
 * @throws HawserError `NOT_A_HAWSER_CLIENT`, `WRONG_PASSWORD`, `VERSION_MISMATCH`, `WRONG_KIND`, …
 */
export async function acceptHello(connection: Connection, options: AcceptHelloOptions): Promise<Accepting> {
  const line = new HelloLine(connection, MAX_HELLO_BYTES, options.framed ?? {}, options.signal);
  const leave = options.gate.enter(connection.peerAddress, () => line.framed.destroy());
  // What was refused holds its place until it is gone, or refusals would get round the cap.
  const gone = () => void line.framed.ended.then(leave);
  let spoken: unknown;
  try {
    spoken = await firstMessage(line, connection, options);
  } catch (error) {
    line.framed.destroy();
    gone();
    throw error;
  }
  try {
    const asked = readHello(spoken, options);
    const proof = options.verifier && (await checkPassword(line, connection, options, options.verifier));
    const refusal = options.admit?.(asked);
    if (refusal) throw refusal;
    const maxReceive = options.framed?.maxReceive ?? DEFAULT_MAX_PAYLOAD;
    const answer: Accepted = {
      hawser: 'accepted',
      protocol: options.version,
      server: options.identity,
      maxPayload: maxReceive,
      ...(proof !== undefined && { scram: proof }),
    };
    line.send(answer);
    leave();
    return { framed: line.release({ maxReceive, maxSend: asked.maxPayload }), hello: asked };
  } catch (error) {
    const reason = toHawserError(error);
    // Cancelled here is ended there.
    const told = reason.code === 'CANCELLED' ? connectionErrors.serverEnded() : reason;
    line.send({ hawser: 'refused', error: told.toWire() });
    line.framed.close();
    gone();
    throw reason;
  }
}

/** The first message, a hello of whatever version. */
async function firstMessage(
  line: HelloLine,
  { peer }: Connection,
  options: AcceptHelloOptions,
): Promise<unknown> {
  const stranger = () => {
    const { opening } = line.framed;
    return connectionErrors.notAHawserClient(peer, opening.length === 0 ? 'silent' : looksLike(opening));
  };
  try {
    const message = await line.receive(options.helloMs ?? HELLO_MS, stranger);
    if (anyHello.safeParse(message).success) return message;
  } catch (error) {
    const lost = error instanceof HawserError && error.code === 'LINK_LOST';
    if (!isGibberish(error) && !(lost && line.framed.opening.length > 0)) throw error;
  }
  throw stranger();
}

function readHello(message: unknown, options: AcceptHelloOptions): Hello {
  const { protocol } = anyHello.parse(message);
  if (protocol !== options.version) throw connectionErrors.versionMismatch(protocol, options.version);
  const { success, data, error } = hello.safeParse(message);
  if (!success) throw connectionErrors.protocolViolation('the hello cannot be read', error);
  if (data.kind !== options.kind) throw connectionErrors.wrongKind(data.kind, options.kind);
  return data;
}

/** @returns The server's own proof, for the client. */
async function checkPassword(
  line: HelloLine,
  connection: Connection,
  options: AcceptHelloOptions,
  verifier: ScramVerifier,
): Promise<string> {
  const { channelBinding, peer, peerAddress } = connection;
  const { proveMs = PROVE_MS } = options;
  const ended = options.attempts.begin(peerAddress);
  let result: 'right' | 'wrong' | 'neither' = 'neither';
  const until = performance.now() + proveMs;
  const next = async (): Promise<string> => {
    const left = Math.max(1, until - performance.now());
    const { success, data } = scram.safeParse(
      await line.receive(left, () => connectionErrors.noAnswer(peer, proveMs)),
    );
    if (!success) throw connectionErrors.protocolViolation('SCRAM was expected');
    return data.message;
  };
  try {
    const server = new ScramServer(verifier, { channelBinding });
    line.send({ hawser: 'password', mechanism: channelBinding ? 'SCRAM-SHA-256-PLUS' : 'SCRAM-SHA-256' });
    const clientFirst = await next();
    line.send({ hawser: 'scram', message: server.first(clientFirst) });
    const clientFinal = await next();
    // From here on a guess was made, whatever is wrong with it.
    result = 'wrong';
    const proof = server.final(clientFinal);
    result = 'right';
    return proof;
  } finally {
    ended(result);
  }
}
