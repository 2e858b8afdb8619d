import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { HawserError } from '../errors/error.ts';
import { fuzz, nearlyBytes } from '../testing/fuzz.ts';
import { readCertificateFile } from './files.ts';
import { describeCertificate } from './model.ts';
import { rightFiles } from './testing/files.ts';

const { der, pem, encryptedPem, pkcs12 } = await rightFiles();

function reads(bytes: Buffer): void {
  try {
    const { certificate, chain } = readCertificateFile(bytes, 'harbour', 'file');
    for (const each of [certificate, ...chain]) describeCertificate(each);
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
    if (!/^CERTIFICATE_/.test(error.code)) throw error;
  }
}

fuzz('certificates', nearlyBytes([der, pem, encryptedPem]), reads);

fuzz('certificates-pkcs12', nearlyBytes([pkcs12]), reads);

fuzz('certificates-peer', nearlyBytes([der]), (bytes) => {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(bytes);
  } catch {
    return;
  }
  // As TLS hands it over: its parts are a stranger's.
  describeCertificate(certificate);
});

it('a file that asks for hours of hashing is refused at once', async () => {
  const file = Buffer.from(pkcs12);
  // The rounds of its MAC stand last: an integer of one byte, made one of four.
  const end = file.subarray(-3);
  expect(end.toString('hex')).toBe('020102');
  const more = Buffer.concat([file.subarray(0, -3), Buffer.from('02047fffffff', 'hex')]);
  // The lengths of what holds it: the whole, and the part of the MAC.
  more.writeUInt16BE(more.readUInt16BE(2) + 3, 2);
  const mac = more.lastIndexOf(Buffer.from('3021300906052b0e03021a', 'hex')) - 1;
  more.writeUInt8(more.readUInt8(mac) + 3, mac);
  const read = () => readCertificateFile(more, 'harbour', 'file.p12');
  expect(read).toThrow(/hashed more than 1000000 times/);
});
