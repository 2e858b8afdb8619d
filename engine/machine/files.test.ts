import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFile } from './files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** How many of this process's descriptors are of the file. */
function descriptorsOf(path: string): number {
  const link = (name: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      return '';
    }
  };
  return readdirSync('/proc/self/fd').filter((name) => link(name) === path).length;
}

test.each(['read to its end', 'given up before its first piece', 'given up in the middle'])(
  'a file %s is closed',
  async (how) => {
    const path = join(folder, 'file');
    writeFileSync(path, Buffer.alloc(3_000_000, 7));
    const stream = (await openFile(path, null)).read(0);
    // What is given up may say so.
    stream.on('error', () => undefined);
    expect(descriptorsOf(path)).toBe(1);
    let read = 0;
    if (how === 'given up before its first piece') stream.destroy();
    else
      for await (const piece of stream) {
        read += (piece as Buffer).length;
        if (how === 'given up in the middle') break;
      }
    await expect.poll(() => descriptorsOf(path)).toBe(0);
    if (how === 'read to its end') expect(read).toBe(3_000_000);
  },
);
