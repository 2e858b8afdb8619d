import { readFile, writeFile } from 'node:fs/promises';
import { createCertificate, DEFAULT_DAYS } from '../../transports/certificates/create.ts';
import {
  isEncrypted,
  readCertificateFile,
  writePem,
  writePkcs12,
} from '../../transports/certificates/files.ts';
import { expiryWarning } from '../../transports/certificates/model.ts';
import {
  addCertificate,
  findCertificate,
  listCertificates,
  readKey,
  removeCertificate,
  type StoreName,
  storeFolder,
} from '../../transports/certificates/store.ts';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { UsageError } from '../cli/options.ts';
import { certificatePassword } from './password.ts';
import { details, spaced, table } from './text.ts';

export interface CertsOptions {
  readonly store: StoreName;
  readonly days: string | undefined;
  readonly withKey: boolean;
  readonly passwordFile: string | undefined;
}

type Command = (words: readonly string[], options: CertsOptions) => Promise<number>;

const print = (text: string) => void process.stdout.write(`${text}\n`);
const warn = (text: string | null) => void (text !== null && process.stderr.write(`WARNING: ${text}\n`));

function exactly(words: readonly string[], ...names: readonly string[]): readonly string[] {
  if (words.length !== names.length)
    throw new UsageError(names.length === 0 ? 'Nothing may follow here.' : `Give ${names.join(' and ')}.`);
  return words;
}

const create: Command = async (words, { store, days }) => {
  const [subject = ''] = exactly(words, 'the NAME of the certificate');
  if (!/^[^,"\p{C}]{1,64}$/u.test(subject) || subject.trim() !== subject)
    throw new UsageError('A name has 1 to 64 characters, without commas and quotes.');
  if (days !== undefined && !/^[1-9]\d{0,3}$/.test(days))
    throw new UsageError(`-days takes a number from 1 to 9999, not '${days}'.`);
  const { certificates } = await listCertificates(store);
  const made = await createCertificate({ subject, days: days === undefined ? DEFAULT_DAYS : Number(days) });
  const stored = await addCertificate(store, made.certificate, made.key);
  print(details(stored));
  if (certificates.some((each) => each.subject.toLowerCase() === subject.toLowerCase()))
    warn(`There is another certificate ${subject}: use the thumbprint to say which is meant.`);
  return 0;
};

const importFile: Command = async (words, { store, passwordFile }) => {
  const [file = ''] = exactly(words, 'the FILE');
  const bytes = await readFile(file).catch((error: Error) => {
    throw connectionErrors.certificateUnusable(file, error.message, error);
  });
  const password = isEncrypted(bytes) ? await certificatePassword(file, passwordFile) : undefined;
  const { certificate, key, chain } = readCertificateFile(bytes, password, file);
  const stored = await addCertificate(store, certificate, key, chain);
  print(details(stored));
  if (stored.key === 'absent') warn('It came without its private key, which both ends of a connection need.');
  warn(expiryWarning(stored));
  return 0;
};

const exportFile: Command = async (words, { store, withKey, passwordFile }) => {
  const [name = '', file = ''] = exactly(words, 'NAME', 'FILE');
  const stored = await findCertificate(store, name);
  const pkcs12 = /\.(p12|pfx)$/i.test(file);
  if (pkcs12 && !withKey) throw new UsageError('Without the key a certificate is exported as PEM.');
  const key = withKey ? await readKey(stored) : null;
  const password = key ? await certificatePassword(file, passwordFile, 'choose') : '';
  const content =
    key && pkcs12 ? writePkcs12(stored.pem, key, password) : writePem(stored.pem, key, password);
  // What is there stays: it may be the only copy of another key.
  await writeFile(file, content, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw connectionErrors.certificateUnusable(
      stored.subject,
      error.code === 'EEXIST' ? `${file} exists already` : error.message,
      error,
    );
  });
  print(`${stored.subject} is in ${file}${key ? ', with its private key' : ', without its private key'}.`);
  return 0;
};

const list: Command = async (words, { store }) => {
  exactly(words);
  const { certificates, broken } = await listCertificates(store);
  print(
    certificates.length === 0 ? `There are no certificates in ${storeFolder(store)}.` : table(certificates),
  );
  for (const file of broken) warn(`${file} is no certificate.`);
  for (const each of certificates) warn(expiryWarning(each));
  return 0;
};

const show: Command = async (words, { store }) => {
  const [name = ''] = exactly(words, 'the NAME or thumbprint');
  const stored = await findCertificate(store, name);
  print(`${details(stored)}\n${stored.pem.trimEnd()}`);
  warn(expiryWarning(stored));
  return 0;
};

const remove: Command = async (words, { store }) => {
  const [name = ''] = exactly(words, 'the NAME or thumbprint');
  const stored = await findCertificate(store, name);
  await removeCertificate(stored);
  print(`Removed ${stored.subject}, ${spaced(stored.sha1)}.`);
  return 0;
};

/** The subcommands by name. */
export const certsCommands: Readonly<Record<string, Command>> = {
  create,
  import: importFile,
  export: exportFile,
  list,
  show,
  remove,
};
