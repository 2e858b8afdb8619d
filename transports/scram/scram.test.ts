import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HawserError } from '../errors/error.ts';
import type { ChannelBinding } from '../transport.ts';
import { ScramClient } from './client.ts';
import { createVerifier, preparePassword } from './keys.ts';
import { ScramServer } from './server.ts';

const bind = (text: string): ChannelBinding => ({ type: 'tls-exporter', data: Buffer.from(text) });
const quick = { iterations: 4096 };

async function exchange(password: string, typed: string, ours?: ChannelBinding, theirs?: ChannelBinding) {
  const client = new ScramClient({ channelBinding: ours });
  const server = new ScramServer(await createVerifier(password, quick), { channelBinding: theirs });
  const final = await client.final(server.first(client.first()), typed);
  client.verify(server.final(final));
}

describe('SCRAM-SHA-256', () => {
  it("is RFC 7677's example to the letter", async () => {
    const client = new ScramClient({ username: 'user', nonce: 'rOprNGfwEbeRWgbNEkqO' });
    const verifier = await createVerifier('pencil', {
      iterations: 4096,
      salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
    });
    const server = new ScramServer(verifier, { nonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0' });
    const clientFirst = client.first();
    expect(clientFirst).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
    const serverFirst = server.first(clientFirst);
    expect(serverFirst).toBe(
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    );
    const clientFinal = await client.final(serverFirst, 'pencil');
    expect(clientFinal).toBe(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    );
    const serverFinal = server.final(clientFinal);
    expect(serverFinal).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
    client.verify(serverFinal);
  });

  it('refuses a wrong password, and a server that does not know it', async () => {
    await exchange('right', 'right');
    await expect(exchange('right', 'Right')).rejects.toMatchObject({ code: 'WRONG_PASSWORD' });
    const client = new ScramClient();
    const server = new ScramServer(await createVerifier('x', quick));
    await client.final(server.first(client.first()), 'x');
    expect(() => client.verify(`v=${Buffer.alloc(32).toString('base64')}`)).toThrow(/did not prove/);
  });

  it('binds the channel', async () => {
    await exchange('pw', 'pw', bind('channel'), bind('channel'));
    await expect(exchange('pw', 'pw', bind('one'), bind('two'))).rejects.toMatchObject({
      code: 'WRONG_PASSWORD',
    });
    await expect(exchange('pw', 'pw', undefined, bind('two'))).rejects.toMatchObject({
      code: 'PROTOCOL_VIOLATION',
    });
    await expect(exchange('pw', 'pw', bind('one'))).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATION' });
    const server = new ScramServer(await createVerifier('x', quick), { channelBinding: bind('a') });
    expect(() => server.first('y,,n=u,r=abc')).toThrow(/bound/);
  });

  it('takes one password in any of its spellings', async () => {
    // RFC 4013, section 3.
    expect(preparePassword('I\u00ADX')).toBe('IX');
    expect(preparePassword('\u00AA')).toBe('a');
    expect(preparePassword('\u2168')).toBe('IX');
    await exchange('\u00E4\u00A0b', 'a\u0308 b');
  });

  it.each([
    'r=other,s=QUJD,i=4096',
    'r=abc,s=QUJD,i=4096',
    'r=abcdef,s=QUJD,i=1',
    'r=abcdef,s=QUJD,i=999999999',
    'r=abcdef,s=!,i=4096',
    'm=ext,r=abcdef,s=QUJD,i=4096',
    '',
  ])('the client refuses %j', async (serverFirst) => {
    const client = new ScramClient({ nonce: 'abc' });
    await expect(client.final(serverFirst, 'x')).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATION' });
  });

  it('the server refuses any other messages without a crash', async () => {
    const verifier = await createVerifier('x', quick);
    const text = fc.oneof(
      fc.string(),
      fc.string().map((s) => `n,,n=u,r=${s}`),
      fc.string().map((s) => `c=biws,r=ab,p=${s}`),
    );
    fc.assert(
      fc.property(text, text, (first, final) => {
        const server = new ScramServer(verifier, { nonce: 'b' });
        try {
          server.first(first);
        } catch (error) {
          expect(error).toBeInstanceOf(HawserError);
        }
        expect(() => server.final(final)).toThrow(HawserError);
      }),
    );
  });
});
