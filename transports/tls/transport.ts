import type { CertificateUse } from '../connection-string/certificates.ts';
import { toHawserError } from '../errors/error.ts';
import { HandshakeGate } from '../hello/gate.ts';
import { HELLO_MS } from '../hello/server.ts';
import type { Connection, ConnectOptions, Listening, ListenOptions } from '../transport.ts';
import { CONNECT_TIMEOUT_MS } from '../transport.ts';
import { loadIdentity } from './identity.ts';
import { secure } from './secure.ts';

/** Of all encrypted listeners of a program: handshakes in TLS under way. Those of the hello have a gate of their own. */
const gate = new HandshakeGate();

const never = new AbortController().signal;

/** A machine that calls, or is called; pipes have no such thing. */
type Called = { readonly clicon?: string };

/** As another transport's `connect`, with TLS over what it reaches. */
export async function connectSecure<T extends CertificateUse & Called>(
  name: string,
  target: T,
  options: ConnectOptions,
  connect: (target: T, options: ConnectOptions) => Promise<Connection>,
): Promise<Connection> {
  // First what can be told without the other end.
  const identity = await loadIdentity(target, options.notice);
  const plain = renamed(name, await connect(target, options));
  return secure(plain, {
    identity,
    proto: target.proto,
    role: 'client',
    side: target.clicon === undefined ? 'caller' : 'listener',
    signal: options.signal,
    timeoutMs: options.timeoutMs ?? CONNECT_TIMEOUT_MS,
  });
}

/** As another transport's `listen`, with TLS over what comes in. */
export async function listenSecure<T extends CertificateUse & Called>(
  name: string,
  target: T,
  accept: (connection: Connection) => void,
  options: ListenOptions,
  listen: (
    target: T,
    accept: (connection: Connection) => void,
    options: ListenOptions,
  ) => Promise<Listening<T>>,
): Promise<Listening<T>> {
  const identity = await loadIdentity(target, options.notice);
  const welcome = async (met: Connection) => {
    const plain = renamed(name, met);
    const leave = gate.enter(plain.peerAddress, () => plain.stream.destroy());
    plain.stream.once('close', leave);
    try {
      const connection = await secure(plain, {
        identity,
        proto: target.proto,
        role: 'server',
        side: target.clicon === undefined ? 'listener' : 'caller',
        signal: never,
        timeoutMs: HELLO_MS,
      });
      leave();
      accept(connection);
    } catch (error) {
      options.refused?.(toHawserError(error), plain.peer);
    }
  };
  return listen(target, (met) => void welcome(met), options);
}

/** `ssl 192.0.2.5:50001` for what plainly is `tcp 192.0.2.5:50001`. */
function renamed(name: string, connection: Connection): Connection {
  return { ...connection, peer: connection.peer.replace(/^\w+/, name) };
}
