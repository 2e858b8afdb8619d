import type { Records } from '../store/store.ts';
import { callerErrors } from './errors.ts';

const ATTEMPTS = 50;

/**
 * Reads, decides, writes; anew where somebody else wrote in between.
 * @param change gives the new value, the same one for no change, or throws
 * @returns what is there now; undefined where nothing was
 */
export async function update<T extends object>(
  records: Records<T>,
  key: string,
  change: (value: T) => T,
): Promise<T | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const now = await records.get(key);
    if (!now) return undefined;
    const value = change(now.value);
    if (value === now.value) return value;
    if ((await records.put(key, value, now.revision)) !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5 * (attempt + 1)));
  }
  throw callerErrors.busy('make the change');
}
