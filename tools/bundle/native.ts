import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleErrors } from './errors.ts';

/** Beside the console program; in a package the window's program takes the same ones. */
const { resourcesPath } = process as { readonly resourcesPath?: string };
const place = resourcesPath ?? import.meta.dirname;

/**
 * Loads a native part from the folder beside the program, and from nowhere else: a search through the folders above, as
 * Node makes it for packages, could meet what another user has put into `/tmp`.
 * @param file as `pty.node`
 * @param use what wants it, for the message
 */
export function loadNative(file: string, use: string): unknown {
  const path = join(place, 'native', `${process.platform}-${process.arch}`, file);
  if (!existsSync(path)) throw bundleErrors.nativePartMissing(path, use);
  try {
    return createRequire(path)(path);
  } catch (error) {
    throw bundleErrors.nativePartUnusable(path, use, error instanceof Error ? error.message : String(error));
  }
}
