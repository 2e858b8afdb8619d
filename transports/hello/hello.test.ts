import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HawserError } from '../errors/error.ts';
import { encodeFrame, FrameType } from '../frames/format.ts';
import { createVerifier } from '../scram/keys.ts';
import { Secret } from '../secret.ts';
import { duplexPair } from '../testing/duplex-pair.ts';
import type { Connection } from '../transport.ts';
import { AttemptLimiter } from './attempts.ts';
import { type ConnectHelloOptions, connectHello } from './client.ts';
import { HandshakeGate } from './gate.ts';
import { type AcceptHelloOptions, acceptHello } from './server.ts';

const identity = { host: 'h', user: 'u', program: 'test', version: '1' };
const signal = new AbortController().signal;
const over = (stream: Duplex, peerAddress = '192.0.2.5'): Connection => ({
  stream,
  peer: `tcp ${peerAddress}:50001`,
  peerAddress,
});

function accept(stream: Duplex, options: Partial<AcceptHelloOptions> = {}) {
  return acceptHello(over(stream), {
    kind: 'debugger',
    version: 1,
    identity,
    attempts: new AttemptLimiter(),
    gate: new HandshakeGate(),
    signal,
    ...options,
  });
}

function call(stream: Duplex, options: Partial<ConnectHelloOptions> = {}) {
  const getPassword = async () => null;
  return connectHello(over(stream), {
    kind: 'debugger',
    version: 1,
    identity,
    getPassword,
    signal,
    ...options,
  });
}

const failure = (promise: Promise<unknown>): Promise<HawserError> =>
  promise.then(
    () => {
      throw new Error('it was accepted');
    },
    (error) => error,
  );

/** Everything that comes out of a stream until it is closed. */
function allOf(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => stream.once('close', () => resolve(Buffer.concat(chunks))));
}

/** What was written into a pair lies in the other end's buffer. */
const delivered = async () => {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
};

const helloFrame = (message: object) => encodeFrame(FrameType.data, 0, Buffer.from(JSON.stringify(message)));
const goodHello = { hawser: 'hello', protocol: 1, kind: 'debugger', client: identity, maxPayload: 1 << 20 };

const tlsHello = Buffer.from('1603010200010001fc0303', 'hex');
const smb = Buffer.from('00000085ff534d4272000000', 'hex');
const rpc = Buffer.from('05000b0310000000', 'hex');

