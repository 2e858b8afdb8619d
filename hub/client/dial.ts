import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import type { HawserError } from '../../transports/errors/error.ts';
import { MAX_MESSAGE } from '../protocol/hub.ts';
import { hubSecureContext } from './authorities.ts';
import { type CertificateFacts, hubClientErrors } from './errors.ts';

export interface DialOptions {
  /** `https://HOST:PORT`, see hubOrigin. */
  readonly origin: string;
  /** SHA-256 of a certificate that a person has accepted, with or without colons. One that an authority vouches for is accepted beside it. */
  readonly fingerprint?: string | undefined;
  readonly signal: AbortSignal;
  readonly timeout?: number;
}

const TIMEOUT_MS = 20_000;

/**
 * A WebSocket to a hub. Its certificate is checked before a byte of ours goes out.
 * @throws HawserError `CANCELLED`, `HOST_NOT_FOUND`, `CONNECTION_REFUSED`, `CONNECT_TIMED_OUT`, `NO_ROUTE`, `CONNECT_FAILED`,
 * `HUB_CERTIFICATE_UNTRUSTED`, `HUB_CERTIFICATE_CHANGED`, `TLS_FAILED`, `NOT_A_HUB`
 */
export async function dialHub(options: DialOptions): Promise<WebSocket> {
  const timeout = options.timeout ?? TIMEOUT_MS;
  const clock = AbortSignal.timeout(timeout);
  const signal = AbortSignal.any([options.signal, clock]);
  const { hostname, port } = new URL(options.origin);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const number = Number(port || 443);
  const why = (error: unknown) => {
    if (options.signal.aborted) return connectionErrors.cancelled();
    if (clock.aborted) return connectionErrors.timedOut(host, number, timeout, error);
    return reachError(error, host, number);
  };
  const socket = await secured(host, number, signal, why);
  try {
    checkCertificate(socket, host, options);
    return await upgraded(options.origin, socket, signal, why);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

type Reason = (error: unknown) => HawserError;

function secured(host: string, port: number, signal: AbortSignal, why: Reason): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(why(null));
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 && { servername: host }),
      secureContext: hubSecureContext(),
      ALPNProtocols: ['http/1.1'],
      // Looked at by checkCertificate, before anything is sent.
      rejectUnauthorized: false,
    });
    const abort = () => fail(new Error('cancelled'));
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      reject(why(error));
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => fail(new Error('it closed the connection')));
    socket.on('error', fail);
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners('close');
      socket.removeListener('error', fail);
      resolve(socket);
    });
  });
}

function checkCertificate(socket: TLSSocket, host: string, { origin, fingerprint }: DialOptions): void {
  const peer = socket.getPeerCertificate();
  const named = 'raw' in peer ? checkServerIdentity(host, peer as PeerCertificate) : undefined;
  if (socket.authorized && !named) return;
  const facts = factsOf(peer as PeerCertificate);
  if (fingerprint !== undefined) {
    if (plain(fingerprint) === plain(facts.fingerprint)) return;
    throw hubClientErrors.certificateChanged(origin, fingerprint, facts);
  }
  throw hubClientErrors.certificateUntrusted(origin, distrust(socket, named, facts), facts);
}

const plain = (fingerprint: string) => fingerprint.replace(/[^0-9a-f]/gi, '').toUpperCase();

function factsOf(peer: PeerCertificate): CertificateFacts {
  const certificate = new X509Certificate(peer.raw);
  return {
    fingerprint: certificate.fingerprint256,
    subject: certificate.subject,
    issuer: certificate.issuer,
    validFrom: certificate.validFrom,
    validTo: certificate.validTo,
  };
}

const reasons: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself, by no authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'an authority signed it that this computer does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'an authority signed it that this computer does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'an authority signed it that this computer does not know',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
};

const NO_AUTHORITY: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

function distrust(
  socket: TLSSocket,
  named: Error | undefined,
  { subject, issuer }: CertificateFacts,
): string {
  // What Node gives here is the error's code, whatever its type says.
  const code = String(socket.authorizationError ?? '');
  // OpenSSL looks for another one's signature where a certificate does not say that it may sign.
  if (subject === issuer && NO_AUTHORITY.has(code)) return reasons.DEPTH_ZERO_SELF_SIGNED_CERT ?? code;
  if (code !== '' && code !== 'null') return reasons[code] ?? code;
  return named ? 'it is for another name' : 'nobody vouches for it';
}

function upgraded(origin: string, socket: TLSSocket, signal: AbortSignal, why: Reason): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const web = new WebSocket(`${origin.replace(/^https/, 'wss')}/rpc`, {
      createConnection: () => socket,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE,
      followRedirects: false,
    });
    const abort = () => fail(why(new Error('cancelled')));
    const fail = (error: HawserError) => {
      signal.removeEventListener('abort', abort);
      reject(error);
      web.terminate();
    };
    signal.addEventListener('abort', abort, { once: true });
    // Terminating it before it is open says so by an error, too.
    web.on('error', (error) => fail(why(error)));
    web.once('unexpected-response', (_request, response) =>
      fail(hubClientErrors.notAHub(origin, `it answers with HTTP status ${response.statusCode}`)),
    );
    web.once('open', () => {
      signal.removeEventListener('abort', abort);
      web.removeAllListeners('error');
      web.on('error', () => undefined);
      resolve(web);
    });
  });
}

function reachError(error: unknown, host: string, port: number): HawserError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const where = `${host}:${port}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return connectionErrors.hostNotFound(host, error);
  if (code === 'ECONNREFUSED') return connectionErrors.refused(host, port, error);
  if (code === 'ETIMEDOUT') return connectionErrors.timedOut(host, port, TIMEOUT_MS, error);
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') return connectionErrors.noRoute(host, port, error);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'))
    return hubClientErrors.notAHub(where, 'it does not speak TLS');
  return connectionErrors.connectFailed(where, message, error);
}
