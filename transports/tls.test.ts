import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pemOf, readKey, type StoredCertificate } from './certificates/store.ts';
import { parseConnectionString } from './connection-string.ts';
import type { HawserError } from './errors/error.ts';
import { AttemptLimiter } from './hello/attempts.ts';
import { connectHello } from './hello/client.ts';
import { HandshakeGate } from './hello/gate.ts';
import { acceptHello } from './hello/server.ts';
import { connect, listen } from './registry.ts';
import { createVerifier } from './scram/keys.ts';
import { Secret } from './secret.ts';
import { ownStores, putCertificate } from './testing/certificates.ts';
import { channelBindingOf, hasExtendedMasterSecret } from './tls/binding.ts';
import type { Connection } from './transport.ts';

const signal = new AbortController().signal;
const identity = { host: 'h', user: 'u', program: 'test', version: '1' };
const stores = ownStores();
let lab: StoredCertificate;
let other: StoredCertificate;

beforeAll(async () => {
  lab = await putCertificate({ subject: 'lab' }, ['user']);
  other = await putCertificate({ subject: 'lab' }, ['machine']);
});
afterAll(() => stores.remove());

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface Serving {
  readonly port: number;
  readonly accepted: Connection[];
  /** What the server's log has. */
  readonly refused: HawserError[];
}

async function serving(text: string): Promise<Serving> {
  const accepted: Connection[] = [];
  const refused: HawserError[] = [];
  const target = parseConnectionString(text, { role: 'server', backslashes: 'refuse' });
  const listener = await listen(
    target,
    (connection) => {
      accepted.push(connection);
      open.push({ close: () => connection.stream.destroy() });
    },
    { refused: (error) => refused.push(error) },
  );
  open.push(listener);
  return { port: 'port' in listener.bound ? Number(Object(listener.bound.port).low) : 0, accepted, refused };
}

async function reach(text: string): Promise<Connection> {
  const target = parseConnectionString(text, { role: 'client', backslashes: 'refuse' });
  const connection = await connect(target, { signal });
  open.push({ close: () => connection.stream.destroy() });
  return connection;
}

/** The client's hello on a connection, as far as it gets. */
const hello = (connection: Connection) =>
  connectHello(connection, {
    kind: 'debugger',
    version: 1,
    identity,
    getPassword: async () => new Secret('x'),
    signal,
  });

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function plainServer(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    open.push({ close: () => socket.destroy() });
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return Number(Object(server.address()).port);
}

const LISTEN = 'certuser=lab,port=0,bind=127.0.0.1';

