import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';
import { ticker } from './testing/programs.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A program that somebody else started. */
async function stranger(): Promise<string> {
  const child = spawn(ticker(), [], { stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  child.stdout?.resume();
  return String(child.pid);
}

/** Runs, and nobody traces it. */
function isFree(pid: string): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return /^TracerPid:\s+0$/m.test(status) && /^State:\s+[RS]/m.test(status);
  } catch {
    return false;
  }
}

describe('a process that was attached to', () => {
  it.each([
    ['the input ends', [], ['r rip']],
    ['the input ends, with -pv', ['-pv'], ['r rip']],
    ['q, with -pv', ['-pv'], ['r rip', 'q']],
    ['.kill, with -pv', ['-pv'], ['.kill']],
    ['q, with -pd', ['-pd'], ['q']],
    ['qd', [], ['qd']],
  ])('goes on after %s', async (_how, options, lines) => {
    const pid = await stranger();
    const { stdout, status } = await runConsole(['cdb', ...options, '-p', pid], lines);
    expect(stdout).toContain('The session was ended; the target runs on.');
    expect(status).toBe(0);
    expect(isFree(pid)).toBe(true);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('goes on after %s, also while it runs', async (signal) => {
    const pid = await stranger();
    const console = new ConsoleProcess(['cdb', '-p', pid]);
    await console.see(/Break instruction exception/);
    console.type('g');
    await expect.poll(() => /^State:\s+[RS]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))).toBe(true);
    console.kill(signal);
    expect(await console.exited()).toBe(0);
    expect(isFree(pid)).toBe(true);
  });

  it('ends with q, as in WinDbg', async () => {
    const pid = await stranger();
    const { stdout } = await runConsole(['cdb', '-p', pid], ['q']);
    expect(stdout).toMatch(/The session was ended\.$/m);
    expect(isFree(pid)).toBe(false);
  });
});

it('runs nothing after a start that failed', async () => {
  for (const target of [['/nonexistent'], ['-p', '4194304']]) {
    const { stdout, stderr, status } = await runConsole(['cdb', ...target], ['.echo after', '.echo all']);
    expect((await runConsole(['cdb', ...target], [])).stderr).toBe(stderr);
    expect(stdout).toBe('The session was ended.\n');
    expect(stderr).toMatch(/no such/);
    expect(status).toBe(1);
  }
});
