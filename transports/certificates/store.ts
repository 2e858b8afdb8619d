import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { connectionErrors } from '../errors/connection-errors.ts';
import { type CertificateInfo, describeCertificate, isNamed, validityOf } from './model.ts';

export type StoreName = 'user' | 'machine';

/** Where the certificates of a store are. `HAWSER_MACHINE_CERTS` moves the machine's, for packages and tests. */
export function storeFolder(store: StoreName): string {
  if (store === 'machine') return process.env.HAWSER_MACHINE_CERTS || '/etc/hawser/certs';
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'hawser/certs');
}

/** A certificate that is in a store. */
export interface StoredCertificate extends CertificateInfo {
  readonly certificate: X509Certificate;
  /** The certificate, and those that follow it in its file. */
  readonly pem: string;
  readonly key: 'present' | 'absent';
  readonly keyFile: string;
  readonly certificateFile: string;
}

export interface Listed {
  readonly certificates: readonly StoredCertificate[];
  /** Files that are no certificates. */
  readonly broken: readonly string[];
}

/** What a store has, by name. A store that does not exist is empty. @throws HawserError `CERTIFICATE_STORE` */
export async function listCertificates(store: StoreName): Promise<Listed> {
  const folder = storeFolder(store);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw connectionErrors.certificateStore(folder, error.message, error);
  });
  const certificates: StoredCertificate[] = [];
  const broken: string[] = [];
  for (const name of names.filter((each) => each.endsWith('.pem'))) {
    const found = await read(folder, name).catch(() => null);
    if (found) certificates.push(found);
    else broken.push(join(folder, name));
  }
  return { certificates: certificates.sort((a, b) => a.subject.localeCompare(b.subject)), broken };
}

async function read(folder: string, name: string): Promise<StoredCertificate> {
  const certificateFile = join(folder, name);
  const keyFile = certificateFile.replace(/\.pem$/, '.key');
  const pem = await readFile(certificateFile, 'utf8');
  const certificate = new X509Certificate(pem);
  const key = await stat(keyFile).then(
    () => 'present' as const,
    () => 'absent' as const,
  );
  return { ...describeCertificate(certificate), certificate, pem, key, keyFile, certificateFile };
}

/**
 * The certificate that a name (subject or thumbprint) means. Of several with one subject: a valid one before others, one
 * with its key before one without, then the one that lasts longest.
 * @throws HawserError `CERTIFICATE_NOT_FOUND`
 */
export async function findCertificate(store: StoreName, name: string): Promise<StoredCertificate> {
  const { certificates } = await listCertificates(store);
  const rank = (each: StoredCertificate) =>
    (validityOf(each) === 'valid' ? 2 : 0) + (each.key === 'present' ? 1 : 0);
  const [best] = certificates
    .filter((each) => isNamed(each, name))
    .sort((a, b) => rank(b) - rank(a) || b.notAfter.getTime() - a.notAfter.getTime());
  if (!best) throw connectionErrors.certificateNotFound(name, store, storeFolder(store));
  return best;
}

/**
 * The private key of a certificate.
 * @throws HawserError `CERTIFICATE_WITHOUT_KEY`, `CERTIFICATE_UNUSABLE` when others may read it or it is another one's
 */
export async function readKey(stored: StoredCertificate): Promise<KeyObject> {
  const { subject, keyFile, certificate } = stored;
  if (stored.key === 'absent')
    throw connectionErrors.certificateWithoutKey(subject, 'it is not in the store');
  const { mode } = await stat(keyFile);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw connectionErrors.certificateUnusable(subject, `others may read its private key, ${keyFile}`);
  const text = await readFile(keyFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw connectionErrors.certificateWithoutKey(
      subject,
      `this user may not read ${keyFile} (${error.code})`,
    );
  });
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (error) {
    throw connectionErrors.certificateUnusable(subject, `its private key, ${keyFile}, cannot be read`, error);
  }
  if (!certificate.checkPrivateKey(key))
    throw connectionErrors.certificateUnusable(subject, `${keyFile} is not its private key`);
  return key;
}

/**
 * Puts a certificate into a store, or in the place of the same one. Its key, if any, is readable by its owner only.
 * @param chain further certificates, PEM
 * @throws HawserError `CERTIFICATE_STORE`, `CERTIFICATE_UNUSABLE`
 */
export async function addCertificate(
  store: StoreName,
  certificate: X509Certificate,
  key: KeyObject | null,
  chain: readonly X509Certificate[] = [],
): Promise<StoredCertificate> {
  const folder = storeFolder(store);
  const { sha1, subject } = describeCertificate(certificate);
  if (key && !certificate.checkPrivateKey(key))
    throw connectionErrors.certificateUnusable(subject, 'the private key beside it is another one’s');
  try {
    await mkdir(folder, { recursive: true, mode: store === 'user' ? 0o700 : 0o755 });
    if (key) await replace(join(folder, `${sha1}.key`), pemOf(key), 0o600);
    const pem = [certificate, ...chain].map(String).join('');
    await replace(join(folder, `${sha1}.pem`), pem, store === 'user' ? 0o600 : 0o644);
  } catch (error) {
    throw connectionErrors.certificateStore(folder, (error as Error).message, error);
  }
  return read(folder, `${sha1}.pem`);
}

/** @throws HawserError `CERTIFICATE_STORE` */
export async function removeCertificate(stored: StoredCertificate): Promise<void> {
  try {
    // The key first: what is left when that fails can be removed again.
    if (stored.key === 'present') await unlink(stored.keyFile);
    await unlink(stored.certificateFile);
  } catch (error) {
    throw connectionErrors.certificateStore(stored.certificateFile, (error as Error).message, error);
  }
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** Never readable by others, nor half written, not even for a moment. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, text, { mode: 0o600, flag: 'w' });
  await chmod(fresh, mode);
  await rename(fresh, path);
}