describe('ssl', () => {
  it.each(['tls1', 'tls1.2', 'tls1.3'])(
    'connects with proto=%s, both ends bound to the same channel',
    async (proto) => {
      const { port, accepted } = await serving(`ssl:proto=${proto},${LISTEN}`);
      const client = await reach(`ssl:proto=${proto},certuser=lab,server=127.0.0.1,port=${port}`);
      await until(() => accepted.length === 1);
      expect(client.channelBinding?.data).toHaveLength(32);
      expect(client.channelBinding).toEqual(accepted[0]?.channelBinding);
      expect(client.peer).toBe(`ssl 127.0.0.1:${port}`);
      expect(accepted[0]?.peer).toMatch(/^ssl 127\.0\.0\.1:\d+$/);
      expect((client.stream as TLSSocket).getProtocol()).toBe(proto === 'tls1.2' ? 'TLSv1.2' : 'TLSv1.3');
    },
  );

  it('finds the certificate by both thumbprints, in pairs and with the mark of Windows', async () => {
    const { port } = await serving(`ssl:proto=tls1,certuser=${lab.sha1},port=0,bind=127.0.0.1`);
    const spaced = lab.sha256.toLowerCase().match(/../g)?.join(' ');
    await reach(`ssl:proto=tls1,certuser=\u200e${spaced},server=127.0.0.1,port=${port}`);
    await reach(`ssl:proto=tls1,certuser=CN=LAB,server=127.0.0.1,port=${port}`);
  });

  it('takes names with several addresses, and IPv6', async (context) => {
    const { port } = await serving('ssl:proto=tls1,certuser=lab,port=0');
    await reach(`ssl:proto=tls1,certuser=lab,server=localhost,port=${port}`);
    const six = await serving('ssl:proto=tls1,certuser=lab,port=0,ipversion=6').catch(() => null);
    if (!six) return context.skip('this machine has no IPv6');
    await reach(`ssl:proto=tls1,certuser=lab,server=[::1],port=${six.port},ipversion=6`);
  });

  it('binds SCRAM to the channel: who relays between two of its own connections is refused', async () => {
    const { port, accepted } = await serving(`ssl:proto=tls1,${LISTEN}`);
    const client = await reach(`ssl:proto=tls1,certuser=lab,server=127.0.0.1,port=${port}`);
    await until(() => accepted.length === 1);
    const [server] = accepted;
    if (!server?.channelBinding) throw new Error('not bound');
    const wrong = { ...server, channelBinding: { ...server.channelBinding, data: Buffer.alloc(32) } };
    const accepting = acceptHello(wrong, {
      kind: 'debugger',
      version: 1,
      identity,
      verifier: await createVerifier('x', { iterations: 4096 }),
      attempts: new AttemptLimiter(),
      gate: new HandshakeGate(),
      signal,
    });
    accepting.catch(() => {});
    await expect(hello(client)).rejects.toMatchObject({ code: 'WRONG_PASSWORD' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'finds a man in the middle who has the certificate and its key, when there is a password (%s)',
    async (version) => {
      const verifier = await createVerifier('x', { iterations: 4096 });
      const { port, accepted } = await serving(`ssl:proto=tls1,${LISTEN}`);
      const own = {
        cert: lab.pem,
        key: pemOf(await readKey(lab)),
        rejectUnauthorized: false,
        maxVersion: version,
      };
      const middle = createTlsServer({ ...own, requestCert: true }, (victim) => {
        const onward = connectTls({ ...own, host: '127.0.0.1', port });
        for (const socket of [victim, onward]) {
          socket.on('error', () => {});
          open.push({ close: () => socket.destroy() });
        }
        victim.pipe(onward).pipe(victim);
      }).listen(0, '127.0.0.1');
      await once(middle, 'listening');
      open.push(middle);
      const client = await reach(
        `ssl:proto=tls1,certuser=lab,server=127.0.0.1,port=${Object(middle.address()).port}`,
      );
      await until(() => accepted.length === 1);
      const [server] = accepted;
      if (!server) throw new Error('nobody came');
      const accepting = acceptHello(server, {
        kind: 'debugger',
        version: 1,
        identity,
        verifier,
        attempts: new AttemptLimiter(),
        gate: new HandshakeGate(),
        signal,
      });
      accepting.catch(() => {});
      await expect(hello(client)).rejects.toMatchObject({ code: 'WRONG_PASSWORD' });
    },
  );

  it('refuses another certificate at the client, naming both', async () => {
    const { port } = await serving(`ssl:proto=tls1,${LISTEN}`);
    await expect(reach(`ssl:proto=tls1,machuser=lab,server=127.0.0.1,port=${port}`)).rejects.toMatchObject({
      code: 'CERTIFICATE_MISMATCH',
      data: { who: 'server', showed: lab.sha256, expected: other.sha256 },
    });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'refuses another certificate at the server, and tells the client (%s)',
    async (version) => {
      const { port, accepted, refused } = await serving(`ssl:proto=tls1,${LISTEN}`);
      // A client that does not look at what the server shows.
      const raw = connectTls({
        host: '127.0.0.1',
        port,
        rejectUnauthorized: false,
        maxVersion: version,
        cert: other.pem,
        key: pemOf(await readKey(other)),
      });
      open.push({ close: () => raw.destroy() });
      await once(raw, 'secureConnect');
      const connection = { stream: raw, peer: 'ssl', peerAddress: 'x' };
      await expect(hello(connection)).rejects.toMatchObject({
        code: 'CERTIFICATE_MISMATCH',
        data: { who: 'client', showed: other.sha256, expected: lab.sha256 },
      });
      expect(refused).toMatchObject([{ code: 'CERTIFICATE_MISMATCH' }]);
      expect(accepted).toEqual([]);
    },
  );

  it('refuses a client without a certificate, or with the certificate and no key', async () => {
    const { port, accepted, refused } = await serving(`ssl:proto=tls1,${LISTEN}`);
    const raw = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false });
    open.push({ close: () => raw.destroy() });
    await once(raw, 'secureConnect');
    await expect(hello({ stream: raw, peer: 'ssl', peerAddress: 'x' })).rejects.toMatchObject({
      code: 'CERTIFICATE_MISSING',
    });
    expect(refused).toMatchObject([{ code: 'CERTIFICATE_MISSING', data: { who: 'client' } }]);
    expect(accepted).toEqual([]);
  });

  it('tells what is wrong with its own certificate', async () => {
    const at = (name: string) => `ssl:proto=tls1,certuser=${name},server=127.0.0.1,port=1`;
    await expect(reach(at('nosuch'))).rejects.toMatchObject({ code: 'CERTIFICATE_NOT_FOUND' });
    await putCertificate({ subject: 'old', days: 1, notBefore: new Date('2020-01-01') });
    await expect(reach(at('old'))).rejects.toMatchObject({
      code: 'CERTIFICATE_EXPIRED',
      data: { notAfter: '2020-01-02' },
    });
    await putCertificate({ subject: 'new', notBefore: new Date(Date.now() + 3 * 86_400_000) });
    await expect(reach(at('new'))).rejects.toMatchObject({ code: 'CERTIFICATE_NOT_YET_VALID' });
    const bare = await putCertificate({ subject: 'bare' });
    chmodSync(bare.keyFile, 0o644);
    await expect(reach(at('bare'))).rejects.toMatchObject({ code: 'CERTIFICATE_UNUSABLE' });
    rmSync(bare.keyFile);
    await expect(reach(at('bare'))).rejects.toMatchObject({ code: 'CERTIFICATE_WITHOUT_KEY' });
    await expect(serving('ssl:proto=tls1,certuser=old,port=0')).rejects.toMatchObject({
      code: 'CERTIFICATE_EXPIRED',
    });
  });

  it('warns of a certificate that ends soon', async () => {
    await putCertificate({ subject: 'soon', days: 5 });
    const target = parseConnectionString('ssl:proto=tls1,certuser=soon,port=0,bind=127.0.0.1', {
      role: 'server',
      backslashes: 'refuse',
    });
    const notices: string[] = [];
    open.push(await listen(target, () => {}, { notice: (text) => notices.push(text) }));
    expect(notices).toEqual([expect.stringMatching(/^The certificate soon expires on .* in 4 days\.$/)]);
  });

  it.each([
    ['tls1.2', 'tls1.3'],
    ['tls1.3', 'tls1.2'],
  ])('tells a clash of proto=%s with proto=%s at both ends', async (ours, theirs) => {
    const { port, refused } = await serving(`ssl:proto=${theirs},${LISTEN}`);
    await expect(reach(`ssl:proto=${ours},certuser=lab,server=127.0.0.1,port=${port}`)).rejects.toMatchObject(
      {
        code: 'PROTO_MISMATCH',
        data: { ours, theirs },
      },
    );
    await until(() => refused.length > 0);
    expect(refused).toMatchObject([{ code: 'PROTO_MISMATCH', data: { ours: theirs, theirs: ours } }]);
  });

  it('tells a server without TLS, one that closes, and one that is silent', async () => {
    const at = (port: number) => `ssl:proto=tls1,certuser=lab,server=127.0.0.1,port=${port}`;
    const talks = await plainServer((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    await expect(reach(at(talks))).rejects.toMatchObject({ code: 'TLS_NOT_SPOKEN', data: { closed: false } });
    const closes = await plainServer((socket) => socket.once('data', () => socket.end()));
    await expect(reach(at(closes))).rejects.toMatchObject({ code: 'TLS_NOT_SPOKEN', data: { closed: true } });
    const resets = await plainServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await expect(reach(at(resets))).rejects.toMatchObject({ code: 'TLS_NOT_SPOKEN', data: { closed: true } });
    const silent = await plainServer((socket) => socket.resume());
    const target = parseConnectionString(at(silent), { role: 'client', backslashes: 'refuse' });
    await expect(connect(target, { signal, timeoutMs: 100 })).rejects.toMatchObject({ code: 'NO_ANSWER' });
    const cancelling = new AbortController();
    const cancelled = connect(target, { signal: cancelling.signal });
    setTimeout(() => cancelling.abort(), 20);
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('names plain tcp at one end', async () => {
    const plain = await serving('tcp:port=0,bind=127.0.0.1');
    const reached = reach(`ssl:proto=tls1,certuser=lab,server=127.0.0.1,port=${plain.port}`);
    reached.catch(() => {});
    await until(() => plain.accepted.length === 1);
    const [connection] = plain.accepted;
    if (!connection) throw new Error('nobody came');
    const accepting = acceptHello(connection, {
      kind: 'debugger',
      version: 1,
      identity,
      attempts: new AttemptLimiter(),
      gate: new HandshakeGate(),
      signal,
    });
    await expect(accepting).rejects.toMatchObject({ code: 'NOT_A_HAWSER_CLIENT', data: { looks: 'TLS' } });
    await expect(reached).rejects.toMatchObject({ code: 'TLS_NOT_SPOKEN' });

    const { port, refused } = await serving(`ssl:proto=tls1,${LISTEN}`);
    const client = await reach(`tcp:server=127.0.0.1,port=${port}`);
    await expect(hello(client)).rejects.toMatchObject({
      code: 'NOT_A_HAWSER_SERVER',
      data: { looks: 'TLS' },
    });
    await until(() => refused.length > 0);
    expect(refused).toMatchObject([{ code: 'TLS_NOT_SPOKEN' }]);
  });

  it('survives garbage, half handshakes and resets, and serves the next', async () => {
    const { port, accepted, refused } = await serving(`ssl:proto=tls1,${LISTEN}`);
    const first = (bytes: string | Buffer) =>
      new Promise<void>((resolve) => {
        const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(bytes));
        socket.on('error', () => {});
        socket.resume();
        socket.once('close', () => resolve());
        open.push({ close: () => socket.destroy() });
      });
    await first('GET / HTTP/1.1\r\n\r\n');
    await first(Buffer.alloc(5000, 0xff));
    const half = createConnection({ host: '127.0.0.1', port }, () => half.resetAndDestroy());
    half.on('error', () => {});
    await until(() => refused.length >= 2);
    await reach(`ssl:proto=tls1,certuser=lab,server=127.0.0.1,port=${port}`);
    await until(() => accepted.length === 1);
  });

  it('does not bind a channel of TLS 1.2 whose master secret is not bound to the handshake', async () => {
    expect(hasExtendedMasterSecret(undefined)).toBe(false);
    expect(hasExtendedMasterSecret(Buffer.from('30050201', 'hex'))).toBe(false);
    // SEQUENCE { [13] INTEGER 0 }, then with the flag, then BoringSSL's field.
    expect(hasExtendedMasterSecret(Buffer.from('3005ad03020100', 'hex'))).toBe(false);
    expect(hasExtendedMasterSecret(Buffer.from('3005ad03020101', 'hex'))).toBe(true);
    expect(hasExtendedMasterSecret(Buffer.from('3005b1030101ff', 'hex'))).toBe(true);
    const server = createTlsServer({
      cert: lab.pem,
      key: pemOf(await readKey(lab)),
      maxVersion: 'TLSv1.2',
    }).listen(0, '127.0.0.1');
    open.push(server);
    await once(server, 'listening');
    const socket = connectTls({
      host: '127.0.0.1',
      port: Number(Object(server.address()).port),
      rejectUnauthorized: false,
    });
    open.push({ close: () => socket.destroy() });
    await once(socket, 'secureConnect');
    expect(channelBindingOf(socket)?.data).toHaveLength(32);
  });
});

describe('spipe', () => {
  it('is TLS over a pipe, and refuses another certificate', async () => {
    const name = `tls-${process.pid}`;
    const { accepted } = await serving(`spipe:proto=tls1,certuser=lab,pipe=${name}`);
    const client = await reach(`spipe:proto=tls1,certuser=lab,server=localhost,pipe=${name}`);
    await until(() => accepted.length === 1);
    expect(client.channelBinding).toEqual(accepted[0]?.channelBinding);
    expect(client.peer).toBe(`spipe ${name}`);
    await expect(reach(`spipe:proto=tls1,machuser=lab,pipe=${name}`)).rejects.toMatchObject({
      code: 'CERTIFICATE_MISMATCH',
    });
    await expect(reach(`npipe:pipe=${name}`).then(hello)).rejects.toMatchObject({
      code: 'NOT_A_HAWSER_SERVER',
      data: { looks: 'TLS' },
    });
  });
});
