import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import { firstLine } from './given-file.ts';

/** Read once and taken out of the environment, so that no child of ours inherits it. */
const fromEnvironment = process.env.HAWSER_PASSWORD;
delete process.env.HAWSER_PASSWORD;

/**
 * A password that was not put in the connection string: from the file of `-passwordfile` (its first line),
 * or from HAWSER_PASSWORD. Undefined when neither is there.
 * @throws UsageError where the file cannot be read
 */
export async function givenPassword(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return fromEnvironment || undefined;
  return firstLine(file, 'The password file');
}

/** Asks at the terminal, without showing what is typed. @throws PASSWORD_NEEDED where there is none to ask. */
export async function askPassword(signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw connectionErrors.passwordNeeded();
  process.stderr.write('Password: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const readline = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await readline.question('', { signal });
  } finally {
    readline.close();
    process.stderr.write('\n');
  }
}
