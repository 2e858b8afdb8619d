import { lookup } from 'node:dns/promises';
import type { SocketClient } from '../connection-string/sockets.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import { isOwnAddress } from '../npipe/this-machine.ts';
import { listenTcp } from '../tcp-listen.ts';
import type { Connection, ConnectOptions } from '../transport.ts';
import { listensInstead } from './probe.ts';

/** By then a server that calls has done so as a rule, and it is looked whether it listens instead. */
const PROBE_AFTER_MS = 3_000;

type Waiting = SocketClient & { readonly protocol?: string; readonly clicon: string };

/**
 * A client that listens until its server calls, for as long as it is not cancelled. Takes one call, from the machine that
 * the string names; others are turned away and told of.
 * @throws HawserError `CANCELLED`, `PORT_IN_USE`, `HOST_NOT_FOUND`, `CLICON_MISMATCH`, …
 */
export async function waitForCall(target: Waiting, options: ConnectOptions): Promise<Connection> {
  const { clicon, port: low, lastPort: high = low, ipv6 } = target;
  const { signal, notice, probeAfterMs = PROBE_AFTER_MS } = options;
  if (signal.aborted) throw connectionErrors.cancelled();
  const expected = await addressesOf(clicon, ipv6 === true);
  const isHere = expected.some(isOwnAddress);
  const isExpected = (address: string) => expected.includes(address) || (isHere && isOwnAddress(address));

  let settle: { resolve(connection: Connection): void; reject(error: unknown): void } | undefined;
  const called = new Promise<Connection>((resolve, reject) => {
    settle = { resolve, reject };
  });
  let taken = false;
  const listener = await listenTcp({ port: { low, high }, ...(ipv6 && { ipv6 }) }, (connection) => {
    const { peerAddress, stream } = connection;
    if (taken || !isExpected(peerAddress)) {
      stream.destroy();
      if (!taken)
        notice?.(`Turned away a call from ${peerAddress}: ${clicon} has the address ${expected.join(', ')}.`);
      return;
    }
    taken = true;
    settle?.resolve(connection);
  });
  notice?.(`Waiting on port ${listener.port} for ${clicon} to call.`);
  const cancel = () => settle?.reject(connectionErrors.cancelled());
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  // Here the port is our own: there is nothing else to be found on it.
  const probing = new AbortController();
  const timer = setTimeout(() => {
    if (isHere || target.protocol === 'ssl') return notice?.(`Still waiting: ${HINT}`);
    void listensInstead(clicon, low, probing.signal).then((listens) => {
      if (listens && !taken) settle?.reject(connectionErrors.cliconMismatch(clicon, 'listens'));
      else if (!taken) notice?.(`Still waiting: ${HINT}`);
    });
  }, probeAfterMs);
  return called.finally(() => {
    clearTimeout(timer);
    probing.abort();
    signal.removeEventListener('abort', cancel);
    return listener.close();
  });
}

const HINT = 'the server must be started with clicon= and the name of this machine, and the same port.';

async function addressesOf(host: string, onlyIPv6: boolean): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, family: onlyIPv6 ? 6 : 0 }).catch((error: unknown) => {
    throw connectionErrors.hostNotFound(host, error);
  });
  return found.map(({ address }) => address);
}
