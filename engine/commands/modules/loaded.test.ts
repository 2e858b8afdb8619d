import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { processServerStub } from '../../gdb/testing/process-server.ts';
import { compile } from '../../gdb/testing/programs.ts';
import { Console } from '../testing/console.ts';
import { loopSource } from '../testing/loop.ts';

const PATIENCE = { timeout: 120_000 };
const program = compile('loop.c', loopSource);

/** What readelf says of a file. */
function entryOf(path: string): bigint {
  const text = execFileSync('readelf', ['-hW', path], { encoding: 'utf8' });
  return BigInt(/Entry point address:\s+(0x[0-9a-f]+)/.exec(text)?.[1] ?? 0);
}

describe('!dlls', () => {
  it.each(['here', 'behind a process server'])('lists what the loader has, %s', PATIENCE, async (where) => {
    const console = new Console();
    const stub = where === 'here' ? {} : { stub: await processServerStub() };
    await console.start({ kind: 'launch', program: program.path, args: ['3'], ...stub });
    await console.run('g loop!main');
    const said = await console.run('!dlls');
    const rows = [
      ...said.matchAll(/^(\S+|\(not of the loader\)): (.*)\n {6}Base {3}(0x\S+) {2}EntryPoint {2}(0x\S+) /gm),
    ];
    // The loader may show the kernel's own library, or not.
    expect(
      rows.map(([, , path]) => path?.split('/').at(-1)).filter((name) => name !== 'linux-vdso.so.1'),
    ).toEqual(['loop', 'libc.so.6', 'ld-linux-x86-64.so.2']);
    for (const [, entry, path = '', base = '', start = ''] of rows.filter(([, , path]) =>
      path?.startsWith('/'),
    )) {
      expect(entry).toMatch(/^0x[0-9a-f]{16}$/);
      expect(BigInt(start) - BigInt(base)).toBe(entryOf(path));
    }
    expect(await console.run('!dlls -c libc_so!malloc')).toMatch(
      /^Dump dll containing 0x\S+:\n\n0x\S+: \/.*libc\.so\.6\n/,
    );
    const all = await console.run('!dlls -a loop');
    expect(all).toMatch(/ELF HEADER\n {6}DYN type, x86-64 machine\n/);
    const segments = execFileSync('readelf', ['-lW', program.path], { encoding: 'utf8' });
    expect(all.match(/^ {6}LOAD /gm)).toHaveLength(segments.match(/^ +LOAD /gm)?.length ?? 0);
    expect(all).toMatch(/ {6}Build ID [0-9a-f]{40}, symbols: dwarf/);
    expect(await console.run('!dlls 1234')).toBe('No module is there.\n');
  });
});
