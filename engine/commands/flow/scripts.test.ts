import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Console, OWNER, REMOTE } from '../testing/console.ts';

const folder = mkdtempSync(join(tmpdir(), 'scripts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function script(name: string, ...text: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${text.join('\n')}\n`);
  return path;
}

/** What the last of several lines prints. */
async function last(...all: string[]): Promise<string> {
  const console = new Console();
  let output = '';
  for (const line of all) output = await console.run(line);
  return output;
}

describe('aliases', () => {
  it.each([
    [['as two .echo a; .echo b', 'two'], 'a\nb\n'],
    [['aS one .echo a; .echo b'], 'b\n'],
    [['aS both ".echo a; .echo b"', 'both'], 'a\nb\n'],
    [['as quoted "a; b"', '.echo quoted'], 'a; b\n'],
    [['as /x sum 5+6; .echo sum'], 'sum\n'],
    [['as /x sum 5+6; .block { .echo sum }'], '0xb\n'],
    [['as /c out .echo one', '.echo <${out}>'], '<one>\n'],
    [
      ['as /c out "? 1; .echo end"', '.foreach /pS 4 /s (w "${out}") { .echo w }'],
      '00000000`00000001\nend\n',
    ],
    [['as x 1', 'ad x', '.echo ${/d:x}'], '0\n'],
    [['as x 1', 'as y 2', 'ad *', 'al'], 'No aliases\n'],
    [
      ['as b 2', 'as a 1;2', 'al'],
      '  Alias            Value  \n -------          ------- \n a                1;2 \n b                2 \n',
    ],
    [['r $.u2=2', 'r $.u1=1+$u2', 'r $.u2=6', '? $u1'], 'Evaluate expression: 3 = 00000000`00000003\n'],
    [['r $.u0=2', 'r $.u0=7+$u0', '? $u0'], 'Evaluate expression: 9 = 00000000`00000009\n'],
    [
      ['as fred 2', 'r $.u1= 1 + fred ', 'as fred 6', '? $u1'],
      'Evaluate expression: 3 = 00000000`00000003\n',
    ],
    [['r $.u5=.echo a; .echo b', '$u5'], 'a\nb\n'],
    [['.foreach /s (t "5") {as mine t}', '.echo ${mine}'], 't\n'],
    [['.foreach /s (t "5") {;as mine t}', '.echo ${mine}'], '5\n'],
    // The value of the round before: the block was replaced when it was entered.
    [['.foreach /s (v "1 2") { as /x ${/v:sum} v + 1; .echo v sum }'], '1 sum\n2 0x2\n'],
    [['.foreach /s (v "1 2") { as /x ${/v:sum} v + 1; .block{.echo v sum} }'], '1 0x2\n2 0x3\n'],
  ])('%j', async (lines, expected) => {
    expect(await last(...lines)).toBe(expected);
  });

  it.each([
    ['as', "Syntax error at ''"],
    ['as x', "Syntax error at ''"],
    ['as asx 5', 'cannot begin with'],
    ['as /q x 5', 'Syntax error at'],
    ['as /msa x 5', 'No debuggee'],
    ['as /f x /nowhere/at/all', 'there is no such file'],
    ['as /e x NO_SUCH_VARIABLE', 'There is no environment variable'],
    ['ad nosuch', "There is no alias 'nosuch'"],
  ])('%s is refused', async (line, text) => {
    expect(await last(line)).toContain(text);
  });

  it('shows an error in what an alias stands for', async () => {
    expect(await last('as bad .echo x; foo y', 'bad')).toBe(
      "x\n.echo x; foo y\n         ^ Unknown command 'foo'\n.help lists all commands.\n",
    );
  });

  it('does not repeat by ENTER what an alias of .restart is', async () => {
    const console = new Console();
    await console.run('as again .restart');
    await console.run('again');
    expect(await console.run('')).toBe('');
  });

  it('run with no more rights than who has set them', async () => {
    const console = new Console();
    await console.run('as k .shell echo stolen; .echo after', REMOTE);
    await console.run('r $.u1=.gdb echo stolen', REMOTE);
    for (const line of ['k', '.block { k }', 'as mine ${k}', '$u1', '.echo x; k'])
      expect(await console.run(line, OWNER), line).not.toMatch(/^stolen/m);
    expect(await console.run('k', OWNER)).toContain('is for the owner');
    // An alias made of it is no better, nor one that the owner did not write.
    await console.run(';as other k', OWNER);
    expect(await console.run('other', OWNER)).toContain('is for the owner');
    await console.run('as /c out ".printf \\"a;.shell echo stolen\\""', OWNER);
    expect(await console.run('.echo ${out}', OWNER)).toContain('is for the owner');
    expect(await console.run('.foreach (w { .printf "a;.shell" }) { .echo w echo stolen }', OWNER)).toContain(
      'is for the owner',
    );
    // The owner's own are the owner's.
    await console.run('as k .shell echo mine', OWNER);
    expect(await console.run('k', OWNER)).toContain('mine\n');
    expect(await console.run('k', REMOTE)).toContain('is for the owner');
    await console.run('.foreach /s (w "a b") { .shell echo w }', OWNER);
    expect(console.take()).toBe('');
  });

  it('cannot grow without end', async () => {
    const doubled = new Array<string>(20).fill('r $.u1=$u1$u1');
    const output = await last('r $.u1=1234567890', ...doubled);
    expect(output).toContain('has more than 65536 characters');
  });
});

describe('scripts', () => {
  const loop = script(
    'loop.txt',
    '$$ counts',
    '.for (r $t0=0; @$t0<2; r $t0=@$t0+1)',
    '{',
    '  .echo ${$arg1} ${/d:$arg2}',
    '}',
    '.echo end',
  );

  it('run as one block', async () => {
    expect(await last(`$$>a<"${loop}" "a b" c; .echo after`)).toBe('a b 1\na b 1\nend\nafter\n');
    expect(await last(`$$>a<${loop} x`)).toBe('x 0\nx 0\nend\n');
    expect(await last(`$$><${loop}; .echo after`)).toBe('${$arg1} 0\n${$arg1} 0\nend\nafter\n');
    expect(await last(`$><${loop}`)).toBe('${$arg1} 0\n${$arg1} 0\nend\n');
    expect(await last(`$><${loop}; .echo after`)).toContain('there is no such file');
  });

  it('run line by line, shown, over errors', async () => {
    const path = script(
      'lines.txt',
      '.echo one',
      '',
      'foo',
      '* a comment; .echo no',
      '.echo two; .echo three',
    );
    const prompt = 'NoTarget> ';
    const expected = [
      `${prompt}.echo one`,
      'one',
      `${prompt}foo`,
      `${' '.repeat(prompt.length)}^ Unknown command 'foo'`,
      'Did you mean',
      `${prompt}* a comment; .echo no`,
      `${prompt}.echo two; .echo three`,
      'two',
      'three',
      'after',
    ];
    const output = (await last(`$$<${path}; .echo after`)).split('\n');
    for (const [index, line] of expected.entries())
      expect(output[index]).toContain(line === 'Did you mean' ? '.help' : line);
    expect(await last(`$<${path}`)).toContain('three');
  });

  it('can call scripts, but not for ever', async () => {
    const path = join(folder, 'self.txt');
    writeFileSync(path, `.echo \${$arg1}; $$>a<${path} \${$arg1}x`);
    const output = await last(`$$>a<${path} a`);
    expect(output).toContain('a\nax\naxx\n');
    expect(output).toContain('The nesting of commands has more than 100 levels');
  });

  it('are for the owner, until the owner allows them to others', async () => {
    const console = new Console();
    expect(await console.run(`$$><${loop}`, REMOTE)).toContain('is for the owner');
    expect(await console.run('.hostaccess 1', REMOTE)).toContain('for the owner');
    expect(await console.run('as /e x PATH', REMOTE)).toContain('is for the owner');
    expect(await console.run('.hostaccess 1', OWNER)).toContain('may read files');
    expect(await console.run(`$$><${loop}`, REMOTE)).toContain('end\n');
  });

  it('say what is wrong with a file', async () => {
    expect(await last('$$>a<')).toContain('Syntax error');
    expect(await last(`$<${folder}`)).toContain('it is a folder');
    const large = script('large.txt', 'x'.repeat(0x10_0001));
    expect(await last(`$<${large}`)).toContain('has more than 1048576 bytes');
  });
});
