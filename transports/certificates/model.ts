import type { KeyObject, X509Certificate } from 'node:crypto';

/** What stores and tools know of a certificate. */
export interface CertificateInfo {
  /** The common name, or the whole subject where there is none. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal, upper case, without blanks: of the whole certificate, as Windows shows it. */
  readonly sha1: string;
  readonly sha256: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** `RSA 3072`, `EC prime256v1`. */
  readonly algorithm: string;
  /** What it may be used for, if it says so: object identifiers. */
  readonly purposes: readonly string[] | undefined;
}

export function describeCertificate(certificate: X509Certificate): CertificateInfo {
  const { subject, issuer } = certificate.toLegacyObject();
  return {
    subject: nameIn(subject) ?? certificate.subject,
    issuer: nameIn(issuer) ?? certificate.issuer,
    sha1: certificate.fingerprint.replaceAll(':', ''),
    sha256: certificate.fingerprint256.replaceAll(':', ''),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    algorithm: algorithmOf(certificate),
    purposes: certificate.keyUsage as readonly string[] | undefined,
  };
}

function nameIn(name: unknown): string | undefined {
  const { CN } = (name ?? {}) as { CN?: string | string[] };
  return Array.isArray(CN) ? CN.at(-1) : CN;
}

function algorithmOf(certificate: X509Certificate): string {
  let publicKey: KeyObject;
  try {
    publicKey = certificate.publicKey;
  } catch {
    // A key that cannot be read, or of a kind that nobody here knows.
    return 'unknown';
  }
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  const size = modulusLength ?? namedCurve;
  return `${publicKey.asymmetricKeyType?.toUpperCase()}${size === undefined ? '' : ` ${size}`}`;
}

/** A thumbprint as typed or pasted, or null when it is a name. Windows puts an invisible mark before the first digit. */
export function thumbprintOf(name: string): string | null {
  const digits = name.replace(/[\s:]|\p{Cf}/gu, '').toUpperCase();
  return /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(digits) ? digits : null;
}

/** Whether a name, as in `certuser=`, means this certificate. */
export function isNamed(info: CertificateInfo, name: string): boolean {
  const digits = thumbprintOf(name);
  if (digits) return digits === info.sha1 || digits === info.sha256;
  return info.subject.toLowerCase() === name.replace(/^CN=/i, '').trim().toLowerCase();
}

export type Validity = 'valid' | 'expired' | 'not yet valid';

export function validityOf(
  { notBefore, notAfter }: Pick<CertificateInfo, 'notBefore' | 'notAfter'>,
  now = new Date(),
): Validity {
  // Dates that cannot be read are none.
  if (!(now <= notAfter)) return 'expired';
  return now >= notBefore ? 'valid' : 'not yet valid';
}

/** Days until which an end is near enough to be warned about. */
const WARN_DAYS = 30;
const DAY_MS = 86_400_000;

/** A sentence about an end that has come or is near, or null. */
export function expiryWarning(info: CertificateInfo, now = new Date()): string | null {
  if (Number.isNaN(info.notAfter.getTime()))
    return `The certificate ${info.subject} does not say when it expires.`;
  const days = Math.floor((info.notAfter.getTime() - now.getTime()) / DAY_MS);
  const date = info.notAfter.toISOString().slice(0, 10);
  if (days < 0) return `The certificate ${info.subject} expired on ${date}.`;
  if (days > WARN_DAYS) return null;
  return `The certificate ${info.subject} expires on ${date}, in ${days} ${days === 1 ? 'day' : 'days'}.`;
}
