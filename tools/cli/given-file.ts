import { readFile } from 'node:fs/promises';
import { UsageError } from './options.ts';

/**
 * The text of a file that the command line names.
 * @param what as it stands in a sentence: 'The password file'
 * @throws UsageError where it cannot be read
 */
export async function givenFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${what} cannot be read: ${(error as Error).message}.`);
  }
}

/** Its first line, where secrets stand. @throws UsageError as {@link givenFile} */
export async function firstLine(path: string, what: string): Promise<string> {
  return (await givenFile(path, what)).split(/\r?\n/, 1)[0] ?? '';
}
