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
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits });
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string;
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(publicPem);
  // Positive, as the standard asks.
  made.serialNumber = `00${randomBytes(16).toString('hex')}`;
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
