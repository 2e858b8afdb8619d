import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { Console, OWNER, REMOTE } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function withLoop(...args: string[]): Promise<Console> {
  const console = new Console();
  await console.start({ kind: 'launch', program: compile('loop.c', loopSource).path, args: ['3', ...args] });
  console.take();
  return console;
}

describe('.shell', () => {
  it('shows what a program writes, and how it ended', async () => {
    const console = new Console();
    expect(await console.run('.shell echo one; echo two >&2; exit 3')).toMatch(
      /^(one\ntwo|two\none)\n\.shell: Process exited with code 3\n$/,
    );
    expect(await console.run('.shell true')).toBe('.shell: Process exited\n');
    expect(await console.run('.shell kill -TERM $$')).toContain('exited by SIGTERM');
    expect(await console.run('.shell cat')).toBe('.shell: Process exited\n');
  });

  it('gives it input, and takes its output into files', async () => {
    const console = new Console();
    const input = join(folder, 'input');
    const output = join(folder, 'output');
    writeFileSync(input, 'from a file\n');
    expect(await console.run(`.shell -i ${input} cat`)).toContain('from a file\n');
    expect(await console.run('.shell -ci ".echo a; .echo b" sort -r')).toBe('b\na\n.shell: Process exited\n');
    expect(await console.run(`.shell -o "${output}" -e - echo kept; echo lost >&2`)).toBe(
      '.shell: Process exited\n',
    );
    expect(readFileSync(output, 'utf8')).toBe('kept\n');
    expect(await console.run('.shell -i /nowhere/at/all cat')).toContain('there is no such file');
    expect(await console.run(`.shell -o ${folder} true`)).toContain('it is a folder');
    expect(await console.run('.shell')).toContain('is not available');
  });

  it('is ended by a break-in, with all that it has started', async () => {
    const console = new Console();
    const mark = join(folder, 'pid');
    const done = console.outcome(`.shell sleep 1000 & echo $! > ${mark}; echo ready; wait`);
    await expect.poll(() => console.take()).toContain('ready');
    await console.language.breakIn();
    expect(await done).toEqual({ ok: false });
    const pid = readFileSync(mark, 'utf8').trim();
    await expect
      .poll(
        () => !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')),
      )
      .toBe(true);
  });

  it('is for the owner, until allowed to others, and for nobody after .noshell', async () => {
    const console = new Console();
    expect(await console.run('.shell true', REMOTE)).toContain('is for the owner');
    await console.run('.hostaccess 1', OWNER);
    expect(await console.run('.shell true', REMOTE)).toContain('Process exited');
    expect(await console.run('.noshell', REMOTE)).toBe('Shell commands disabled\n');
    for (const caller of [OWNER, REMOTE])
      expect(await console.run('.shell true', caller)).toContain('.noshell was given');
    expect(await console.run('.gdb echo x', OWNER)).toContain('.noshell was given');
  });
});

