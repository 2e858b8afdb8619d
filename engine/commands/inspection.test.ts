import { describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { Console } from './testing/console.ts';
import { thingsSource } from './testing/things.ts';

const TIMEOUT = { timeout: 120_000 };

async function stopped(flags: readonly string[], marker: string): Promise<Console> {
  const program = compile('loop.cpp', thingsSource, [...flags, '-no-pie', '-fcf-protection=none']);
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args: [] });
  await console.run(`g \`loop.cpp:${program.line(marker)}\``);
  return console;
}

/** Caret and text, the caret as far from the start as the text that stands before it. */
const caret = (before: string, text: string) => `${' '.repeat(`0:000> ${before}`.length)}^ ${text}\n`;

describe('what memory commands show', () => {
  it('takes columns', TIMEOUT, async () => {
    const console = await stopped(['-g', '-O0'], '/* end */');
    const rows = (text: string) => text.replace(/^\S+ {2}/gm, '');
    expect(rows(await console.run('db /c8 g_msg LC'))).toBe(
      '68 65 6c 6c 6f 20 77 6f  hello wo\n72 6c 64 00              rld.\n',
    );
    expect(rows(await console.run('dd /c2 g_tab L4'))).toBe('00000001 00000002\n00000003 00000004\n');
    expect(rows(await console.run('dds/c2 g_tab L3'))).toBe('00000001 00000002\n00000003\n');
    expect(await console.run('db /c0 g_msg')).toBe(caret('db ', 'A line has 1 to 0x100 columns'));
    expect(await console.run('db /q g_msg')).toBe(caret('db ', "Syntax error at '/q g_msg'"));
  });

  it('has question marks for characters that cannot be read', TIMEOUT, async () => {
    const console = await stopped(['-g', '-O0'], '/* end */');
    expect(await console.run('da 0')).toBe(`00000000\`00000000  "${'?'.repeat(48)}"\n`);
    expect(await console.run('du 0 L3')).toBe('00000000`00000000  "???"\n');
    expect(await console.run('da g_msg')).toMatch(/ {2}"hello world"\n$/);
  });
});

describe('frames and what lives in them', () => {
  it('shows the registers of the frame that was asked for', TIMEOUT, async () => {
    const console = await stopped(['-g', '-O0'], '/* bottom */');
    const [line = '', ...block] = (await console.run('.frame /r 1')).split('\n');
    const pointer = line.split(' ')[1]?.replace('`', '');
    expect(block.join('\n')).toContain(`rsp=${pointer}`);
    expect(await console.run('.frame /z')).toBe(caret('.frame ', "Syntax error at '/z'"));
  });

  it('heads raw arguments as WinDbg does', TIMEOUT, async () => {
    const console = await stopped(['-g', '-O0'], '/* bottom */');
    const [header, row = ''] = (await console.run('kb 1')).split('\n');
    expect(header).toBe(` # ${'RetAddr'.padEnd(22)}: ${'Args to Child'.padEnd(72)}: Call Site`);
    expect(row).toMatch(/^00 \S{17} {5}: (?:\S{17} ){4}: loop!fact/);
  });

  it('says how far from a register a variable is', TIMEOUT, async () => {
    const console = await stopped(['-g', '-O0'], '/* bottom */');
    expect(await console.run('dv /V n')).toMatch(/^00007fff`\w{8} @rbp-0x[0-9a-f]{2} {15}n = 0n3\n$/);
    const optimized = await stopped(['-g', '-O2'], '/* end */');
    await optimized.run('.restart');
    await optimized.run('g main');
    expect(await optimized.run('dv /v argc')).toBe(`${'@rdi'.padEnd(17)} ${'argc'.padStart(15)} = 0n1\n`);
  });
});

describe('names', () => {
  it('shows template functions without what they return, and finds them', TIMEOUT, async () => {
    const console = await stopped(['-g', '-O0'], '/* bottom */');
    expect((await console.run('x loop!tmax*')).replace(/^\S+ /gm, '')).toBe(
      'loop!tmax<int> (int, int)\nloop!tmax<double> (double, double)\n',
    );
    const where = await console.run('? tmax<int>');
    expect(where).toMatch(/^Evaluate expression: [1-9]/);
    expect(await console.run('? @!"loop!tmax<int>"')).toBe(where);
    expect(await console.run('? loop!Box<int>::get')).toMatch(/^Evaluate expression: [1-9]/);
    await console.run('bp loop!tmax<int>');
    expect(await console.run('bl')).toMatch(/ loop!tmax<int>$/m);
    expect(await console.run('? 1<2')).toMatch(/^Evaluate expression: 1 /);
  });

  it('knows the parameters of optimized functions', TIMEOUT, async () => {
    const console = await stopped(['-g', '-O2'], '/* end */');
    expect(await console.run('x *!main')).toMatch(/ loop!main \(int, char \*\*\)\n$/);
    const parted = compile('parted.c', PARTED, ['-g', '-O2', '-no-pie']);
    const other = new Console();
    await other.start({ kind: 'launch', program: parted.path, args: [] });
    expect(await other.run('x parted!main')).toMatch(/ parted!main \(int, char \*\*\)\n$/);
  });

  it('shows the distance from the line, too', TIMEOUT, async () => {
    const console = await stopped(['-g', '-O0'], '/* bottom */');
    expect(await console.run('ln loop!fact')).toMatch(/^\S+loop\.cpp\(\d+\)\n/);
    expect(await console.run('ln loop!fact+2')).toMatch(/^\S+loop\.cpp\(\d+\)\+0x2\n/);
  });

  it('puts the caret under what is wrong', TIMEOUT, async () => {
    const console = await stopped(['-g', '-O0'], '/* bottom */');
    expect(await console.run('x /zzz loop!g')).toBe(caret('x ', "Syntax error at '/zzz loop!g'"));
    expect(await console.run('.endsrv  zork')).toBe(caret('.endsrv  ', "Syntax error at 'zork'"));
    expect(await console.run('ba w3 g_count')).toBe(
      caret('ba ', 'Access and size are e1, or r or w with 1, 2, 4 or 8: ba w4 Address'),
    );
  });
});

/** Its unlikely part comes before its entry. */
const PARTED = String.raw`
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  if (argc > 8) { fprintf(stderr, "%s\n", argv[8]); abort(); }
  return printf("%d\n", argc);
}
`;
