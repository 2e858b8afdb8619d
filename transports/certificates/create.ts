import { createPublicKey, generateKeyPair, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { pemOf } from './store.ts';

export interface CreateOptions {
  /** The common name. */
  readonly subject: string;
  readonly days: number;
  /** For tests. Default: now, with some minutes for clocks that differ. */
  readonly notBefore?: Date;
  /** Bits of the RSA key; for tests. */
  readonly bits?: number;
  /** The random part of the serial number, 16 bytes; for tests. */
  readonly serial?: Uint8Array;
}

export interface CreatedCertificate {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

export const DEFAULT_DAYS = 730;
const CLOCKS_DIFFER_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** Strong enough until 2030 and after (NIST SP 800-57), and PKCS#12 of every system takes it. */
const BITS = 3072;

/** A certificate signed by itself, for both ends to have: neither asks an authority, each asks for this very one. */
export async function createCertificate(options: CreateOptions): Promise<CreatedCertificate> {
  const { subject, days, bits = BITS, notBefore = new Date(Date.now() - CLOCKS_DIFFER_MS) } = options;
  const { serial = randomBytes(16) } = options;
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits });
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string;
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(publicPem);
  made.serialNumber = serialNumber(serial);
  made.validity.notBefore = notBefore;
  made.validity.notAfter = new Date(notBefore.getTime() + days * DAY_MS);
  const name = [{ shortName: 'CN', value: subject, valueTagClass: forge.asn1.Type.UTF8 }];
  made.setSubject(name as unknown as forge.pki.CertificateField[]);
  made.setIssuer(name as unknown as forge.pki.CertificateField[]);
  made.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    { name: 'subjectKeyIdentifier' },
    ...(/^[A-Za-z0-9.-]+$/.test(subject) && isIP(subject) === 0
      ? [{ name: 'subjectAltName', altNames: [{ type: 2, value: subject }] }]
      : []),
  ]);
  made.sign(forge.pki.privateKeyFromPem(pemOf(privateKey)), forge.md.sha256.create());
  return { certificate: new X509Certificate(forge.pki.certificateToPem(made)), key: privateKey };
}

/**
 * A serial number of these 16 random bytes, in hexadecimal: positive (RFC 5280, 4.1.2.2), and already of the shortest form
 * that DER allows, since node-forge takes no more than one superfluous byte off and OpenSSL refuses what is left.
 */
function serialNumber(random: Uint8Array): string {
  const bytes = Buffer.from(random);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
}
