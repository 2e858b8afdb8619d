import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect, createServer, type SecureVersion, type TLSSocket } from 'node:tls';
import type { Proto } from '../connection-string/certificates.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import { type HawserError, toHawserError } from '../errors/error.ts';
import { goodbyeFrame } from '../frames/goodbye.ts';
import type { Connection } from '../transport.ts';
import { channelBindingOf } from './binding.ts';
import { tlsFailure } from './failure.ts';
import { checkValidity, pinOf, type TlsIdentity } from './identity.ts';

export interface SecureOptions {
  readonly identity: TlsIdentity;
  readonly proto: Proto;
  /** What we are in the debugging session. */
  readonly role: 'client' | 'server';
  /** Who listened is the TLS server. */
  readonly side: 'listener' | 'caller';
  readonly signal: AbortSignal;
  /** How long the handshake may take. */
  readonly timeoutMs: number;
}

const oneVersion: Readonly<Record<Proto, { minVersion: SecureVersion; maxVersion: SecureVersion }>> = {
  tls1: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' },
  'tls1.2': { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
  'tls1.3': { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' },
};

/** A record of TLS: alert, fatal, protocol_version. */
const PROTOCOL_VERSION_ALERT = Buffer.from('15030300020246', 'hex');

/**
 * TLS over a connection, at either end. Takes the connection over, and cuts it when it fails; a debugging server
 * first tells its client why, which a TLS handshake cannot.
 * @throws HawserError `CERTIFICATE_…`, `TLS_NOT_SPOKEN`, `PROTO_MISMATCH`, `TLS_FAILED`, `NO_ANSWER`, `CANCELLED`
 */
export async function secure(plain: Connection, options: SecureOptions): Promise<Connection> {
  const { identity, role } = options;
  const socket = await handshake(plain, options);
  try {
    // After the handshake, not within it: the library knows no pins, and a chain to an authority proves less.
    checkValidity(identity.stored);
    checkPeer(socket, identity, role === 'server' ? 'client' : 'server');
  } catch (thrown) {
    const error = toHawserError(thrown);
    // The client has taken the handshake for done and waits for an answer to its hello: this is one.
    if (role === 'server') endWith(socket, error);
    else socket.destroy();
    throw error;
  }
  const channelBinding = channelBindingOf(socket);
  return { ...plain, stream: socket, ...(channelBinding && { channelBinding }) };
}

function handshake(plain: Connection, options: SecureOptions): Promise<TLSSocket> {
  const { identity, proto, side, signal, timeoutMs } = options;
  const raw = plain.stream;
  const common = {
    cert: identity.stored.pem,
    key: identity.key.export({ type: 'pkcs8', format: 'pem' }),
    rejectUnauthorized: false,
    ...oneVersion[proto],
  };
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      raw.off('close', closed);
      settle();
    };
    const fail = (error: HawserError) =>
      finish(() => {
        raw.destroy();
        reject(error);
      });
    const failed = (error: Error) => fail(tlsFailure(error, plain.peer, proto));
    const closed = () => fail(tlsFailure(null, plain.peer, proto));
    const cancel = () => fail(connectionErrors.cancelled());
    const done = (socket: TLSSocket) => {
      // Stays for good: an error nobody listens to would end the program.
      socket.on('error', () => {});
      socket.once('close', () => raw.destroy());
      // What was checked once stays so (TLS 1.2).
      socket.disableRenegotiation();
      finish(() => resolve(socket));
    };
    const timer = setTimeout(() => fail(connectionErrors.noAnswer(plain.peer, timeoutMs)), timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) return cancel();
    raw.once('close', closed);
    if (side === 'caller') {
      const socket: TLSSocket = connect(
        { ...common, socket: raw, checkServerIdentity: () => undefined },
        () => done(socket),
      );
      socket.on('error', failed);
    } else {
      // A server of its own for each: its event is what tells which stream a handshake was of. `new TLSSocket` on the
      // server's side would report neither errors nor a missing certificate reliably.
      const server = createServer({ ...common, requestCert: true, handshakeTimeout: timeoutMs });
      server.on('secureConnection', done);
      server.on('tlsClientError', (error) => {
        const failure = tlsFailure(error, plain.peer, proto);
        // To somebody who speaks no TLS the library says nothing: this lets it see what it has met.
        if (failure.code === 'TLS_NOT_SPOKEN' && raw.writable) raw.write(PROTOCOL_VERSION_ALERT);
        fail(failure);
      });
      server.emit('connection', raw as Socket);
    }
  });
}

/** @throws HawserError `CERTIFICATE_MISMATCH`, `CERTIFICATE_MISSING` */
function checkPeer(socket: TLSSocket, { pin }: TlsIdentity, who: 'client' | 'server'): void {
  const shown = socket.getPeerX509Certificate();
  if (!shown) throw connectionErrors.certificateMissing(who);
  const theirs = pinOf(shown.raw);
  if (timingSafeEqual(theirs, pin)) return;
  const hex = (bytes: Buffer) => bytes.toString('hex').toUpperCase();
  throw connectionErrors.certificateMismatch(who, hex(theirs), hex(pin));
}

/** How long who was refused may take to hear it. */
const LINGER_MS = 5_000;

function endWith(socket: TLSSocket, error: HawserError): void {
  socket.resume();
  socket.end(goodbyeFrame(error));
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
