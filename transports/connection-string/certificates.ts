import { bad, type Parameter, type ReadValues, type Role } from './parameter.ts';
import type { Written } from './protocol-row.ts';

/** What ssl and spipe have beside their tcp and npipe: the same at both ends. */

/** `tls1` is every TLS that is still safe; the others are one version each. */
export type Proto = 'tls1' | 'tls1.2' | 'tls1.3';

export interface CertificateUse {
  readonly proto: Proto;
  readonly store: 'user' | 'machine';
  /** Subject or thumbprint. */
  readonly certificate: string;
}

const everyone: readonly Role[] = ['client', 'server'];
const known: readonly string[] = ['tls1', 'tls1.2', 'tls1.3'];
const broken: Readonly<Record<string, string>> = {
  pct1: 'PCT 1.0 is broken and no longer to be had',
  ssl2: 'SSL 2.0 is broken: whoever sits between can read and change everything',
  ssl3: 'SSL 3.0 is broken: whoever sits between can read what is sent (POODLE)',
  'tls1.0': 'TLS 1.0 is no longer safe (RFC 8996)',
  'tls1.1': 'TLS 1.1 is no longer safe (RFC 8996)',
};

const proto: Parameter<Proto> = {
  name: 'Proto',
  roles: everyone,
  takes: 'tls1, tls1.2 or tls1.3, as in proto=tls1',
  read(token) {
    const value = token.value.toLowerCase();
    if (known.includes(value)) return value as Proto;
    const reason = Object.hasOwn(broken, value) ? broken[value] : undefined;
    if (reason) throw bad(token, `${reason}. Use proto=tls1, which takes the best TLS that both ends have.`);
    throw bad(token, 'The protocols are tls1, tls1.2 and tls1.3.');
  },
};

const MAX_NAME = 256;

const certificate = (name: string): Parameter<string> => ({
  name,
  roles: everyone,
  takes: `the subject or thumbprint of a certificate, as in ${name.toLowerCase()}=lab`,
  read(token) {
    // Windows puts an invisible mark before a thumbprint that is copied from its window.
    const value = token.value.replace(/\p{Cf}/gu, '').trim();
    if (value === '') throw bad(token, 'The name of the certificate is missing.');
    if (value.length > MAX_NAME) throw bad(token, `A name has at most ${MAX_NAME} characters.`);
    if (/["\p{C}]/u.test(value)) throw bad(token, 'The name of a certificate has no quotes.');
    return value;
  },
});

export const certificateParameters = {
  proto,
  certuser: certificate('CertUser'),
  machuser: certificate('MachUser'),
};

export function finishCertificate(read: ReadValues<typeof certificateParameters>): CertificateUse {
  const { values, spans, end } = read;
  if (spans.certuser && spans.machuser) throw bad(spans.machuser, 'Use certuser= or machuser=, never both.');
  if (values.proto === undefined) throw bad(end, 'proto= is missing, as in proto=tls1.');
  const name = values.certuser ?? values.machuser;
  if (name === undefined)
    throw bad(end, 'certuser= or machuser= is missing: the certificate that both ends have.');
  return {
    proto: values.proto,
    store: values.certuser === undefined ? 'machine' : 'user',
    certificate: name,
  };
}

export function writeCertificate({ proto: version, store, certificate: name }: CertificateUse): Written[] {
  return [
    ['Proto', version],
    [store === 'user' ? 'CertUser' : 'MachUser', name.includes(',') ? `"${name}"` : name],
  ];
}

/** What a client has to have in common with its server. */
export function commonOf({ proto: version, store, certificate: name }: CertificateUse): CertificateUse {
  return { proto: version, store, certificate: name };
}