describe('a server', () => {
  it.each<[string, string | Buffer]>([
    ['HTTP', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['TLS', tlsHello],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['gdbserver', '$qSupported:multiprocess+#c6'],
    ['SMTP', 'EHLO there\r\n'],
    ['SMB', smb],
    ['RPC', rpc],
    ['RDP', Buffer.from('0300001311e00000', 'hex')],
    ['unknown', 'hello there, whoever you are'],
    ['unknown', helloFrame({ hawser: 'goodbye' })],
    ['unknown', encodeFrame(FrameType.data, 0, Buffer.from('{'))],
    ['unknown', encodeFrame(FrameType.data, 1, Buffer.from(JSON.stringify(goodHello)))],
    ['unknown', helloFrame({ ...goodHello, padding: 'x'.repeat(5000) })],
  ])('drops %s without a word', async (looks, bytes) => {
    const [theirs, ours] = duplexPair();
    const answered = allOf(theirs);
    theirs.write(bytes);
    const error = await failure(accept(ours));
    expect(error).toMatchObject({ code: 'NOT_A_HAWSER_CLIENT', data: { looks } });
    expect((await answered).length).toBe(0);
  });

  it('drops who says nothing, or too little, in time', async () => {
    const [silent, one] = duplexPair();
    const quiet = allOf(silent);
    expect(await failure(accept(one, { helloMs: 1 }))).toMatchObject({ data: { looks: 'silent' } });
    expect((await quiet).length).toBe(0);
    const [slow, two] = duplexPair();
    slow.write('GET /');
    await delivered();
    const error = await failure(accept(two, { helloMs: 50 }));
    expect(error).toMatchObject({ code: 'NOT_A_HAWSER_CLIENT', data: { looks: 'HTTP' } });
  });

  it.each<[string, object]>([
    ['a field too many', { ...goodHello, role: 'owner' }],
    ['an unknown kind', { ...goodHello, kind: 'king' }],
    ['a name with an escape', { ...goodHello, client: { ...identity, user: '\u001b[2J' } }],
    ['a name too long', { ...goodHello, client: { ...identity, host: 'h'.repeat(129) } }],
    ['a tiny limit', { ...goodHello, maxPayload: 1 }],
  ])('refuses a hello with %s, saying so', async (_what, message) => {
    const [theirs, ours] = duplexPair();
    const answered = allOf(theirs);
    theirs.write(helloFrame(message));
    expect((await failure(accept(ours))).code).toBe('PROTOCOL_VIOLATION');
    expect((await answered).toString()).toContain('"refused"');
  });

  it('names a clash of versions whatever else such a hello has', async () => {
    const [theirs, ours] = duplexPair();
    const answered = allOf(theirs);
    theirs.write(helloFrame({ hawser: 'hello', protocol: 2, novelty: true }));
    expect((await failure(accept(ours))).code).toBe('VERSION_MISMATCH');
    expect((await answered).toString()).toContain('The client is not using same version');
  });

  it('takes a password within its time only', async () => {
    const verifier = await createVerifier('x', { iterations: 4096 });
    const [theirs, ours] = duplexPair();
    const serving = failure(accept(ours, { verifier, proveMs: 5 }));
    const calling = failure(call(theirs, { getPassword: () => new Promise(() => {}) }));
    expect((await serving).code).toBe('NO_ANSWER');
    expect((await calling).code).toBe('NO_ANSWER');
  });

  it('survives any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 4 }), async (chunks) => {
        const [theirs, ours] = duplexPair();
        theirs.resume();
        for (const chunk of chunks) theirs.write(chunk);
        theirs.end();
        expect(['NOT_A_HAWSER_CLIENT', 'LINK_LOST', 'PROTOCOL_VIOLATION']).toContain(
          (await failure(accept(ours))).code,
        );
      }),
    );
  });
});

describe('a client', () => {
  it.each<[string, string | Buffer]>([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['TLS', Buffer.from('15030100020232', 'hex')],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['gdbserver', '+'],
    ['gdbserver', '$E01#a6'],
    ['SMTP', '220 mx.example ESMTP ready\r\n'],
    ['FTP', '220 ready\r\n'],
    ['unknown', encodeFrame(FrameType.data, 0, Buffer.from('"no"'))],
    ['closed', ''],
  ])('names a peer that is %s', async (looks, bytes) => {
    const [theirs, ours] = duplexPair();
    theirs.resume();
    theirs.end(bytes);
    const error = await failure(call(ours));
    expect(error).toMatchObject({
      code: 'NOT_A_HAWSER_SERVER',
      data: { looks, peer: 'tcp 192.0.2.5:50001' },
    });
    expect(ours.destroyed).toBe(true);
  });

  it('names a silent peer, and one that says too little', async () => {
    const [, ours] = duplexPair();
    expect((await failure(call(ours, { answerMs: 5 }))).code).toBe('NO_ANSWER');
    const [theirs, other] = duplexPair();
    theirs.write('+');
    await delivered();
    expect(await failure(call(other, { answerMs: 50 }))).toMatchObject({ data: { looks: 'gdbserver' } });
  });

  it('asks a silent peer as GDB does before it gives up, and sends it no ping, which would be a break-in', async () => {
    const [theirs, ours] = duplexPair();
    let heard = '';
    theirs.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1');
      if (heard.endsWith('$qSupported#37')) theirs.write('+$PacketSize=3fff#11');
    });
    const keepAlive = { idleMs: 5, deadMs: 1000 };
    const error = await failure(call(ours, { answerMs: 50, framed: { keepAlive } }));
    expect(error).toMatchObject({ code: 'NOT_A_HAWSER_SERVER', data: { looks: 'gdbserver' } });
    expect(heard).not.toContain('\x03');
  });

  it('leaves a server that does not prove itself', async () => {
    const [theirs, ours] = duplexPair();
    const impostor = await createVerifier('x', { iterations: 4096 });
    const forged = { ...impostor, serverKey: Buffer.alloc(32) };
    const serving = accept(theirs, { verifier: forged });
    expect((await failure(call(ours, { getPassword: async () => new Secret('x') }))).code).toBe(
      'SERVER_NOT_PROVED',
    );
    await serving;
  });

  it('asks for the password once, and hands on what the asking throws', async () => {
    const verifier = await createVerifier('x', { iterations: 4096 });
    const [theirs, ours] = duplexPair();
    const serving = failure(accept(theirs, { verifier }));
    let asked = 0;
    const getPassword = async () => {
      asked++;
      throw new Error('dialog closed');
    };
    await expect(call(ours, { getPassword })).rejects.toThrow('dialog closed');
    expect(asked).toBe(1);
    expect((await serving).code).toBe('LINK_LOST');
  });
});

