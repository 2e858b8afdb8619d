import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { firstLine } from '../cli/given-file.ts';
import { askPassword } from '../cli/password.ts';

/** Read once and taken out of the environment, so that no child of ours inherits it. */
const fromEnvironment = process.env.HAWSER_CERT_PASSWORD;
delete process.env.HAWSER_CERT_PASSWORD;

/**
 * The password of a certificate file: from -passwordfile, from HAWSER_CERT_PASSWORD, or asked for; never from the command
 * line. `choose` for a new file: then it is asked for twice.
 * @throws HawserError `CERTIFICATE_PASSWORD`
 */
export async function certificatePassword(
  file: string,
  passwordFile: string | undefined,
  purpose: 'open' | 'choose' = 'open',
): Promise<string> {
  const given =
    passwordFile === undefined ? fromEnvironment : await firstLine(passwordFile, 'The password file');
  const password = given ?? (await ask(file, purpose));
  if (purpose === 'choose' && password === '') throw connectionErrors.certificatePassword(file);
  return password;
}

async function ask(file: string, purpose: 'open' | 'choose'): Promise<string> {
  const { signal } = new AbortController();
  const asked = async (label: string) => {
    if (!process.stdin.isTTY || !process.stderr.isTTY) throw connectionErrors.certificatePassword(file);
    process.stderr.write(`${label} `);
    return askPassword(signal);
  };
  const first = await asked(file);
  if (purpose === 'choose' && (await asked('Once more.')) !== first)
    throw connectionErrors.certificatePassword(file);
  return first;
}
