import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { gdbserver } from '../stub/testing/stubs.ts';
import { Console } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

const program = compile('loop.c', loopSource, ['-g', '-O0', '-pthread', '-no-pie', '-fcf-protection=none']);
const LONG = { timeout: 120_000 };
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A process group of its own: gdbserver breaks in to groups only. */
async function spinning(): Promise<number> {
  const child = spawn(program.path, ['1', 'spin'], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child.pid ?? 0;
}

const to = (port: number): string => `gdb:server=127.0.0.1,port=${port}`;

/** A real gdbserver, a real GDB for each system. */
describe('bare stubs in a session', () => {
  it('are one system, a program of this machine another', LONG, async () => {
    const stub = await gdbserver('--multi');
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: ['3'] });
    const pid = await spinning();
    expect(await console.run(`.attach -premote ${to(stub.port)} 0n${pid}`)).toContain('Attached to process');
    const connection = `gdb:\\S*port=${stub.port}\\S*`;
    expect(await console.run('||')).toMatch(
      new RegExp(
        `^ {3}0 Live user mode: <Local> 0n\\d+ loop\\n\\. {2}1 Remote user mode: \\S+ \\(${connection}\\) 0n${pid} loop\\n$`,
        'i',
      ),
    );
    await console.run('bp loop!nowhere; ||0s; bp loop!work; ||1s');
    expect(await console.run('g')).toContain('Breakpoint 1 hit');
    expect(console.language.state.prompt).toBe('||0:0:000> ');
    await console.run('bc *; ||1s');
    expect(await console.run('k')).toContain('loop!main');
    // The other one has run to its end meanwhile or runs: this one was stopped for it.
    expect(await console.run('g')).toContain('has exited with code 3; system 0 has ended.');
    expect(console.language.state.prompt).toBe('0:000> ');
    expect(await console.run('.detach')).toBe('Detached\n');
    expect(() => process.kill(pid, 0)).not.toThrow();
    // The link went with its last target, so that another one can have the server.
    await expect
      .poll(() => stub.said(), { timeout: 30_000 })
      .toMatch(/terminated connection[\s\S]*Listening/);
  });

  it('of one process cannot be ended, and keep it when they are told to', LONG, async () => {
    const stub = await gdbserver(program.path, '3');
    const console = new Console();
    await console.run(`.attach -premote ${to(stub.port)}`);
    expect(await console.run('.endpsrv')).toContain('not available: it ends with its process');
    expect(console.language.state.prompt).toBe('0:000> ');
    expect(await console.run('r rip')).toMatch(/^rip=/);
    await console.run('.kill');
  });

  it('start programs, and start them again', LONG, async () => {
    const stub = await gdbserver('--multi');
    const console = new Console();
    expect(await console.run(`.create -premote ${to(stub.port)} ${program.path} 3`)).toContain(
      'CommandLine:',
    );
    expect(await console.run('g')).toContain('.restart starts it again');
    expect(await console.run('.restart')).toContain('CommandLine:');
    expect(await console.run('bp loop!work; g')).toContain('Breakpoint 0 hit');
  });

  it('that have a process: it is taken, and no other', LONG, async () => {
    const stub = await gdbserver(program.path, '3');
    const console = new Console();
    expect(await console.run(`.attach -premote ${to(stub.port)} 1`)).toContain('has its one process already');
    expect(console.language.state.prompt).toBe('NoTarget> ');
    await expect.poll(() => stub.said(), { timeout: 30_000 }).toMatch(/Remote debugging from/);
  });

  it('are taken with their process where none is named', LONG, async () => {
    const stub = await gdbserver(program.path, '3');
    const console = new Console();
    expect(await console.run(`.attach -premote ${to(stub.port)}`)).toContain('Connected to gdb:');
    expect(await console.run('bp loop!work; g')).toContain('Breakpoint 0 hit');
    const multi = await gdbserver('--multi');
    expect(await console.run(`.attach -premote ${to(multi.port)}`)).toContain('has no process yet');
  });

  it('that die take their target along, and no other', LONG, async () => {
    const stub = await gdbserver('--multi');
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: ['3'] });
    await console.run(`.create -premote ${to(stub.port)} ${program.path} 3`);
    console.take();
    stub.process.kill('SIGKILL');
    await expect.poll(() => console.language.state.prompt, { timeout: 30_000 }).toBe('0:000> ');
    expect(console.take()).toMatch(/^System 1: .*\n[\s\S]*The session goes on with system 0\.\n$/);
    expect(await console.run('r rip')).toMatch(/^rip=/);
  });

  it('that die while all runs end the run, and the others are stopped', LONG, async () => {
    const stub = await gdbserver('--multi');
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: ['3', 'spin'] });
    await console.run(`.create -premote ${to(stub.port)} ${program.path} 3 spin`);
    const running = console.run('g');
    await expect.poll(() => console.debuggee, { timeout: 30_000 }).toContain('recurse');
    stub.process.kill('SIGKILL');
    const text = await running;
    expect(text.match(/System 1: /g)).toHaveLength(1);
    expect(console.language.state).toMatchObject({ run: 'stopped', prompt: '0:000> ' });
    expect(await console.run('k')).toContain('loop!main');
  });
});