describe('limits', () => {
  it('wrong passwords make an address wait, longer each time; others do not', () => {
    let now = 0;
    const limiter = new AttemptLimiter(() => now);
    const wrong = (address = 'a') => limiter.begin(address)('wrong');
    const wait = () => {
      try {
        limiter.begin('a')('neither');
        return 0;
      } catch (error) {
        return (error as HawserError).data.retryAfterMs;
      }
    };
    for (let i = 0; i < 2; i++) wrong();
    expect(wait()).toBe(0);
    wrong();
    expect(wait()).toBe(1000);
    limiter.begin('b')('right');
    now += 1000;
    wrong();
    expect(wait()).toBe(2000);
    now += 2000;
    // A right one in between changes nothing: it may be somebody else's behind the same address.
    limiter.begin('a')('right');
    const ended = limiter.begin('a');
    expect(wait()).toBe(1000);
    ended('wrong');
    expect(wait()).toBe(4000);
    for (let i = 0; i < 20; i++) {
      now += 60_000;
      wrong();
    }
    expect(wait()).toBe(60_000);
    now += 10 * 60_000;
    expect(wait()).toBe(0);
  });

  it('many right ones at once from one address are let in', () => {
    const limiter = new AttemptLimiter(() => 0);
    const all = Array.from({ length: 50 }, () => limiter.begin('a'));
    for (const ended of all) ended('right');
    limiter.begin('a');
  });

  it('a server refuses an address that guesses', async () => {
    const verifier = await createVerifier('x', { iterations: 4096 });
    const attempts = new AttemptLimiter(() => 0);
    const guess = async () => {
      const [theirs, ours] = duplexPair();
      const serving = failure(accept(theirs, { verifier, attempts }));
      const error = await failure(call(ours, { getPassword: async () => new Secret('y') }));
      expect((await serving).code).toBe(error.code);
      return error.code;
    };
    expect([await guess(), await guess(), await guess(), await guess()]).toEqual([
      'WRONG_PASSWORD',
      'WRONG_PASSWORD',
      'WRONG_PASSWORD',
      'TOO_MANY_ATTEMPTS',
    ]);
  });

  it('who opens many and says nothing pushes out itself', async () => {
    const gate = new HandshakeGate(3);
    const cut: string[] = [];
    const enter = (address: string, name: string) => gate.enter(address, () => cut.push(name));
    enter('b', 'b1');
    enter('a', 'a1');
    enter('a', 'a2');
    const leave = enter('a', 'a3');
    expect(cut).toEqual(['a1']);
    enter('c', 'c1');
    expect(cut).toEqual(['a1', 'a2']);
    leave();
    enter('c', 'c2');
    expect(cut).toHaveLength(2);
    expect(gate.unfinished).toBe(3);
  });

  it('a finished handshake leaves the gate, a failed one when it is gone', async () => {
    const gate = new HandshakeGate();
    const [theirs, ours] = duplexPair();
    await Promise.all([accept(theirs, { gate }), call(ours)]);
    expect(gate.unfinished).toBe(0);
    const [stranger, other] = duplexPair();
    stranger.write('GET / HTTP/1.1');
    await failure(accept(other, { gate }));
    while (gate.unfinished > 0) await new Promise(setImmediate);
  });
});
