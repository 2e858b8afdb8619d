import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import { HawserError } from '../errors/error.ts';
import { fuzz, fuzzAsync, nearly } from '../testing/fuzz.ts';
import { ScramClient } from './client.ts';
import type { ScramVerifier } from './keys.ts';
import { ScramServer } from './server.ts';

const key = (text: string) => createHash('sha256').update(text).digest();
/** Of a password that nobody knows. */
const verifier: ScramVerifier = {
  salt: Buffer.from('salt'),
  iterations: 4096,
  storedKey: key('stored'),
  serverKey: key('server'),
};
const binding = { type: 'tls-exporter', data: Buffer.from('channel') } as const;

const client = [
  'n,,n=u,r=abc',
  'y,,n=u,r=abc',
  'p=tls-exporter,,n=u,r=abc',
  'c=biws,r=abcb,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  ...['n=', 'r=', 'c=', 'p=', ',', '=', '=2C', 'm=ext,'],
];
const text = nearly(client, 'nrcpmyb=,+/ABC\u0000é');

fuzz('scram-server', fc.tuple(text, text, fc.boolean()), ([first, final, bound]) => {
  const server = new ScramServer(verifier, { nonce: 'b', channelBinding: bound ? binding : undefined });
  for (const step of [() => server.first(first), () => server.final(final)])
    try {
      const answer = step();
      // Nobody is let in.
      if (answer.startsWith('v=')) throw new Error('a proof was taken');
    } catch (error) {
      if (!(error instanceof HawserError)) throw error;
      expect(['PROTOCOL_VIOLATION', 'WRONG_PASSWORD']).toContain(error.code);
    }
});

/** Without the few whose password would be computed, which takes milliseconds by intent. */
const server = nearly(
  [
    'r=abcdef,s=QUJD,i=',
    'r=abc,s=QUJD,i=4096',
    'i=4095',
    'i=2000001',
    'i=1e9',
    'i=-4096',
    'i=0x1000',
    'v=AAAA',
    'e=other-error',
    'r=abc',
    ',',
  ],
  'rsive=,0123456789ABCabc+/\u0000é',
).filter((message) => !/^r=abc[^,]+,s=[^,]+,i=\s*\+?0*([4-9]\d{3}|\d{5,})\s*$/.test(message));

fuzzAsync('scram-client', fc.tuple(server, server), async ([first, final]) => {
  const one = new ScramClient({ nonce: 'abc' });
  const failed = await one.final(first, 'x').catch((error: unknown) => error);
  if (!(failed instanceof HawserError)) throw failed;
  try {
    one.verify(final);
    throw new Error('a server was believed');
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
  }
});
