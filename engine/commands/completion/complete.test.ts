import { describe, expect, it } from 'vitest';
import { compile } from '../../gdb/testing/programs.ts';
import { Console } from '../testing/console.ts';
import { loopSource } from '../testing/loop.ts';

const offered = async ({ language }: Console, text: string): Promise<readonly string[]> =>
  (await language.complete(text, text.length)).items.map((item) => item.text);

describe('completion', () => {
  it('offers names of commands where one begins', async () => {
    const console = new Console();
    expect(await console.language.complete('k; .ser', 7)).toEqual({
      from: 3,
      items: ['.server', '.servers'].map((text) => ({ text, detail: expect.any(String) })),
    });
    expect(await offered(console, '~1 bp')).toEqual(['bp']);
    expect(await offered(console, '.if (1) { .ech')).toEqual(['.echo', '.echotime', '.echotimestamps']);
    expect(await offered(console, '.hh .ser')).toEqual(['.server', '.servers']);
    expect(await offered(console, '.allow_e')).toEqual(['.allow_exec_cmds']);
    expect(await offered(console, '.echo .ser')).toEqual([]);
    expect(await offered(console, '')).toEqual([]);
  });

  it('offers the options of a command', async () => {
    const console = new Console();
    expect(await offered(console, 'bp /')).toEqual(['/1', '/C', '/c', '/w']);
    expect(await offered(console, 'wt -o')).toEqual(['-oR', '-oa', '-or']);
    expect(await offered(console, 'dt -l')).toEqual(['-l']);
    expect(await offered(console, '? 4-')).toEqual([]);
  });

  it('offers what the target has', async () => {
    const console = new Console();
    const program = compile('loop.c', loopSource);
    await console.start({ kind: 'launch', program: program.path, args: ['3'] });
    expect(await offered(console, 'bp loop!w')).toEqual(['loop!work']);
    expect(await offered(console, 'bp lo*!wo')).toEqual(['loop!work']);
    expect(await offered(console, 'dd loop!g_t')).toEqual(['loop!g_table']);
    expect(await offered(console, '? 5+loop!g_co')).toEqual(['loop!g_count']);
    expect(await offered(console, 'x lo')).toContain('loop!');
    expect(await offered(console, 'lmvm libc')).toEqual(['libc_so']);
    expect(await offered(console, 'ld libc')).toEqual(['libc_so']);
    expect(await offered(console, 'dt loop!no')).toEqual(['loop!node']);
    expect(await offered(console, 'dt inn')).toEqual(['inner']);
    expect(await offered(console, 'bp recu')).toEqual(['recurse']);
    await console.run('g loop!work');
    expect(await offered(console, '?? la')).toEqual(['label']);
    expect(await offered(console, 'r ri')).toEqual(['rip']);
    expect(await offered(console, '? @r1')).toEqual(expect.arrayContaining(['@r10', '@r10d', '@r15b']));
    expect(await offered(console, '? @$ex')).toEqual(
      expect.arrayContaining(['@$exp', '@$exentry', '@$exr_code']),
    );
    expect(await offered(console, 'r $t1')).toContain('$t19');
    expect(await offered(console, 'bp nosuch!')).toEqual([]);
    await console.run('g');
    expect(await offered(console, 'bp loop!w')).toEqual([]);
    expect(await offered(console, '.rest')).toEqual(['.restart']);
  });
});
