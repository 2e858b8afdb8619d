import fc from 'fast-check';
import { expect } from 'vitest';
import { HawserError } from '../errors/error.ts';
import { encodeFrame, FrameType } from '../frames/format.ts';
import { duplexPair } from '../testing/duplex-pair.ts';
import { fuzzAsync, nearlyBytes, nearlyJson } from '../testing/fuzz.ts';
import type { Connection } from '../transport.ts';
import { AttemptLimiter } from './attempts.ts';
import { connectHello } from './client.ts';
import { HandshakeGate } from './gate.ts';
import { acceptHello } from './server.ts';

const identity = { host: 'h', user: 'u', program: 'test', version: '1' };
const { signal } = new AbortController();
const gate = new HandshakeGate();
const attempts = new AttemptLimiter();

const hello = { hawser: 'hello', protocol: 1, kind: 'debugger', client: identity, maxPayload: 1 << 20 };
const answers = [
  { hawser: 'accepted', protocol: 1, server: identity, maxPayload: 1 << 20, scram: 'v=AAAA' },
  { hawser: 'refused', error: { code: 'WRONG_KIND', message: 'm', action: 'a', data: { asked: 'kd' } } },
  { hawser: 'password', mechanism: 'SCRAM-SHA-256' },
  { hawser: 'scram', message: 'r=abc' },
];

const framed = (value: unknown) =>
  encodeFrame(FrameType.data, 0, Buffer.from(JSON.stringify(value) ?? 'undefined'));
const messages = (right: readonly object[]) =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: nearlyJson(right).map(framed) },
      { weight: 1, arbitrary: nearlyBytes([...right.map(framed), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) },
    ),
    { minLength: 1, maxLength: 3 },
  );

/** How a handshake with a peer that says this ends: null when it was accepted. */
async function ends(
  said: readonly Buffer[],
  shake: (connection: Connection) => Promise<{ readonly framed: { destroy(): void } }>,
): Promise<string | null> {
  const [theirs, ours] = duplexPair();
  let heard = 0;
  theirs.on('data', (bytes: Buffer) => {
    heard += bytes.length;
  });
  for (const bytes of said) theirs.write(bytes);
  theirs.end();
  try {
    const { framed } = await shake({ stream: ours, peer: 'tcp 192.0.2.5:50001', peerAddress: '192.0.2.5' });
    framed.destroy();
    return null;
  } catch (error) {
    if (!(error instanceof HawserError) || error.code === 'INTERNAL') throw error;
    // Nothing is said to strangers.
    if (error.code === 'NOT_A_HAWSER_CLIENT') expect(heard).toBe(0);
    return error.code;
  } finally {
    theirs.destroy();
    ours.destroy();
  }
}

fuzzAsync('hello-server', messages([hello]), async (said) => {
  const options = { kind: 'debugger', version: 1, identity, attempts, gate, signal } as const;
  await ends(said, (connection) => acceptHello(connection, options));
});

fuzzAsync('hello-client', messages(answers), async (said) => {
  const options = { kind: 'debugger', version: 1, identity, getPassword: async () => null, signal } as const;
  await ends(said, async (connection) => connectHello(connection, options));
});
