import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compile } from '../engine/gdb/testing/programs.ts';
import { ConsoleProcess } from './testing/console-process.ts';
import { childrenOf, gdbOf, hasGdb, lives, untilGone } from './testing/processes.ts';
import { ticker } from './testing/programs.ts';

const running: ConsoleProcess[] = [];
function start(args: readonly string[]): ConsoleProcess {
  const process = new ConsoleProcess(args);
  running.push(process);
  return process;
}
afterEach(async () => {
  for (const process of running.splice(0)) {
    process.kill('SIGKILL');
    await process.exited();
  }
});

/** What a console says, errors too. */
const hears = ({ stdout, stderr }: ConsoleProcess) => stdout + stderr;
const untilHears = (each: ConsoleProcess, pattern: RegExp) =>
  expect.poll(() => hears(each), { timeout: 100_000 }).toMatch(pattern);

const SERVER = 'tcp:port=0,bind=127.0.0.1';

async function serve(program = ticker()) {
  const server = start(['cdb', '-server', SERVER, program]);
  const [, listed = ''] = await server.see(/^0: <debugger> -remote (.+)$/m);
  await server.see(/Break instruction exception/);
  return { server, listed };
}

async function join(listed: string): Promise<ConsoleProcess> {
  const client = start(['cdb', '-remote', listed]);
  await client.see(/Break instruction exception/);
  return client;
}

/** What is at work when GDB dies, and what shows that it is. */
const STAGES = [
  ['nothing', [], /Break instruction/],
  ['the target, which runs', ['g'], /ticker starts/],
  ['a search through all symbols', ['.echo begins', 'x *!*'], /begins/],
  ['steps that are recorded', ['.echo begins', 't 0n100000000'], /begins/],
  ['a loop of commands', ['.echo begins', '.while (1) { r $t0 = poi(@rsp) }'], /begins/],
] as const;

describe('GDB that is killed', () => {
  it.each(STAGES)('at work: %s', async (_what, lines, sign) => {
    const { server, listed } = await serve();
    const client = await join(listed);
    server.type(...lines);
    await server.see(sign);
    const gdb = gdbOf(server.child.pid);
    const targets = childrenOf(gdb);
    process.kill(gdb, 'SIGKILL');
    // All are told, what was at work has ended, the target did not stay behind, and the session goes on.
    for (const each of [server, client])
      await untilHears(each, /The engine died: GDB ended by itself\. It was ended by SIGKILL\./);
    for (const target of targets) await untilGone(target);
    client.type('.restart', 'r rip');
    await client.see(/NoTarget> [\s\S]*Break instruction exception[\s\S]*^rip=0/m);
  });

  it('while it starts', async () => {
    const debug = start(['cdb', ticker()]);
    await vi.waitUntil(() => hasGdb(debug.child.pid), { timeout: 60_000, interval: 5 });
    process.kill(gdbOf(debug.child.pid), 'SIGKILL');
    // It may have been on its way to the prompt already.
    await untilHears(debug, /The engine died: GDB ended by itself\. It was ended by SIGKILL\./);
    debug.type('q');
    debug.endInput();
    await debug.exited();
  });
});

describe('GDB that can have no more memory', () => {
  it('ends what it is at with an error or ends itself, and the session goes on', async () => {
    const { server } = await serve();
    const gdb = gdbOf(server.child.pid);
    execFileSync('prlimit', ['--pid', String(gdb), `--as=${1 << 20}`]);
    server.type('dt *!*', 'x *!*', '.echo after it');
    await server.see(/after it$/m);
    if (lives(gdb)) server.type('.kill');
    else expect(hears(server)).toMatch(/The engine died: GDB ended by itself/);
    server.type('.restart', 'r rip');
    await server.see(/after it$[\s\S]*Break instruction exception[\s\S]*^rip=0/m);
  });
});

describe('GDB that hangs', () => {
  it('does not keep a session from its end, nor the target', async () => {
    const debug = start(['cdb', ticker()]);
    await debug.see(/Break instruction exception/);
    const gdb = gdbOf(debug.child.pid);
    const [target = 0] = childrenOf(gdb);
    process.kill(gdb, 'SIGSTOP');
    debug.type('r rax = 5');
    debug.kill('SIGTERM');
    expect(await debug.exited()).toBe(0);
    await untilGone(gdb);
    await untilGone(target);
  });
});

