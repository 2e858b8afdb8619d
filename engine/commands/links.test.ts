import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { parseConnectionString } from '../../transports/connection-string.ts';
import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import type { Backend } from '../backend/backend.ts';
import type { BackendEvent } from '../backend/types.ts';
import { createGdbBackend } from '../gdb/backend.ts';
import { compile } from '../gdb/testing/programs.ts';
import type { ProcessEntry } from '../machine/machine.ts';
import { stubErrors } from '../stub/errors.ts';
import { Console } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';
import { StubDouble } from './testing/stub.ts';

const program = compile('loop.c', loopSource, ['-g', '-O0', '-pthread', '-no-pie', '-fcf-protection=none']);
const LONG = { timeout: 120_000 };
const BIRCH = 'tcp:server=birch,port=6300';
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function spinning(): Promise<number> {
  const child = spawn(program.path, ['1', 'spin'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child.pid ?? 0;
}

interface Opened {
  readonly backend: Backend;
  readonly emit: (event: BackendEvent) => unknown;
}

/** Links are doubles; what they lead to are local targets under a real GDB, whose events can be added to. */
function withDoubles(processes: () => Promise<readonly ProcessEntry[]> = async () => []) {
  const stubs: StubDouble[] = [];
  const opened: Opened[] = [];
  const console = new Console({
    connectStub: async () => {
      const stub = new StubDouble('tcp:Port=6300,Server=birch', processes);
      stubs.push(stub);
      return stub;
    },
    createBackend: async () => {
      const backend = await createGdbBackend({});
      const listeners = new Set<(event: BackendEvent) => void>();
      const onEvent = backend.onEvent.bind(backend);
      backend.onEvent = (listener) => {
        listeners.add(listener);
        const off = onEvent(listener);
        return () => {
          listeners.delete(listener);
          off();
        };
      };
      opened.push({ backend, emit: (event) => [...listeners].map((listener) => listener(event)) });
      return backend;
    },
  });
  return { console, stubs, opened };
}

describe('links to process servers', () => {
  it('are shared by commands with the same connection, and closed with their last target', LONG, async () => {
    const { console, stubs } = withDoubles();
    const pid = await spinning();
    const text = await console.run(`.attach -premote ${BIRCH},password="a b" 0n${pid}`);
    expect(text).toContain(`Attached to process ${pid}`);
    await console.run(`.create -premote TCP:port=6300,server=birch ${program.path} 3`);
    expect(stubs).toHaveLength(1);
    expect(await console.run('||')).toMatch(
      new RegExp(
        `^ {3}0 Remote user mode: birch \\(tcp:Port=6300,Server=birch\\) 0n${pid} loop\\n\\. {2}1 Remote user mode: birch`,
      ),
    );
    expect(console.language.state.machine).toBe('birch');
    expect(await console.run('vertarget')).toContain('Target machine: birch (tcp:Port=6300,Server=birch)\n');
    await console.run('.kill; .detach');
    expect(stubs[0]?.closed).toBe(1);
    expect(console.language.state.prompt).toBe('NoTarget> ');
    await console.run(`.attach -premote ${BIRCH} 0n${pid}`);
    expect(stubs).toHaveLength(2);
  });

  it('stay open while a program behind one can be started again', LONG, async () => {
    const { console, stubs } = withDoubles();
    await console.run(`.create -premote ${BIRCH} ${program.path} 3`);
    expect(await console.run('g')).toContain('.restart starts it again');
    expect(stubs[0]?.closed).toBe(0);
    expect(await console.run('.restart')).toContain('CommandLine:');
    expect(console.language.state.machine).toBe('birch');
    await console.language.dispose('kill');
    expect(stubs[0]?.closed).toBe(1);
  });

  it('are closed when what they were made for cannot be had', LONG, async () => {
    const { console, stubs } = withDoubles();
    expect(await console.run(`.create -premote ${BIRCH} /nosuch/program`)).toContain('Cannot run');
    expect(stubs[0]?.closed).toBe(1);
  });

  it('that the session was given stay, and lead on without a target', LONG, async () => {
    const { console, stubs } = withDoubles();
    const given = new StubDouble('tcp:Port=6300,Server=birch');
    const pid = await spinning();
    await console.start({ kind: 'attach', pid, noninvasive: false, noBreak: false, stub: given });
    await console.run('.detach');
    expect(given.closed).toBe(0);
    expect(await console.run(`.attach 0n${pid}`)).toContain('Attached');
    await console.run(`.attach -premote ${BIRCH} 0n${await spinning()}`);
    expect(await console.run('||*')).toMatch(/0 Remote user mode: birch.*\n.*1 Remote user mode: birch/);
    expect(stubs).toHaveLength(0);
    expect(console.language.leavesRunning('quit')).toBe(true);
    await console.language.dispose('quit');
    expect(given.closed).toBe(0);
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  it('tell everybody that they are lost, and back', LONG, async () => {
    const { console, stubs } = withDoubles();
    await console.run(`.create -premote ${BIRCH} ${program.path} 3`);
    const [stub] = stubs;
    const error = connectionErrors.linkLost('it was reset');
    console.take();
    stub?.become({ state: 'lost', error, until: Date.now() + 300_000 });
    stub?.become({ state: 'lost', error, until: Date.now() + 290_000 });
    stub?.become({ state: 'up' });
    expect(console.take()).toBe(
      'Link to birch lost; connecting again for 5 minutes; the target stays as it is.\nThe link was lost: it was reset.\n' +
        'Link to birch is back.\n',
    );
  });

  it('take their targets along when they end: these count as detached', LONG, async () => {
    const { console, stubs, opened } = withDoubles();
    const pid = await spinning();
    await console.run(`.attach -premote ${BIRCH} 0n${pid}`);
    const error = connectionErrors.linkLost('it was reset');
    console.take();
    stubs[0]?.become({ state: 'ended', error });
    opened[0]?.emit({ type: 'stubEnded', error });
    expect(console.take()).toBe(
      `${error.text}\nThe target counts as detached: it was not killed from here. ` +
        `.attach -premote tcp:Port=6300,Server=birch 0n${pid} attaches again.\n`,
    );
    expect(console.language.state).toMatchObject({ run: 'noTarget', prompt: 'NoTarget> ' });
    expect(await console.run('k')).toContain('No debuggee');
    await console.run(`.attach -premote ${BIRCH} 0n${pid}`);
    expect(stubs).toHaveLength(2);
  });

  it('leave the other systems alone', LONG, async () => {
    const { console, opened } = withDoubles();
    await console.run(`.create ${program.path} 3`);
    await console.run(`.create -premote ${BIRCH} ${program.path} 3`);
    console.take();
    opened[1]?.emit({ type: 'stubEnded', error: stubErrors.stubDied('Its exit status was 1.') });
    expect(console.take()).toMatch(
      /^System 1: The stub died.*\n.*\n.*counts as detached.*\nThe session goes on with system 0/,
    );
    expect(console.language.state.prompt).toBe('0:000> ');
    expect(await console.run('r rip')).toMatch(/^rip=/);
  });

  it('number the transfers of all back ends', LONG, async () => {
    const { console, opened } = withDoubles();
    await console.run(`.create ${program.path} 3`);
    await console.run(`.create ${program.path} 3`);
    const cancelled: string[] = [];
    for (const [index, { backend, emit }] of opened.entries()) {
      backend.cancelTransfer = (id) => void cancelled.push(`${index}: ${id}`);
      emit({ type: 'transfer', transfer: { id: 1, what: 'a', done: 0, total: null, state: 'running' } });
    }
    console.language.cancelTransfer(2);
    console.language.cancelTransfer(7);
    expect(cancelled).toEqual(['1: 1']);
    opened[1]?.emit({
      type: 'transfer',
      transfer: { id: 1, what: 'a', done: 0, total: null, state: 'done' },
    });
    console.language.cancelTransfer(2);
    expect(cancelled).toHaveLength(1);
  });
});

describe('systems that stop late', () => {
  const deaf = async (): Promise<void> => {};

  it('keep a stop of their own for the next g', LONG, async () => {
    const { console, opened } = withDoubles();
    for (const _ of [0, 1]) await console.run(`.create ${program.path} 3`);
    await console.run('bp loop!work "? 1"; ||0s; bp loop!work "? 0"');
    // Nothing but its own breakpoint stops the other one.
    for (const { backend } of opened) backend.interrupt = deaf;
    const first = await console.run('g');
    const second = await console.run('g');
    const shown = [first, second].map((text) => /Evaluate expression: (\d)/.exec(text)?.[1]);
    expect(shown.sort()).toEqual(['0', '1']);
    expect(console.language.state.run).toBe('stopped');
  });

  it('are not waited for without end, and stop when they can', LONG, async () => {
    const { console, opened } = withDoubles();
    await console.run(`.create ${program.path} 3 spin`);
    await console.run(`.create ${program.path} 3`);
    await console.run('bp loop!work');
    const [late] = opened;
    const { interrupt } = late?.backend ?? {};
    if (late) late.backend.interrupt = deaf;
    const text = await console.run('g');
    expect(text).toMatch(/System 0 has not stopped yet[\s\S]*Breakpoint 0 hit/);
    expect(console.language.state.prompt).toBe('||1:0:000> ');
    await console.run('||0s');
    expect(console.language.state).toMatchObject({ run: 'running', prompt: '*BUSY* ' });
    expect(await console.run('r')).toContain('The target is running');
    if (late && interrupt) late.backend.interrupt = interrupt;
    await console.language.breakIn();
    await expect.poll(() => console.language.state.run, { timeout: 30_000 }).toBe('stopped');
    expect(await console.run('r rip')).toMatch(/^rip=/);
  });
});

describe('connecting to one', () => {
  it('points to what is wrong in its string', async () => {
    const console = new Console({
      connectStub: async (text) => {
        parseConnectionString(text, { role: 'client', backslashes: 'strip' });
        throw connectionErrors.cancelled();
      },
    });
    expect(await console.run('.attach -premote tcp:server=birch,prt=1 1')).toMatch(/^ {44}\^ /);
    expect(await console.run('.create -premote "tcp:server=birch,prt=1" x')).toMatch(/^ {45}\^ /);
  });

  it('is given up at a break-in', LONG, async () => {
    let aborted = false;
    const late = new StubDouble('tcp:Port=6300,Server=birch');
    const console = new Console({
      connectStub: (_text, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve(late);
          });
        }),
    });
    const running = console.run(`.attach -premote ${BIRCH} 1`);
    await new Promise((resolve) => setImmediate(resolve));
    await console.language.breakIn();
    expect(await running).toContain('cancelled by a break-in');
    expect(aborted).toBe(true);
    await expect.poll(() => late.closed).toBe(1);
  });
});

describe('.tlist and .endpsrv', () => {
  const entry = (pid: number, name: string, more: Partial<ProcessEntry> = {}): ProcessEntry => ({
    pid,
    parent: 1,
    name,
    user: 'me',
    commandLine: `./${name} 3`,
    architecture: 'x86_64',
    started: 0,
    obstacle: null,
    ...more,
  });
  const processes = async () => [
    entry(6700, 'loop'),
    entry(12, 'init', { obstacle: 'it is of another user' }),
  ];

  it('list the processes of the machine behind the link', LONG, async () => {
    const { console, stubs } = withDoubles(processes);
    expect(await console.run(`.tlist -premote ${BIRCH}`)).toBe(' 0n12 init\n 0n6700 loop\n');
    expect(stubs[0]?.closed).toBe(1);
    expect(await console.run(`.tlist -premote ${BIRCH} -v l*`)).toBe(
      ' 0n6700 loop\n       User: me  Machine: x86_64  Command line: ./loop 3\n',
    );
    expect(await console.run(`.tlist -v -premote ${BIRCH} INIT`)).toContain(
      '(cannot be attached to: it is of',
    );
    expect(await console.run(`.tlist -premote ${BIRCH} nosuch`)).toBe('No such process.\n');
    await console.run(`.create -premote ${BIRCH} ${program.path} 3`);
    expect(await console.run('.tlist lo?p')).toBe(' 0n6700 loop\n');
    expect(await console.run('.tlist -c')).toBe('No such process.\n');
  });

  it('end the server, after its targets were let go', LONG, async () => {
    const { console, stubs } = withDoubles();
    const pid = await spinning();
    await console.run(`.create ${program.path} 3`);
    await console.run(`.attach -premote ${BIRCH} 0n${pid}`);
    expect(await console.run('.endpsrv')).toBe(
      'Detached\nThe session goes on with system 0.\n' +
        `Let go before: 0n${pid} loop.\n` +
        'The process server on birch has been ended: tcp:Port=6300,Server=birch\n',
    );
    expect(stubs[0]).toMatchObject({ ended: 1, closed: 1 });
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(await console.run('.endpsrv')).toContain('not connected to a process server');
  });
});
