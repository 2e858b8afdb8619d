import { hash, type KeyObject } from 'node:crypto';
import { expiryWarning, validityOf } from '../certificates/model.ts';
import { findCertificate, readKey, type StoredCertificate } from '../certificates/store.ts';
import type { CertificateUse } from '../connection-string/certificates.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import type { Notice } from '../transport.ts';

/** What an end shows and proves, and asks of the other end. */
export interface TlsIdentity {
  readonly stored: StoredCertificate;
  readonly key: KeyObject;
  /** SHA-256 of the certificate in DER. */
  readonly pin: Buffer;
}

/** For certificates that say what they are for: to serve in TLS. */
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const ANY_PURPOSE = '2.5.29.37.0';

/**
 * The certificate that a connection string names, ready to be used.
 * @throws HawserError `CERTIFICATE_…`: not found, without key, expired, not yet valid, unusable
 */
export async function loadIdentity(use: CertificateUse, notice?: Notice): Promise<TlsIdentity> {
  const stored = await findCertificate(use.store, use.certificate);
  checkValidity(stored);
  const { purposes, subject } = stored;
  if (purposes && !purposes.includes(SERVER_AUTHENTICATION) && !purposes.includes(ANY_PURPOSE))
    throw connectionErrors.certificateUnusable(subject, 'it is not for server authentication');
  const key = await readKey(stored);
  const warning = expiryWarning(stored);
  if (warning) notice?.(warning);
  return { stored, key, pin: pinOf(stored.certificate.raw) };
}

/** Also for each connection of a server that has run for long. @throws HawserError */
export function checkValidity(stored: StoredCertificate): void {
  const date = (value: Date) => value.toISOString().slice(0, 10);
  const validity = validityOf(stored);
  if (validity === 'expired')
    throw connectionErrors.certificateExpired(stored.subject, date(stored.notAfter));
  if (validity === 'not yet valid')
    throw connectionErrors.certificateNotYetValid(stored.subject, date(stored.notBefore));
}

export function pinOf(der: Buffer): Buffer {
  return hash('sha256', der, 'buffer');
}