describe('a debugger that is killed', () => {
  it('leaves no GDB and no target that it started', async () => {
    const { server } = await serve();
    const gdb = gdbOf(server.child.pid);
    const [target = 0] = childrenOf(gdb);
    server.type('g');
    await server.see(/ticker starts/);
    server.kill('SIGKILL');
    await server.exited();
    await untilGone(gdb);
    await untilGone(target);
  });

  it('lets a process go that it was attached to, which runs on', async () => {
    const child = spawn(ticker(), [], { stdio: 'ignore' });
    try {
      const debug = start(['cdb', '-p', String(child.pid)]);
      await debug.see(/Break instruction exception/);
      const gdb = gdbOf(debug.child.pid);
      debug.kill('SIGKILL');
      await debug.exited();
      await untilGone(gdb);
      const state = () => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      await expect.poll(state).toMatch(/[RS]/);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('a client that is killed', () => {
  it('in the middle of its command: the command ends as it would have, and the others see that', async () => {
    const { server, listed } = await serve();
    const client = await join(listed);
    const other = await join(listed);
    client.type(
      '.echo begins; .for (r $t0 = 0; @$t0 < 3; r $t0 = @$t0 + 1) { .sleep 0n300; .printf "turn %d\\n", @$t0 }',
    );
    await server.see(/begins/);
    client.kill('SIGKILL');
    await client.exited();
    for (const each of [server, other]) await each.see(/turn 0\n[\s\S]*turn 1\n[\s\S]*turn 2\n/);
    other.type('.clients');
    await other.see(/\(away\)|away/);
  });
});

describe('a server without file handles', () => {
  it('turns newcomers away, keeps those who are there, and takes newcomers again when it can', async () => {
    const { server, listed } = await serve();
    const client = await join(listed);
    const { pid } = server.child;
    const limit = (count: string) => execFileSync('prlimit', ['--pid', String(pid), `--nofile=${count}`]);
    const used = readdirSync(`/proc/${pid}/fd`).map(Number);
    const [, before = ''] = /open files\s+(\d+)/.exec(readFileSync(`/proc/${pid}/limits`, 'utf8')) ?? [];
    // Handles are the lowest numbers that are free: none is free below this.
    limit(`${Math.min(...missingFrom(used))}:${before}`);
    const newcomer = start(['cdb', '-remote', listed]);
    expect(await newcomer.exited()).toBe(1);
    client.type('.echo still here', 'r rip');
    await client.see(/^still here$[\s\S]*^rip=0/m);
    limit(`${before}:${before}`);
    const later = await join(listed);
    later.type('.echo in again');
    await client.see(/^in again$/m);
  });

  /** The numbers up to the largest that are free, and the one behind it. */
  function missingFrom(used: readonly number[]): readonly number[] {
    const all = Array.from({ length: Math.max(...used) + 2 }, (_, number) => number);
    return all.filter((number) => !used.includes(number));
  }
});

describe('a target that forks and floods', () => {
  const COUNT = 40;
  const LINES = 2000;
  const forker = () =>
    compile(
      'forker.c',
      `#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < ${COUNT}; i++)
    if (fork() == 0) {
      char line[80];
      for (int k = 1; k <= ${LINES}; k++) {
        int length = sprintf(line, "child %d line %d\\n", i, k);
        if (write(1, line, length) != length) return 1;
      }
      return 0;
    }
  while (wait(0) > 0) {}
  printf("all children are done\\n");
  return 0;
}
`,
    ).path;

  it('loses no line of any child, is debugged on, and others of the session are served', async () => {
    const { server, listed } = await serve(forker());
    const client = await join(listed);
    server.type('g');
    await client.see(/all children are done[\s\S]*Exit process/);
    const seen = new Map<string, number>();
    for (const [, child = '', line] of client.stdout.matchAll(/^child (\d+) line (\d+)$/gm)) {
      // Of each child in its order, without a gap.
      expect(Number(line)).toBe((seen.get(child) ?? 0) + 1);
      seen.set(child, Number(line));
    }
    expect([...seen.values()]).toEqual(new Array(COUNT).fill(LINES));
    client.type('.restart', 'r rip');
    await client.see(/Exit process[\s\S]*^rip=0/m);
  });
});
