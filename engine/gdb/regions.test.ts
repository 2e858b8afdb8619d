import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createGdbBackend } from './backend.ts';
import { parseMaps } from './regions.ts';
import { compile } from './testing/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'hawser-regions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is mapped', () => {
  it('is read from the text of the kernel', () => {
    expect(
      parseMaps(
        '555555554000-555555555000 r-xp 00001000 08:01 42    /tmp/a b (deleted)\n' +
          '7ffff7fbb000-7ffff7fbd000 rw-s 00000000 00:00 0 \nnonsense\n' +
          'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]\n',
      ),
    ).toEqual([
      {
        start: 0x555555554000n,
        end: 0x555555555000n,
        read: true,
        write: false,
        execute: true,
        shared: false,
        offset: 0x1000n,
        path: '/tmp/a b (deleted)',
      },
      expect.objectContaining({ shared: true, write: true, path: '' }),
      expect.objectContaining({ end: 0xffffffffff601000n, read: false, path: '[vsyscall]' }),
    ]);
  });

  it('is the same in a core file as it was in its process', { timeout: 60_000 }, async () => {
    const program = compile('still.c', 'int main(void) { return 0; }', ['-g', '-O0']);
    const core = join(folder, 'core');
    const live = await createGdbBackend();
    const dead = await createGdbBackend();
    try {
      await live.launch({ program: program.path, args: [] });
      const before = (await live.regions()).filter(({ path, read }) => read && !/^\[v/.test(path));
      await live.raw(`generate-core-file ${core}`);
      await dead.openCore({ core });
      const rows = (all: Awaited<ReturnType<typeof live.regions>>) =>
        all.map(({ start, end, write, execute }) => [start, end, write, execute]);
      const kept = new Set((await dead.regions()).map(({ start }) => start));
      expect(rows(await dead.regions())).toEqual(
        expect.arrayContaining(rows(before.filter(({ start }) => kept.has(start)))),
      );
      // GDB leaves out what comes unchanged from files.
      expect(before.filter(({ start, write }) => write && !kept.has(start))).toEqual([]);
      const named = (await dead.regions()).filter(({ path }) => path.endsWith('/still'));
      expect(named.length).toBeGreaterThan(0);
      const headers = execFileSync('readelf', ['-lW', core], { encoding: 'utf8' });
      expect((await dead.regions()).length).toBe(
        headers.split('\n').filter((line) => /^ +LOAD .* 0x0*[1-9a-f][0-9a-f]* +[RWE ]{3} +0x/.test(line))
          .length,
      );
    } finally {
      await live.dispose();
      await dead.dispose();
    }
  });
});
