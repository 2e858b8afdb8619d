import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { ProcessServer } from '../stub/server/process-server.ts';
import { Console } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

const program = compile('loop.c', loopSource, ['-g', '-O0', '-pthread', '-no-pie', '-fcf-protection=none']);
const LONG = { timeout: 120_000 };
const children: ChildProcess[] = [];
const servers: ProcessServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function spinning(): Promise<number> {
  const child = spawn(program.path, ['1', 'spin'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child.pid ?? 0;
}

/** A real process server, and what a client says after -premote. */
async function serve(more = ''): Promise<{ server: ProcessServer; connection: string }> {
  const server = await ProcessServer.start({
    connection: `tcp:port=0,bind=127.0.0.1${more}`,
    password: undefined,
    version: '1.2.3',
    implicitCommandLine: null,
    notice: () => {},
  });
  servers.push(server);
  const port = /Port=(\d+)/.exec(server.connection)?.[1] ?? '';
  return { server, connection: `tcp:server=127.0.0.1,port=${port}` };
}

const forking = compile(
  'forking.c',
  `#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
void child(void) { _exit(7); }
int last(int status) { return WEXITSTATUS(status); }
int main(int c, char **v) {
  pid_t p = fork();
  if (!p) child();
  int s;
  waitpid(p, &s, 0);
  return last(s) + (c > 1 ? system("exit 2") >> 8 : 0);
}
`,
  ['-g', '-O0', '-no-pie'],
);

describe('children behind a process server', () => {
  it('are systems of their own, behind the same server', LONG, async () => {
    const { connection } = await serve();
    const console = new Console();
    await console.run(`.create -premote ${connection} ${forking.path} x`);
    await console.run('bp forking!last');
    expect(await console.run('.childdbg 1')).toBe('Processes that the target makes are debugged.\n');
    expect(await console.run('g')).toMatch(/^Child process \d+ \(0x[0-9a-f]+\): .*\/forking$/m);
    expect(await console.run('||')).toMatch(
      /^#? {3}0 Remote user mode: .* forking\n\. {2}1 Remote user mode: .* forking\n$/,
    );
    expect(await console.run('k')).toContain('forking!main');
    expect(await console.run('bp forking!child; g')).toContain('Breakpoint 1 hit');
    const ended = await console.run('g');
    expect(ended).toMatch(/code 7; system 1 has ended[\s\S]*Breakpoint 0 hit/);
    expect(await console.run('g')).toMatch(/was made by vfork: [\s\S]*code 9/);
    expect(console.language.state.run).toBe('noTarget');
  });
});

describe('process servers in a session', () => {
  it('hold several systems of a session, beside one of this machine', LONG, async () => {
    const { connection } = await serve();
    const pid = await spinning();
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: ['3', 'spin'] });
    expect(await console.run(`.tlist -premote ${connection} LOOP`)).toContain(` 0n${pid} loop\n`);
    expect(await console.run(`.attach -premote ${connection} 0n${pid}`)).toContain('Attached to process');
    const created = await console.run(`.create ${program.path} 3`);
    expect(created).toMatch(/^CommandLine: /);
    expect(await console.run('||')).toMatch(
      /^ {3}0 Live user mode: <Local> .*\n {3}1 Remote user mode: \S+ \(tcp:.*\n\. {2}2 Remote user mode: .* loop\n$/,
    );
    await console.run('bp loop!work');
    expect(await console.run('g')).toContain('Breakpoint 0 hit');
    expect(console.language.state.prompt).toBe('||2:0:000> ');
    expect(await console.run('||1s; k')).toContain('loop!main');
    expect(await console.run('.tlist -c')).toBe(` 0n${pid} loop\n`);
    const span = String.raw`\d+ days \d+:\d\d:\d\d\.\d{3}`;
    expect(await console.run('.time; .ttime')).toMatch(
      new RegExp(
        `System Uptime: ${span}\nProcess Uptime: ${span}\n[\\s\\S]*Kernel: {2}${span}\nUser: {4}${span}\n$`,
      ),
    );
    expect(await console.run('.abandon')).toContain('only a process of this machine');
    expect(await console.run('.endpsrv')).toMatch(
      /^Detached\n[\s\S]*Let go before: 0n\d+ loop, 0n\d+ loop\.\nThe process server on \S+ has been ended: tcp:/,
    );
    expect(console.language.state.prompt).toBe('0:000> ');
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  it('tell who has a process already, and let two sessions work side by side', LONG, async () => {
    const { connection } = await serve();
    const pid = await spinning();
    const one = new Console();
    const two = new Console();
    await one.run(`.attach -premote ${connection} 0n${pid}`);
    expect(await two.run(`.attach -premote ${connection} 0n${pid}`)).toMatch(/debugs it through this server/);
    expect(await two.run(`.create -premote ${connection} ${program.path} 3`)).toMatch(/^CommandLine: /);
    expect(await two.run('bp loop!work; g')).toContain('Breakpoint 0 hit');
    expect(await one.run('k')).toContain('loop!main');
    const running = one.run('g');
    await expect.poll(() => one.language.state.run, { timeout: 30_000 }).toBe('running');
    await one.language.breakIn();
    expect(await running).toContain('Break instruction exception');
    // Whoever has gone has nothing there any more.
    expect(await one.run('.detach')).toBe('Detached\n');
    expect(await two.run(`.attach -premote ${connection} 0n${pid}`)).toContain('Attached to process');
  });

  it('ask for a password that a command has to give', LONG, async () => {
    const { connection } = await serve(',password=sesame');
    const console = new Console();
    expect(await console.run(`.tlist -premote ${connection}`)).toContain('asks for a password');
    expect(await console.run(`.tlist -premote ${connection},password=open loop*`)).toContain('0x80004005');
    expect(await console.run(`.tlist -premote ${connection},password=sesame loop*`)).not.toContain(
      'password',
    );
  });

  it('that end count their targets as detached', LONG, async () => {
    const { server, connection } = await serve();
    const pid = await spinning();
    const console = new Console();
    await console.run(`.attach -premote ${connection} 0n${pid}`);
    console.take();
    await server.close();
    await expect.poll(() => console.language.state.prompt, { timeout: 30_000 }).toBe('NoTarget> ');
    expect(console.take()).toMatch(
      /The server has ended[\s\S]*counts as detached[\s\S]* attaches again\.\n$/,
    );
    expect(() => process.kill(pid, 0)).not.toThrow();
  });
});
