import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDebugger } from './debugger.ts';
import { CommandNames } from './names.ts';
import { commandEnd } from './syntax/scan.ts';
import { commandTable } from './table.ts';
import { Console, OWNER, REMOTE } from './testing/console.ts';

const names = new CommandNames(commandTable);

describe('names of commands', () => {
  it.each([
    ['bp3 main', 'bp', '3 main'],
    ['r$t0=5', 'r', '$t0=5'],
    ['reax', 'r', 'eax'],
    ['r.', 'r', '.'],
    ['kP 5', 'k', 'P 5'],
    ['kb', 'k', 'b'],
    ['k5', 'k', '5'],
    ['lmvm loop', 'lm', 'vm loop'],
    ['dW @rsp', 'dW', ' @rsp'],
    ['DB @rsp', 'db', ' @rsp'],
    ['u.', 'u', '.'],
    ['ub . L3', 'ub', ' . L3'],
    ['p5', 'p', '5'],
    ['g@$ra', 'g', '@$ra'],
    ['?1+2', '?', '1+2'],
    ['.f+', '.f+', ''],
    ['.SymPath+ /x', '.sympath', ' /x'],
    ['DW @rsp', 'dw', ' @rsp'],
    ['ba w4 x', 'ba', ' w4 x'],
    ['|s', '|', 's'],
  ])('%s is %s', (line, name, rest) => {
    const match = names.find(line, 0, line.length);
    expect([match?.entry.name, match && line.slice(match.end)]).toEqual([name, rest]);
  });

  it.each(['foo', 'kfoo', 'brk', 'rbreak', 'print', '.foo', '!foo', 'gdb', 'tz', '', '%'])(
    '%s is none',
    (line) => {
      expect(names.find(line, 0, line.length)).toBeNull();
    },
  );

  it.each([
    ['.ecoh', '.echo'],
    ['.serverss', '.servers'],
    ['zzzzzz', null],
  ])('nearest to %s is %s', (word, nearest) => {
    expect(names.nearest(word)).toBe(nearest);
  });
});

describe('where a command ends', () => {
  it.each([
    ['k;r', 1],
    ['bp main "k;g";r', 13],
    ['.echo "a\\";b";r', 13],
    ['.if (1) { k; r };t', 16],
    ['.echo "open;k', 13],
    ['$spat(@"a\\";k', 11],
  ])('%s', (line, end) => {
    expect(commandEnd(line, 0)).toBe(end);
  });
});

describe('command lines without a target', () => {
  it('says what is wrong, and where', async () => {
    const console = new Console();
    expect(await console.run('.echo one; foo; .echo two')).toBe(
      `one\n${' '.repeat('NoTarget> .echo one; '.length)}^ Unknown command 'foo'\n.help lists all commands.\n`,
    );
    expect(await console.run('? 1 + ')).toBe(
      `${' '.repeat('NoTarget> ? 1 + '.length)}^ Numeric expression missing from '<EOL>'\n`,
    );
    expect(await console.outcome('foo')).toEqual({ ok: false });
  });

  it('knows comments, separators and ENTER', async () => {
    const console = new Console();
    expect(await console.run('* nothing; .echo x')).toBe('');
    expect(await console.run('$$ nothing; .echo x;; ;')).toBe('x\n');
    expect(await console.run('')).toBe('x\n');
    expect(await console.run('', REMOTE)).toBe('');
    expect(await console.run('.echo "a; b"; .echo c')).toBe('a; b\nc\n');
    expect(await console.run('r $t3 = 5+5; ? @$t3 * 2; ? $exp')).toBe(
      'Evaluate expression: 20 = 00000000`00000014\nEvaluate expression: 20 = 00000000`00000014\n',
    );
  });

  it('does not start, attach, detach or end by ENTER', async () => {
    const console = new Console();
    for (const line of [
      '.create /nowhere/at/all',
      '.attach 0',
      '.detach',
      '.kill; .echo x',
      '.restart',
      '.endpsrv',
    ]) {
      await console.run(line);
      expect(await console.run(''), line).toBe('');
    }
  });

  it('keeps q from remote clients, and .gdb for the owner', async () => {
    const console = new Console();
    expect(await console.run('q', REMOTE)).toContain('qq ends the session');
    expect(await console.run('qd', REMOTE)).toContain('.remote_exit');
    expect(console.ended).toBeNull();
    expect(await console.run('.gdb echo x', REMOTE)).toContain('for the owner');
    await console.run('qqd', REMOTE);
    expect(console.ended).toBe('detach');
    await console.run('q', OWNER);
    expect(console.ended).toBe('quit');
  });

  it('lets remote clients leave', async () => {
    const console = new Console();
    expect(await console.outcome('.remote_exit .echo bye', REMOTE)).toEqual({ ok: true, leave: true });
    expect(console.take()).toBe('bye\n');
    expect(await console.outcome('.remote_exit', OWNER)).toEqual({ ok: false });
  });

  it('starts, lists and ends servers in the documented words', async () => {
    const console = new Console();
    expect(await console.run('.server tcp:Port=5005,Server=here')).toBe(
      'Server started.  Client can connect with any of these command lines\n0: <debugger> -remote tcp:Port=5005,Server=here\n',
    );
    expect(await console.run('.servers')).toBe('0 - Debugger Server - tcp:Port=5005,Server=here\n');
    expect(await console.run('.endsrv 0')).toBe(
      'Server told to exit.  Actual exit may be delayed until\nthe next connection attempt.\n',
    );
    expect(await console.run('.servers')).toBe('0 - <Disabled, exit pending>\n');
    expect(await console.run('.endsrv 7')).toContain('There is no server 7');
  });

  it('survives any line', { timeout: 120_000 }, async () => {
    const word = fc.constantFrom(
      ...commandTable.map((entry) => entry.name),
      '~',
      '~0',
      ';',
      '"',
      '{',
      '@rip',
      'main',
      '5',
      '`',
      '$$',
      '*',
      '/',
    );
    const line = fc.oneof(
      fc.string(),
      fc.array(fc.oneof(word, fc.string({ maxLength: 4 })), { maxLength: 8 }).map((all) => all.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(line, async (text) => {
        // Log files, processes and connections are made for real by those commands.
        fc.pre(!/log|gdb|attach|create/i.test(text));
        const console = new Console();
        // A loop without end is a valid line: a break-in ends it.
        const timer = setTimeout(() => void console.language.breakIn(), 50);
        const output = await console.run(text);
        clearTimeout(timer);
        expect(output).not.toContain('Internal error');
        expect(console.language.backend).toBeNull();
      }),
      { numRuns: 1500 },
    );
  });

  it('refuses lines without end', async () => {
    expect(await new Console().run(`? ${'a`'.repeat(1_000_000)}`)).toContain('at most 16384 characters');
  });

  it('makes no back end before there is a target', async () => {
    const { language } = new Console();
    expect(language.backend).toBeNull();
    expect(createDebugger).toBeTypeOf('function');
  });
});
