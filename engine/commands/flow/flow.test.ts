import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Console, REMOTE } from '../testing/console.ts';

const folder = mkdtempSync(join(tmpdir(), 'flow-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (line: string): Promise<string> => new Console().run(line);
const lines = (...all: string[]): string => all.map((each) => `${each}\n`).join('');

describe('control flow', () => {
  it.each([
    ['.if (0) { .echo a } .elsif (1) { .echo b } .else { .echo c }; .echo d', lines('b', 'd')],
    ['.if (0) { .echo a } .elsif (0) { .echo b } .else { .echo c }', lines('c')],
    ['.for (r $t0=0; @$t0<3; r $t0=@$t0+1) { .echo x }; .echo y', lines('x', 'x', 'x', 'y')],
    [
      '.for (r $t0=0; @$t0<5; r $t0=@$t0+1; .echo s) { .if (@$t0=1) { .continue }; .if (@$t0=3) { .break }; .echo b }',
      lines('b', 's', 's', 'b', 's'),
    ],
    ['r $t0=2; .while (@$t0) { r $t0=@$t0-1; .echo w }', lines('w', 'w')],
    ['.do { .echo once } (0)', lines('once')],
    ['.block { .echo a }; .block { .block { .echo b } }', lines('a', 'b')],
    ['.catch { .echo a; .if (1) { .leave }; .echo never }; .echo b', lines('a', 'b')],
    ['.while (1) { .catch { .break }; .echo never }; .echo out', lines('out')],
    ["j (1) '.echo a; .echo b' ; '.echo c'", lines('a', 'b')],
    ["j 0 '.echo a' ; '.echo c'", lines('c')],
    ['j 0 .echo a ; .echo b ; .echo ignored', lines('b')],
    ["j (1) '' ; '.echo c'", ''],
    ['r $t0=0; .echo a; r $t1=@$t1+1; z(@$t1<3); .echo b', lines('a', 'a', 'a', 'b')],
    [
      '.foreach (w { .echo one two three }) { .echo <w>; .echo w }',
      lines('<w>', 'one', '<w>', 'two', '<w>', 'three'),
    ],
    ['.foreach /pS 1 /ps 1 (w { .echo a b c d e f }) { .echo -${w}- }', lines('-b-', '-d-', '-f-')],
    ['.foreach /s (w "a b") { .foreach /s (v "1 2") { .echo w v } }', lines('a 1', 'a 2', 'b 1', 'b 2')],
    ['.foreach /s (w "a b c") { .if ($scmp("${w}","b")=0) { .break }; .echo w }', lines('a')],
  ])('%s', async (line, expected) => {
    expect(await run(line)).toBe(expected);
  });

  it('an error ends all of the line, and is shown where it is', async () => {
    const line = '.if (1) { .for (r $t0=0; 1; r $t0=@$t0+1) { .echo x; foo } }; .echo never';
    const prompt = 'NoTarget> ';
    expect(await run(line)).toBe(
      `x\n${' '.repeat(prompt.length + line.indexOf('foo'))}^ Unknown command 'foo'\n.help lists all commands.\n`,
    );
  });

  it('.catch shows an error and goes on behind its block', async () => {
    const line = '.catch { .echo a; nosuch; .echo never }; .echo b';
    expect(await run(line)).toBe(
      `a\n${line}\n${' '.repeat(line.indexOf('nosuch'))}^ Unknown command 'nosuch'\n.help lists all commands.\nb\n`,
    );
  });

  it.each(['.break', '.continue', '.leave', '.if (1) { .break }', '.foreach (x { .break }) { k }'])(
    '%s has nowhere to go',
    async (line) => {
      expect(await run(line)).toContain('has a meaning within');
    },
  );

  it.each([
    '.while (1) {}',
    '.while (1) { r $t0=@$t0+1 }',
    '.for (;;) { .catch { nosuch } }',
    'r $t0=1; z(1)',
    '.while (1) { .foreach /s (w "a b") { ? @$t0 } }',
  ])('a break-in ends %s', async (line) => {
    const console = new Console();
    const done = console.outcome(line);
    setTimeout(() => void console.language.breakIn(), 20);
    expect(await done).toEqual({ ok: false });
    expect(console.take()).toContain('cancelled by a break-in');
    expect(await console.run('? 1')).toContain('= 00000000`00000001');
  });

  it('does not nest without end', async () => {
    const deep = `${'.block {'.repeat(120)} .echo x ${'}'.repeat(120)}`;
    expect(await run(deep)).toContain('The nesting of commands has more than 100 levels');
  });

  it('does not gather output without end', async () => {
    const line = '.foreach (w { .while (1) { .echo 0123456789012345678901234567890123456789 } }) { .echo w }';
    expect(await run(line)).toContain('The output to go through has more than 1048576 characters');
  });

  it('goes through the words of a file, for the owner', async () => {
    const file = join(folder, 'words.txt');
    writeFileSync(file, 'alpha\n  beta\n');
    const line = `.foreach /f (w "${file}") { .echo w }`;
    expect(await run(line)).toBe('alpha\nbeta\n');
    expect(await new Console().run(line, REMOTE)).toContain('is for the owner');
    expect(await run('.foreach /f (w "/nowhere") { .echo w }')).toContain('there is no such file');
  });
});
