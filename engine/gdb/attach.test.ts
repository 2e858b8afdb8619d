import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { attachObstacle, attachRefusal } from '../machine/obstacles.ts';
import { areThroughStubs, codeOf, rig } from './testing/backend.ts';
import { available, compile } from './testing/programs.ts';

const spinner = compile(
  'spinner.c',
  `#include <stdio.h>
#include <signal.h>
volatile long counter;
int main(int argc, char **argv) { if (argc > 1) { sigset_t s; sigfillset(&s); sigprocmask(SIG_BLOCK, &s, 0); } puts("up"); fflush(stdout); for (;;) counter++; }
`,
);

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start(program: string, args: readonly string[] = []): Promise<number> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child.pid ?? 0;
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`;
  }
  return 'not refused';
}

describe('attach', () => {
  test.each([[[]], [['blocking signals']]])(
    'stops the process, and can leave it running: %j',
    async (args) => {
      const pid = await start(spinner.path, args);
      const { backend } = await rig();
      expect(await backend.attach({ pid })).toEqual({ reason: 'initial', thread: 0, breakpoints: [] });
      expect(await backend.process()).toEqual({ pid, executable: spinner.path, args });
      expect((await backend.threads()).map((thread) => [thread.index, thread.tid])).toEqual([[0, pid]]);
      expect((await backend.frames(0, 9)).map((frame) => frame.symbol?.name)).toContain('main');
      expect((await backend.modules())[0]?.name).toBe('spinner');
      const before = (await backend.evaluate('counter', { thread: 0, frame: 0 }, 0)).integer ?? 0n;
      const stopped = backend.resume({ kind: 'continue', thread: 0 });
      await new Promise((resolve) => setTimeout(resolve, 50));
      await backend.interrupt();
      expect(await stopped).toEqual({ reason: 'interrupt', thread: 0, breakpoints: [] });
      const after = (await backend.evaluate('counter', { thread: 0, frame: 0 }, 0)).integer ?? 0n;
      expect(after).toBeGreaterThan(before);
      await backend.detach();
      expect(await backend.process()).toBeNull();
      expect(await codeOf(backend.threads())).toBe('NO_TARGET');
      process.kill(pid, 0);
      const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)]).toString();
      expect(state).toMatch(/^R/);
    },
  );

  test('ended by dispose leaves the process running', async () => {
    const pid = await start(spinner.path);
    const { backend } = await rig();
    await backend.attach({ pid });
    const stopped = codeOf(backend.resume({ kind: 'continue', thread: 0 }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await backend.dispose();
    await stopped;
    expect(execFileSync('ps', ['-o', 'stat=', '-p', String(pid)]).toString()).toMatch(/^R/);
  });

  test('is refused with the reason', async () => {
    const { backend } = await rig();
    expect(await refusal(backend.attach({ pid: 0x3ffffff }))).toMatch(/^ATTACH_REFUSED .*no such process/);
    expect(await refusal(backend.attach({ pid: process.pid }))).toMatch(
      /^ATTACH_REFUSED .*the debugger itself/,
    );
    const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 100'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(parent);
    const zombie = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)));
    while (
      !execFileSync('ps', ['-o', 'stat=', '-p', String(zombie)])
        .toString()
        .startsWith('Z')
    );
    expect(await refusal(backend.attach({ pid: zombie }))).toMatch(/^ATTACH_REFUSED .*zombie/);
    const pid = await start(spinner.path);
    const other = await rig();
    await other.backend.attach({ pid });
    const told = new RegExp(
      areThroughStubs()
        ? '^ATTACH_REFUSED .*another debugger is attached to it: gdbserver, process'
        : `^ATTACH_REFUSED .*another debugger is attached to it: gdb, process ${other.backend.gdbPid}`,
    );
    expect(await refusal(backend.attach({ pid }))).toMatch(told);
    expect(await backend.process()).toBeNull();
    await other.backend.detach();
    expect(await backend.attach({ pid })).toMatchObject({ reason: 'initial' });
  });

  test("to another user's process is refused", async (context) => {
    if (areThroughStubs()) return context.skip('here it is gdbserver that attaches');
    if (process.getuid?.() !== 0 || !available('setpriv')) return context.skip('it needs root and setpriv');
    const folder = mkdtempSync(join(tmpdir(), 'hawser-test-'));
    chmodSync(folder, 0o755);
    const gdb = join(folder, 'gdb');
    writeFileSync(gdb, '#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups gdb "$@"\n');
    chmodSync(gdb, 0o755);
    const pid = await start(spinner.path);
    const { backend } = await rig({ gdb });
    expect(await refusal(backend.attach({ pid }))).toMatch(
      /^ATTACH_REFUSED .*another user \(uid 0, yours is 65534\)/,
    );
  });

  test('threads of the kernel are named as such', () => {
    const proc = mkdtempSync(join(tmpdir(), 'hawser-test-'));
    const add = (pid: number, name: string, flags: number) => {
      mkdirSync(join(proc, String(pid)), { recursive: true });
      writeFileSync(
        join(proc, String(pid), 'status'),
        `Name:\t${name}\nState:\tS (sleeping)\nTracerPid:\t0\n`,
      );
      writeFileSync(join(proc, String(pid), 'stat'), `${pid} (${name}) S 0 0 0 0 -1 ${flags} 0 0 0\n`);
    };
    add(2, 'kthreadd', 0x208040);
    add(21, 'a ) b', 0x400100);
    expect(attachObstacle(2, 12, proc)?.message).toMatch(/thread of the kernel \(kthreadd\)/);
    expect(attachObstacle(21, 12, proc)).toBeNull();
  });

  test('refusals of kernels and containers that this one is not', () => {
    const proc = mkdtempSync(join(tmpdir(), 'hawser-test-'));
    const status = (pid: number, lines: string) => {
      mkdirSync(join(proc, String(pid)), { recursive: true });
      writeFileSync(
        join(proc, String(pid), 'status'),
        `Name:\tx\nState:\tS (sleeping)\nTracerPid:\t0\n${lines}\n`,
      );
    };
    status(11, 'Uid:\t1000\t1000\t1000\t1000');
    status(12, 'Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\nSeccomp:\t2');
    mkdirSync(join(proc, 'sys/kernel/yama'), { recursive: true });
    const scope = (value: string) => writeFileSync(join(proc, 'sys/kernel/yama/ptrace_scope'), `${value}\n`);
    scope('1');
    expect(attachRefusal(11, 12, '', proc).text).toMatch(/ptrace_scope is 1.*\n.*sysctl/);
    scope('3');
    expect(attachRefusal(11, 12, '', proc).text).toMatch(/ptrace_scope is 3/);
    scope('0');
    expect(attachRefusal(11, 12, '', proc).message).toMatch(/container or sandbox/);
  });
});