describe('settings of the session', () => {
  it('locks the session against q', async () => {
    const console = new Console();
    expect(await console.run('.quit_lock')).toBe('No quit lock\n');
    expect(await console.run('.quit_lock /s "a b"', REMOTE)).toContain('for the owner');
    expect(await console.run('.quit_lock /s "a b"')).toBe('Quit lock set\n');
    expect(await console.run('.quit_lock')).toBe('Quit lock is set\n');
    for (const quit of ['q', 'qd', 'qq', 'qqd']) expect(await console.run(quit)).toContain('quit lock');
    expect(console.ended).toBeNull();
    expect(await console.run('.quit_lock /q a')).toContain('not its password');
    expect(await console.run('.quit_lock /q "a b"')).toBe('Quit lock removed\n');
    await console.run('q');
    expect(console.ended).toBe('quit');
  });

  it('keeps and brings back its state', async () => {
    const console = new Console();
    await console.run('r $t0=1; .push /r; .push; n 10; .expr /s c++; r $t0=2');
    expect(await console.run('.pop; n; .expr; ? @$t0')).toBe(
      'base is 16\nCurrent expression evaluator: MASM - Microsoft Assembler expressions\nEvaluate expression: 2 = 00000000`00000002\n',
    );
    expect(await console.run('.pop /r; ? @$t0')).toContain('Evaluate expression: 1 =');
    expect(await console.run('.pop')).toContain('Nothing has been pushed');
    expect(await console.run('.pop /q')).toBe('');
    expect(await console.run('.while (1) { .push }')).toContain('has more than 100 entries');
  });

  it('waits, and a break-in ends it', async () => {
    const console = new Console();
    expect(await console.run('.sleep 1; .echo after')).toBe('after\n');
    const done = console.outcome('.sleep 0n80000000; .echo never');
    setImmediate(() => void console.language.breakIn());
    expect(await done).toEqual({ ok: false });
    expect(console.take()).toContain('cancelled by a break-in');
    expect(await console.run('.sleep ffffffffffff')).toContain('at most');
  });

  it('leaves .cls and .wtitle to the fronts', async () => {
    expect(await new Console().run('.cls')).toContain('it belongs to the front');
    expect(await new Console().run('.wtitle a; b')).toContain('it belongs to the front');
  });

  it('shows the time', async () => {
    const console = await withLoop();
    const clock = String.raw`\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d`;
    const span = String.raw`\d+ days \d+:\d\d:\d\d\.\d{3}`;
    expect(await console.run('.time')).toMatch(
      new RegExp(
        `^Debug session time: ${clock}\\.\\d{3} \\d{4} \\(UTC [+-] \\d+:\\d\\d\\)\nSystem Uptime: ${span}\nProcess Uptime: 0 days ${span.slice(9)}\n  Kernel time: ${span}\n  User time: ${span}\n$`,
      ),
    );
    expect(await console.run('.time -h (-3)')).toContain('(UTC - 3:00)');
    expect(await console.run('.ttime')).toMatch(
      new RegExp(`^Created: ${clock}\\.\\d{3} \\d{4}\nKernel:  ${span}\nUser:    ${span}\n$`),
    );
    expect(await console.run('.echotime')).toMatch(new RegExp(`^Current time: ${clock} \\d{4}\n$`));
    expect(await new Console().run('.ttime')).toContain('No debuggee');
  });

  it('runs commands at each stop, and stamps events', async () => {
    const console = await withLoop();
    expect(await console.run('.pcmd')).toBe('No per-prompt command\n');
    expect(await console.run('.pcmd -s ".echo at $ip"')).toContain("Per-prompt command is '.echo at $ip'");
    expect(await console.run('.echo x')).toBe('x\n');
    expect(await console.run('g loop!work')).toMatch(/\nat \$ip\n$/);
    expect(await console.run('p; p')).toMatch(/\nat \$ip\n$/);
    expect(await console.run('.pcmd -c')).toBe('No per-prompt command\n');
    expect(await console.run('.echotimestamps')).toBe('Event timestamps enabled\n');
    expect(await console.run('bp loop!recurse; g')).toMatch(/^\w{3} .* \d{4} \(UTC .*\)\nBreakpoint 0 hit\n/);
    expect(await console.run('.echotimestamps 0')).toBe('Event timestamps disabled\n');
    expect(await console.run('g')).toMatch(/^Breakpoint 0 hit\n/);
  });

  it('keeps the target from running', async () => {
    const console = await withLoop();
    expect(await console.run('.allow_exec_cmds 0')).toBe('Execution commands are not allowed\n');
    for (const command of ['g', 'p', 't', 'gu', '~0 p'])
      expect(await console.run(command)).toContain('is refused');
    expect(await console.run('k 1')).toContain('Child-SP');
    expect(await console.run('.allow_exec_cmds 1; g loop!work')).toContain('loop!work');
  });

  it('names a log by the program', async () => {
    const console = new Console();
    const path = join(folder, 'named.log');
    expect(await console.run(`.logopen /u "${path}"; .logclose`)).toContain(`Opened log file '${path}'`);
    expect(await console.run(`.logappend ${path}; .echo kept; .logclose`)).toContain('kept');
    expect(readFileSync(path, 'utf8')).toContain('kept\n');
    expect(await console.run('.logappend /d x')).toContain('Syntax error');
    for (const command of ['.logopen', '.logappend'])
      expect(await console.run(`${command} ${path}`, REMOTE)).toContain('is for the owner');
  });
});

describe('a log file on a full disk', () => {
  it('is closed, which is said once, and the session goes on', async () => {
    const console = new Console();
    const said = await console.run('.logopen /dev/full');
    expect(said).toMatch(
      /^Opened log file '\/dev\/full'\nThe log file '\/dev\/full' ends here and was closed: the disk is full\.\n/,
    );
    expect(said.match(/ends here/g)?.length).toBe(1);
    expect(await console.run('.logfile')).toBe('No log file open\n');
    expect(await console.run('.echo on')).toBe('on\n');
  });
});
