import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCertificate } from '../../transports/certificates/create.ts';
import { describeCertificate, expiryWarning } from '../../transports/certificates/model.ts';
import { pemOf } from '../../transports/certificates/store.ts';
import { administrationErrors } from './errors.ts';

/** Clients pin a certificate that no authority has signed: it is to last. */
const DAYS = 3650;

export interface HubCertificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256, in pairs with colons. */
  readonly fingerprint: string;
  /** A sentence about an end that is near. */
  readonly warning: string | null;
}

/** Makes the folder where it is not there; it is nobody else's. @throws HawserError `HUB_SETTINGS` */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw administrationErrors.settings(
      `its folder ${folder} cannot be used: ${why}`,
      'Give another with -data.',
      error,
    );
  }
}

/** The certificate of two files. @throws HawserError `HUB_SETTINGS` */
export async function givenCertificate(certFile: string, keyFile: string): Promise<HubCertificate> {
  const [cert, key] = await Promise.all([read(certFile), read(keyFile)]);
  return facts(cert, key, certFile);
}

/** The hub's own, made at the first start and kept in the folder. @throws HawserError `HUB_SETTINGS` */
export async function ownCertificate(folder: string, host: string): Promise<HubCertificate> {
  const [certFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const there = await readFile(certFile, 'utf8').catch(() => null);
  if (there !== null) return facts(there, await read(keyFile), certFile);
  const { certificate, key } = await createCertificate({ subject: host, days: DAYS });
  // The key first: a certificate that is there has one.
  await writeFile(keyFile, pemOf(key), { mode: 0o600, flush: true });
  await writeFile(certFile, certificate.toString(), { mode: 0o600, flush: true });
  return facts(certificate.toString(), pemOf(key), certFile);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw administrationErrors.settings(
      `${file} cannot be read: ${why}`,
      'Check the name and who may read it.',
      error,
    );
  }
}

function facts(cert: string, key: string, file: string): HubCertificate {
  try {
    const certificate = new X509Certificate(cert);
    return {
      cert,
      key,
      fingerprint: certificate.fingerprint256,
      warning: expiryWarning(describeCertificate(certificate)),
    };
  } catch (error) {
    throw administrationErrors.settings(`${file} is no certificate`, 'Give a PEM file.', error);
  }
}
