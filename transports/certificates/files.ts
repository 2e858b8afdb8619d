import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { connectionErrors } from '../errors/connection-errors.ts';
import { HawserError } from '../errors/error.ts';
import { describeCertificate } from './model.ts';
import { pemOf } from './store.ts';

/** What a file had in it. */
export interface ReadFile {
  readonly certificate: X509Certificate;
  readonly key: KeyObject | null;
  /** Certificates of authorities that came with it. */
  readonly chain: readonly X509Certificate[];
}

/** Whether a password is needed to read it. */
export function isEncrypted(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  return isPem(text)
    ? /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(text)
    : !isDerCertificate(bytes);
}

/**
 * Reads PEM (certificates, and a key or none, encrypted or not), PKCS#12, or one certificate in DER.
 * @param file its name, for messages
 * @throws HawserError `CERTIFICATE_PASSWORD`, `CERTIFICATE_UNUSABLE`
 */
export function readCertificateFile(bytes: Buffer, password: string | undefined, file: string): ReadFile {
  const text = bytes.toString('latin1');
  const { certificates, key } = isPem(text)
    ? readPem(text, password, file)
    : isDerCertificate(bytes)
      ? { certificates: [new X509Certificate(bytes)], key: null }
      : readPkcs12(bytes, password ?? '', file);
  const own = key ? certificates.find((each) => each.checkPrivateKey(key)) : certificates[0];
  if (!own)
    throw connectionErrors.certificateUnusable(
      file,
      certificates.length === 0
        ? 'there is no certificate in the file'
        : 'the private key in it is another one’s',
    );
  return { certificate: own, key, chain: certificates.filter((each) => each !== own) };
}

const isPem = (text: string) => text.includes('-----BEGIN ');

function isDerCertificate(bytes: Buffer): boolean {
  try {
    new X509Certificate(bytes);
    return true;
  } catch {
    return false;
  }
}

function readPem(text: string, password: string | undefined, file: string) {
  const blocks = text.match(/-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g) ?? [];
  const certificates: X509Certificate[] = [];
  let key: KeyObject | null = null;
  for (const block of blocks) {
    if (/^-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/.test(block))
      certificates.push(certificateOf(block, file));
    else if (/^-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/.test(block)) key = keyOf(block, password, file);
  }
  return { certificates, key };
}

function certificateOf(pem: string | Buffer, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw connectionErrors.certificateUnusable(file, 'a certificate in it cannot be read', error);
  }
}

function keyOf(block: string, password: string | undefined, file: string): KeyObject {
  const encrypted = isEncrypted(Buffer.from(block));
  if (encrypted && password === undefined) throw connectionErrors.certificatePassword(file);
  try {
    return createPrivateKey({ key: block, ...(encrypted && { passphrase: password }) });
  } catch (error) {
    if (encrypted) throw connectionErrors.certificatePassword(file, error);
    throw connectionErrors.certificateUnusable(file, 'the private key in it cannot be read', error);
  }
}

/** Rounds of hashing that a file may ask for: minutes, with this library. Programs write 1 to 600,000. */
const MOST_ROUNDS = 1_000_000;
/** A file's own nesting is eight or so. */
const MOST_LEVELS = 24;

/** Whether it holds a number of rounds, an integer behind its salt, that is too large; also in what is wrapped in octets. */
function asksTooMuch({ type, value }: forge.asn1.Asn1, level: number): boolean {
  const { Type } = forge.asn1;
  if (level > MOST_LEVELS) return true;
  if (typeof value === 'string') {
    if (type !== Type.OCTETSTRING || !value.startsWith('0')) return false;
    try {
      return asksTooMuch(forge.asn1.fromDer(value), level + 1);
    } catch {
      return false;
    }
  }
  return value.some((part, at) => {
    const salted = part.type === Type.INTEGER && value[at - 1]?.type === Type.OCTETSTRING;
    if (salted && typeof part.value === 'string')
      return Number(`0x${Buffer.from(part.value, 'latin1').toString('hex') || 0}`) > MOST_ROUNDS;
    return asksTooMuch(part, level + 1);
  });
}

function readPkcs12(bytes: Buffer, password: string, file: string) {
  let asn1: forge.asn1.Asn1;
  try {
    asn1 = forge.asn1.fromDer(bytes.toString('latin1'));
  } catch (error) {
    throw connectionErrors.certificateUnusable(file, 'the file is neither PEM nor PKCS#12', error);
  }
  if (asksTooMuch(asn1, 0))
    throw connectionErrors.certificateUnusable(
      file,
      `its password is to be hashed more than ${MOST_ROUNDS} times`,
    );
  let opened: forge.pkcs12.Pkcs12Pfx;
  try {
    opened = forge.pkcs12.pkcs12FromAsn1(asn1, false, password);
  } catch (error) {
    // The library tells a wrong password and a damaged file by words only; as a rule it is the former.
    throw connectionErrors.certificatePassword(file, error);
  }
  try {
    return contentsOf(opened, file);
  } catch (error) {
    if (error instanceof HawserError) throw error;
    throw connectionErrors.certificateUnusable(file, 'what is in it cannot be read', error);
  }
}

function contentsOf(opened: forge.pkcs12.Pkcs12Pfx, file: string) {
  const bags = opened.safeContents.flatMap(({ safeBags }) => safeBags);
  const der = (each: forge.asn1.Asn1) => Buffer.from(forge.asn1.toDer(each).getBytes(), 'latin1');
  const certificates = bags
    .filter(({ type }) => type === forge.pki.oids.certBag)
    .map((bag) =>
      certificateOf(bag.cert ? Buffer.from(forge.pki.certificateToPem(bag.cert)) : der(bag.asn1), file),
    );
  const keyTypes = [forge.pki.oids.keyBag, forge.pki.oids.pkcs8ShroudedKeyBag];
  const bag = bags.find(({ type }) => keyTypes.includes(type));
  if (!bag) return { certificates, key: null };
  // Keys that the library does not know (elliptic curves) come as they stand in the file.
  const key = bag.key
    ? createPrivateKey(forge.pki.privateKeyToPem(bag.key))
    : createPrivateKey({ key: der(bag.asn1), format: 'der', type: 'pkcs8' });
  return { certificates, key };
}

/** @throws HawserError `CERTIFICATE_UNUSABLE` when the key is of a kind that PKCS#12 is not written for here */
export function writePkcs12(pem: string, key: KeyObject, password: string): Buffer {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const { subject } = describeCertificate(new X509Certificate(pem));
  if (key.asymmetricKeyType !== 'rsa')
    throw connectionErrors.certificateUnusable(
      subject,
      'PKCS#12 is written for RSA keys only; export it as PEM',
    );
  const made = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(pemOf(key)),
    certificates.map((each) => forge.pki.certificateFromPem(each)),
    password,
    { algorithm: 'aes256', count: 100_000, friendlyName: subject },
  );
  return Buffer.from(forge.asn1.toDer(made).getBytes(), 'latin1');
}

/** Certificates and key; the key encrypted. */
export function writePem(pem: string, key: KeyObject | null, password: string): string {
  if (!key) return pem;
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: password } as const;
  return pem + (key.export(options) as string);
}
