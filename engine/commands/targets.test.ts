import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { Console } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

const program = compile('loop.c', loopSource, ['-g', '-O0', '-pthread', '-no-pie', '-fcf-protection=none']);
const folder = mkdtempSync(join(tmpdir(), 'hawser-targets-'));
const LONG = { timeout: 120_000 };
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A process that spins, started by somebody else. */
async function spinning(): Promise<number> {
  const child = spawn(program.path, ['1', 'spin'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child.pid ?? 0;
}

describe('attaching', () => {
  it('shows where the process is, and lets it go', LONG, async () => {
    const pid = await spinning();
    const console = new Console();
    await console.start({ kind: 'attach', pid, noninvasive: false, noBreak: false });
    const text = console.take();
    expect(text).toContain(`Attached to process ${pid}`);
    expect(text).toContain('Break instruction exception - code 80000003 (first chance)');
    expect(await console.run('|')).toContain(`id: ${pid.toString(16)} attach  name: loop`);
    expect(await console.run('k 1')).toContain('loop!main');
    expect(await console.run('.restart')).toContain('.restart is not available');
    expect(await console.run('.detach')).toBe('Detached\n');
    expect(console.language.state.run).toBe('noTarget');
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  it('only looks with -pv', LONG, async () => {
    const pid = await spinning();
    const console = new Console();
    await console.start({ kind: 'attach', pid, noninvasive: true, noBreak: false });
    console.take();
    for (const line of ['g', 'p', 't', 'gu', 'bp loop!main']) {
      expect(await console.run(line), line).toContain('looking only');
    }
    expect(await console.run('r rip')).toMatch(/^rip=/);
  });

  it('ends the process with .kill', LONG, async () => {
    const pid = await spinning();
    const console = new Console();
    await console.start({ kind: 'attach', pid, noninvasive: false, noBreak: false });
    expect(await console.run('.kill')).toContain('Terminated.  Exit thread and process events will occur.\n');
    await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('core files', () => {
  it('can be looked at and not run', LONG, async () => {
    const core = join(folder, 'core');
    execFileSync(
      'gdb',
      [
        '-batch',
        '-nx',
        '-ex',
        'run',
        '-ex',
        `generate-core-file ${core}`,
        '--args',
        program.path,
        '1',
        'crash',
      ],
      { stdio: 'ignore' },
    );
    const console = new Console();
    await console.start({ kind: 'core', core, program: program.path });
    const text = console.take();
    expect(text).toContain(`Loading Dump File [${core}]`);
    expect(text).toContain('Access violation - code c0000005 (first/second chance not available)');
    expect(text).toContain('loop!crash');
    expect(console.language.state.kind).toBe('core');
    expect(await console.run('k 2')).toMatch(/00 .* loop!crash.*\n01 .* loop!main/);
    expect(await console.run('? poi(loop!g_head)')).toContain('Evaluate expression');
    for (const line of ['g', 'p', 'gu']) {
      expect(await console.run(line), line).toContain('A core file cannot be resumed');
    }
    for (const line of ['bp loop!main', 'ba w4 loop!g_count']) {
      expect(await console.run(line), line).toContain('A core file takes no breakpoints');
    }
    expect(await console.run('r rax=1')).toContain('A core file cannot be changed');
    expect(await console.run('.restart')).toContain('A core file cannot be restarted');
    expect(await console.run('.kill')).toMatch(/^There is nothing to end.*\n\.detach closes it/);
    expect(console.language.state.kind).toBe('core');
    expect(await console.run('.detach')).toBe('Detached\n');
  });
});

describe('logs', () => {
  it('hold what is shown while they are open', async () => {
    const file = join(folder, 'a log.txt');
    const console = new Console();
    expect(await console.run('.logfile')).toBe('No log file open\n');
    await console.run('.echo before');
    expect(await console.run(`.logopen "${file}"`)).toBe(`Opened log file '${file}'\n`);
    await console.run('.echo one');
    expect(await console.run('.logclose')).toBe(`Closing open log file ${file}\n`);
    await console.run('.echo after');
    expect(readFileSync(file, 'utf8')).toBe(
      `Opened log file '${file}'\none\nClosing open log file ${file}\n`,
    );
    await console.run(`.logappend "${file}"; .echo two; .logclose`);
    expect(readFileSync(file, 'utf8')).toContain('one\nClosing');
    expect(readFileSync(file, 'utf8')).toContain('two\n');
    expect(await console.run('.logclose')).toContain('No log file open');
    expect(await console.run('.logopen /nosuch/folder/log')).toMatch(
      /^Cannot write the log file '\/nosuch\/folder\/log': its folder does not exist\.\nGive the path/,
    );
    expect(await console.run(`.logopen "${folder}"`)).toContain('it is a folder');
  });
});

describe('paths', () => {
  it('are shown, set and added to', async () => {
    const console = new Console();
    expect(await console.run('.srcpath')).toBe('Source search path is: <empty>\n');
    expect(await console.run('.srcpath /a;/b')).toBe('Source search path is: /a;/b\n');
    expect(await console.run('.srcpath+ /c')).toBe('Source search path is: /a;/b;/c\n');
    expect(await console.run('.sympath /s')).toBe(
      'Symbol search path is: /s\nExpanded Symbol search path is: /s\n',
    );
    expect(await console.run('.lsrcpath /x')).toContain('it belongs to the front');
  });
});
