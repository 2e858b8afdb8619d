import { unlinkSync } from 'node:fs';

const files = new Set<string>();
process.once('exit', () => {
  for (const file of files) removeQuietly(file);
});

/** Files that are to go with this process, when it ends without having removed them. */
export const exitFiles: Pick<Set<string>, 'add' | 'delete' | 'has'> = files;

export function removeQuietly(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Gone already.
  }
}
