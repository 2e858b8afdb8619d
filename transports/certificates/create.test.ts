import { expect, it } from 'vitest';
import { createCertificate } from './create.ts';

/** Every pair of first bytes that matters to how an INTEGER is written: all zero, the sign bit, all one. */
const EDGES = [
  '0000',
  '0001',
  '007f',
  '0080',
  '00ff',
  '0100',
  '7fff',
  '8000',
  '80ff',
  'ff00',
  'ff7f',
  'ff80',
  'ffff',
];

it('writes a serial number that readers take, whatever was drawn', async () => {
  for (const edge of EDGES) {
    const serial = Buffer.from(edge.padEnd(32, '5'), 'hex');
    // node:crypto, so OpenSSL, reads it back: it refuses an INTEGER with superfluous bytes.
    const { certificate } = await createCertificate({ subject: 'lab', days: 1, bits: 1024, serial });
    expect(certificate.serialNumber).toHaveLength(32);
    expect(certificate.serialNumber.toLowerCase().slice(2)).toBe(serial.toString('hex').slice(2));
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  }
});

it('draws another serial number for each', async () => {
  const make = async () =>
    (await createCertificate({ subject: 'lab', days: 1, bits: 1024 })).certificate.serialNumber;
  expect(new Set([await make(), await make(), await make()]).size).toBe(3);
});
