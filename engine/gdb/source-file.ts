import { open } from 'node:fs/promises';

const MOST_BYTES = 8 * 1024 * 1024;

/** A file of source code, by the path that GDB has found for it; null: it cannot be read. Of a longer one its beginning. */
export async function readSource(path: string): Promise<string | null> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.min(size, MOST_BYTES));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
