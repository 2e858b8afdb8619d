import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

/** Where systems keep the authorities that they trust, for programs that bring none of their own. */
const PLACES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

let context: SecureContext | null = null;

/** For TLS to a hub: made once, since going through some 150 certificates costs more than the handshake. */
export function hubSecureContext(): SecureContext {
  context ??= createSecureContext({ ca: [...systemAuthorities()], minVersion: 'TLSv1.2' });
  return context;
}

/**
 * Who may vouch for a hub: the system's authorities (`SSL_CERT_FILE` names others), `NODE_EXTRA_CA_CERTS`, and those that Node
 * brings where the system has none.
 */
function systemAuthorities(): readonly string[] {
  return [...ofSystem(), ...ofFile(process.env.NODE_EXTRA_CA_CERTS)];
}

function ofSystem(): readonly string[] {
  const own = process.env.SSL_CERT_FILE;
  for (const path of own ? [own] : PLACES) {
    const found = ofFile(path);
    if (found.length > 0) return found;
  }
  return own ? [] : rootCertificates;
}

function ofFile(path: string | undefined): readonly string[] {
  if (!path) return [];
  try {
    return (
      readFileSync(path, 'latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    );
  } catch {
    return [];
  }
}
