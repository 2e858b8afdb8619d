import { validityOf } from '../../transports/certificates/model.ts';
import type { StoredCertificate } from '../../transports/certificates/store.ts';

/** A thumbprint in pairs, as people compare it. */
export const spaced = (thumbprint: string): string => thumbprint.match(/../g)?.join(' ') ?? '';

const day = (date: Date): string => date.toISOString().slice(0, 10);

/** All of one certificate, a line for each fact. */
export function details(certificate: StoredCertificate): string {
  const { subject, issuer, sha1, sha256, notBefore, notAfter, algorithm, key } = certificate;
  const validity = validityOf(certificate);
  return [
    `Subject:      ${subject}`,
    `Issuer:       ${issuer === subject ? 'itself' : issuer}`,
    `Key:          ${algorithm}, private key ${key === 'present' ? 'in the store' : 'not in the store'}`,
    `Valid:        ${day(notBefore)} to ${day(notAfter)}${validity === 'valid' ? '' : ` (${validity})`}`,
    `SHA-1:        ${spaced(sha1)}`,
    `SHA-256:      ${spaced(sha256)}`,
    `File:         ${certificate.certificateFile}`,
  ].join('\n');
}

/** One line for each certificate. */
export function table(certificates: readonly StoredCertificate[]): string {
  const width = Math.max('Subject'.length, ...certificates.map(({ subject }) => subject.length));
  const line = (subject: string, until: string, key: string, thumbprint: string) =>
    `${subject.padEnd(width)}  ${until.padEnd(24)}  ${key.padEnd(3)}  ${thumbprint}`;
  return [
    line('Subject', 'Valid until', 'Key', 'Thumbprint (SHA-1)'),
    ...certificates.map((each) => {
      const validity = validityOf(each);
      const until = `${day(each.notAfter)}${validity === 'valid' ? '' : ` ${validity}`}`;
      return line(each.subject, until, each.key === 'present' ? 'yes' : 'no', each.sha1);
    }),
  ].join('\n');
}
