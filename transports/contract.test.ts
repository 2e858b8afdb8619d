import { afterAll, beforeAll } from 'vitest';
import { comPlace } from './com/testing/place.ts';
import {
  clientStringFor,
  formatConnectionString,
  parseConnectionString,
  type ServerString,
} from './connection-string.ts';
import { connectionErrors } from './errors/connection-errors.ts';
import { connect, listen } from './registry.ts';
import { openRepeater } from './repeater.ts';
import { ownStores, putCertificate } from './testing/certificates.ts';
import { describeTransport, type Place } from './testing/contract.ts';
import { duplexPair } from './testing/duplex-pair.ts';
import type { Connection, Listener } from './transport.ts';

/** A place that a pair of connection strings names; the client's may depend on what was bound. */
export async function placeOf(
  server: string,
  client: (bound: ServerString) => string,
  whenNobodyListens = 'CONNECTION_REFUSED',
): Promise<Place> {
  const parsed = parseConnectionString(server, { role: 'server', backslashes: 'refuse' });
  // Bound once to learn a free port, then let go, so that "nobody listens" is at a known place.
  const probe = await listen(parsed, (connection) => connection.stream.destroy());
  await probe.close();
  const { bound } = probe;
  const at = parseConnectionString(client(bound), { role: 'client', backslashes: 'refuse' });
  let listener: Listener | undefined;
  return {
    whenNobodyListens,
    async listen(accept) {
      listener = await listen(bound, accept);
    },
    connect: (signal) => connect(at, { signal }),
    close: async () => listener?.close(),
  };
}

async function memoryPlace(): Promise<Place> {
  let accept: ((connection: Connection) => void) | undefined;
  const connection = (stream: Connection['stream'], who: string): Connection => ({
    stream,
    peer: `memory ${who}`,
    peerAddress: 'memory',
  });
  return {
    whenNobodyListens: 'CONNECTION_REFUSED',
    async listen(callback) {
      accept = callback;
    },
    async connect(signal) {
      if (signal.aborted) throw connectionErrors.cancelled();
      if (!accept) throw connectionErrors.refused('memory', 0);
      const [ours, theirs] = duplexPair();
      accept(connection(theirs, 'client'));
      return connection(ours, 'server');
    },
    close: async () => {},
  };
}

describeTransport('memory', memoryPlace);
const port = (bound: ServerString) => ('port' in bound ? bound.port.low : 0);

/** Several places may be open in one test. */
let places = 0;

describeTransport('tcp', () =>
  placeOf('tcp:port=0,bind=127.0.0.1', (bound) => `tcp:server=127.0.0.1,port=${port(bound)}`),
);
describeTransport('tcp over a name', () =>
  placeOf('tcp:port=0', (bound) => `tcp:server=localhost,port=${port(bound)}`),
);
describeTransport('com', comPlace);
describeTransport('npipe', () =>
  placeOf(
    `npipe:pipe=contract-%x-${++places}`,
    (bound) => formatConnectionString(clientStringFor(bound, 'localhost')),
    'PIPE_NOT_FOUND',
  ),
);

const stores = ownStores();
const putting = putCertificate({ subject: 'contract' });
beforeAll(() => putting);
afterAll(() => stores.remove());

describeTransport('ssl', () =>
  placeOf(
    'ssl:proto=tls1,certuser=contract,port=0,bind=127.0.0.1',
    (bound) => `ssl:proto=tls1,certuser=contract,server=127.0.0.1,port=${port(bound)}`,
  ),
);
describeTransport('ssl with TLS 1.2', () =>
  placeOf(
    'ssl:proto=tls1.2,certuser=contract,port=0,bind=127.0.0.1',
    (bound) => `ssl:proto=tls1.2,certuser=contract,server=127.0.0.1,port=${port(bound)}`,
  ),
);
describeTransport('spipe', () =>
  placeOf(
    `spipe:proto=tls1,certuser=contract,pipe=contract-%x-${++places}`,
    (bound) => formatConnectionString(clientStringFor(bound, 'localhost')),
    'PIPE_NOT_FOUND',
  ),
);

/** The server calls the client, on a port that was free just now. */
async function callingPlace(start: string): Promise<Place> {
  const probe = await listen(
    parseConnectionString('tcp:port=0', { role: 'server', backslashes: 'refuse' }),
    ({ stream }) => stream.destroy(),
  );
  await probe.close();
  const strings = `${start}clicon=127.0.0.1,port=${port(probe.bound)}`;
  const calling = parseConnectionString(strings, { role: 'server', backslashes: 'refuse' });
  const waiting = parseConnectionString(strings, { role: 'client', backslashes: 'refuse' });
  let listener: Listener | undefined;
  return {
    async listen(accept) {
      listener = await listen(calling, accept, { pauses: { first: 5, longest: 20 } });
    },
    connect: (signal) => connect(waiting, { signal }),
    close: async () => listener?.close(),
  };
}

describeTransport('tcp with clicon', () => callingPlace('tcp:'));
describeTransport('ssl with clicon', () => callingPlace('ssl:proto=tls1,certuser=contract,'));

/** The client reaches a repeater, and the repeater the server. */
async function repeatedPlace(
  toServer: Promise<Place & { readonly at: string }>,
  start: string,
): Promise<Place> {
  const behind = await toServer;
  const parsed = parseConnectionString(start, { role: 'server', backslashes: 'refuse' });
  const client = parseConnectionString(behind.at, { role: 'client', backslashes: 'refuse' });
  const repeater = await openRepeater({ server: parsed, client, stay: true });
  const reached = clientStringFor(repeater.bound, 'localhost');
  return {
    listen: (accept) => behind.listen(accept),
    connect: (signal) => connect(reached, { signal }),
    close: async () => {
      await repeater.close();
      await behind.close();
    },
  };
}

async function withString(
  server: string,
  client: (bound: ServerString) => string,
): Promise<Place & { readonly at: string }> {
  let at = '';
  const place = await placeOf(server, (bound) => {
    at = client(bound);
    return at;
  });
  return { ...place, at };
}

describeTransport('tcp through a repeater to npipe', () =>
  repeatedPlace(
    withString(`npipe:pipe=contract-%x-${++places}`, (bound) =>
      formatConnectionString(clientStringFor(bound, 'localhost')),
    ),
    'tcp:port=0,bind=127.0.0.1',
  ),
);
describeTransport('npipe through a repeater to tcp', () =>
  repeatedPlace(
    withString('tcp:port=0,bind=127.0.0.1', (bound) => `tcp:server=127.0.0.1,port=${port(bound)}`),
    `npipe:pipe=repeater-%x-${++places}`,
  ),
);
