import { expect, test } from 'vitest';
import { generatePassword, readPort, serverConnection } from './share-text.ts';

test('a generated password has sixteen characters that nobody mistakes', () => {
  const password = generatePassword((bytes) => crypto.getRandomValues(bytes));
  expect(password).toMatch(/^[A-HJ-NP-Za-hj-kmnp-z2-9]{16}$/);
  expect(password).not.toBe(generatePassword((bytes) => crypto.getRandomValues(bytes)));
});

test('bytes that would favour some characters are not used', () => {
  let call = 0;
  const password = generatePassword((bytes) => bytes.fill(call++ === 0 ? 255 : 1));
  expect(password).toBe('B'.repeat(16));
});

test('ports and ranges', () => {
  expect(readPort(' 5005 ')).toEqual({ ok: true, text: '5005' });
  expect(readPort('5000:5010')).toEqual({ ok: true, text: '5000:5010' });
  expect(readPort('5000-5010')).toEqual({ ok: true, text: '5000:5010' });
  for (const wrong of ['', 'x', '0', '65536', '5010:5000', '1:2:3']) expect(readPort(wrong).ok).toBe(false);
});

test('the connection string that is asked for', () => {
  expect(serverConnection('5005', true)).toBe('tcp:port=5005,bind=127.0.0.1');
  expect(serverConnection('5000:5010', false)).toBe('tcp:port=5000:5010');
});
