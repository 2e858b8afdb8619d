import { connectionErrors } from '../errors/connection-errors.ts';
import { HawserError } from '../errors/error.ts';
import type { ServerKind } from '../errors/peer-errors.ts';
import { DEFAULT_MAX_PAYLOAD, type Framed, type FramedOptions } from '../frames/framed.ts';
import { ScramClient } from '../scram/client.ts';
import type { Secret } from '../secret.ts';
import type { Connection } from '../transport.ts';
import { HelloLine, isGibberish } from './line.ts';
import { looksLike } from './looks.ts';
import {
  type Accepted,
  type Answer,
  answer,
  anyHello,
  type Hello,
  type Identity,
  MAX_ANSWER_BYTES,
} from './messages.ts';

export interface ConnectHelloOptions {
  readonly kind: ServerKind;
  /** The remoting protocol's version. */
  readonly version: number;
  readonly identity: Identity;
  /**
   * Called only when the server wants a password, at most once. Rejecting it, or null for none, ends the attempt;
   * the signal fires when the attempt ends before the answer is there.
   */
  readonly getPassword: (signal: AbortSignal) => Promise<Secret | null>;
  readonly signal: AbortSignal;
  readonly resume?: string;
  /** How long the server may take for each of its answers, ms. Default {@link ANSWER_MS}. */
  readonly answerMs?: number;
  readonly framed?: FramedOptions;
}

export interface Connected {
  readonly framed: Framed;
  /** How the server calls itself. */
  readonly server: Identity;
}

export const ANSWER_MS = 10_000;
/** How long a GDB stub may take to acknowledge a packet. */
const STUB_ANSWER_MS = 1_000;
/** How long a person may take to type a password; the server's own patience ends sooner. */
const PASSWORD_MS = 10 * 60_000;

/**
 * The client's hello, and the password where one is wanted. Takes the connection over, and cuts it when it fails.
 * @throws HawserError `VERSION_MISMATCH`, `WRONG_KIND`, `WRONG_PASSWORD`, `PASSWORD_NEEDED`, `SERVER_NOT_PROVED`,
 * `NOT_A_HAWSER_SERVER`, `NO_ANSWER`, `TOO_MANY_…`, `CANCELLED`, `LINK_LOST`
 */
export async function connectHello(connection: Connection, options: ConnectHelloOptions): Promise<Connected> {
  const line = new HelloLine(connection, MAX_ANSWER_BYTES, options.framed ?? {}, options.signal);
  try {
    const maxReceive = options.framed?.maxReceive ?? DEFAULT_MAX_PAYLOAD;
    const hello: Hello = {
      hawser: 'hello',
      protocol: options.version,
      kind: options.kind,
      client: options.identity,
      maxPayload: maxReceive,
      ...(options.resume !== undefined && { resume: options.resume }),
    };
    line.send(hello);
    let reply = await firstAnswer(line, connection, options);
    if (reply.hawser === 'password') reply = await provePassword(line, connection, options);
    const accepted = expectAccepted(reply);
    return { framed: line.release({ maxReceive, maxSend: accepted.maxPayload }), server: accepted.server };
  } catch (error) {
    line.framed.destroy();
    throw error;
  }
}

/** What goes wrong before the first answer says what the peer is. */
async function firstAnswer(
  line: HelloLine,
  connection: Connection,
  options: ConnectHelloOptions,
): Promise<Answer> {
  const { peer } = connection;
  try {
    const { answerMs = ANSWER_MS } = options;
    return await nextAnswer(line, connection.peer, answerMs, () => connectionErrors.noAnswer(peer, answerMs));
  } catch (error) {
    const code = error instanceof HawserError ? error.code : '';
    if (code === 'NO_ANSWER' && line.framed.opening.length === 0) await askAsGdb(line, connection);
    const { opening } = line.framed;
    // A server of ours that lets nobody in says so; silence that ends, or noise, is another program's.
    if (isGibberish(error) || code === 'LINK_LOST' || (code === 'NO_ANSWER' && opening.length > 0))
      throw connectionErrors.notAHawserServer(peer, looksLike(opening));
    throw error;
  }
}

/** A GDB stub waits in silence for a packet: given up anyway, the peer gets one, whose answer tells what it is. */
async function askAsGdb(line: HelloLine, { stream }: Connection): Promise<void> {
  stream.write('$qSupported#37');
  await line.receive(STUB_ANSWER_MS, connectionErrors.cancelled).catch(() => {});
}

async function provePassword(
  line: HelloLine,
  connection: Connection,
  options: ConnectHelloOptions,
): Promise<Accepted> {
  // The answer to our first SCRAM message, waited for already: a server that ends while a person types is heard.
  const answering = nextAnswer(line, connection.peer, PASSWORD_MS, connectionErrors.passwordNeeded);
  const password = await askPassword(answering, options);
  if (!password) throw connectionErrors.passwordNeeded();
  const client = new ScramClient({ channelBinding: connection.channelBinding });
  line.send({ hawser: 'scram', message: client.first() });
  const { answerMs = ANSWER_MS } = options;
  const late = () => connectionErrors.noAnswer(connection.peer, answerMs);
  const serverFirst = await line.guard(answering, answerMs, late);
  if (serverFirst.hawser !== 'scram') throw connectionErrors.protocolViolation('SCRAM was not answered');
  line.send({ hawser: 'scram', message: await client.final(serverFirst.message, password.reveal()) });
  const accepted = expectAccepted(await nextAnswer(line, connection.peer, answerMs, late));
  client.verify(accepted.scram ?? '');
  return accepted;
}

async function askPassword(answering: Promise<Answer>, options: ConnectHelloOptions): Promise<Secret | null> {
  const asking = new AbortController();
  let asked = true;
  const interrupted = answering.then((reply) => {
    if (asked) throw connectionErrors.protocolViolation(`${reply.hawser} came out of turn`);
    return null;
  });
  try {
    return await Promise.race([options.getPassword(asking.signal), interrupted]);
  } finally {
    asked = false;
    asking.abort();
    // From now on it is `answering` itself that is waited for.
    interrupted.catch(() => {});
  }
}

async function nextAnswer(
  line: HelloLine,
  peer: string,
  ms: number,
  late: () => HawserError,
): Promise<Answer> {
  const message = await line.receive(ms, late);
  // The other end speaks first as well.
  if (anyHello.safeParse(message).success) throw connectionErrors.cliconMismatch(peer, 'client');
  const { success, data, error } = answer.safeParse(message);
  if (!success) throw connectionErrors.protocolViolation('an answer to the hello cannot be read', error);
  if (data.hawser === 'refused') throw HawserError.fromWire(data.error);
  return data;
}

function expectAccepted(reply: Answer): Accepted {
  if (reply.hawser !== 'accepted')
    throw connectionErrors.protocolViolation(`${reply.hawser} came out of turn`);
  return reply;
}
