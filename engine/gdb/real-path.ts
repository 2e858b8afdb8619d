import { realpathSync } from 'node:fs';

/** Real path, or the path itself where it is of no file here. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
