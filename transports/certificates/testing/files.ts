import forge from 'node-forge';
import { createCertificate } from '../create.ts';
import { writePem } from '../files.ts';
import { pemOf } from '../store.ts';

/** One certificate with its key in all forms of file, small and quick to read. Its password is `harbour`. */
export async function rightFiles() {
  const { certificate, key } = await createCertificate({ subject: 'birch.example', days: 10, bits: 1024 });
  const pem = certificate.toString();
  const plain = pemOf(key);
  const asn1 = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(plain),
    [forge.pki.certificateFromPem(pem)],
    'harbour',
    { algorithm: 'aes256', count: 2, friendlyName: 'birch' },
  );
  return {
    der: certificate.raw,
    pem: Buffer.from(pem + plain),
    encryptedPem: Buffer.from(writePem(pem, key, 'harbour')),
    pkcs12: Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1'),
  };
}
