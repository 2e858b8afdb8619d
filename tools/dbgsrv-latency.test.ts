import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Console } from '../engine/commands/testing/console.ts';
import { compile } from '../engine/gdb/testing/programs.ts';
import { connectStub } from '../engine/stub/connect.ts';
import type { Stub, StubDebugger } from '../engine/stub/stub.ts';
import { ConsoleProcess } from './testing/console-process.ts';
import { type LongCable, longCable } from './testing/long-cable.ts';
import { type Machines, makeMachines, noMachines } from './testing/machines.ts';

const impossible = noMachines();
if (impossible !== null) console.warn(`Debugging over long cables is not tested: ${impossible}.`);

/** All threads but the first stand in a recursion of their own depth; the first spins, ten frames deep. */
const crowd = compile(
  'far-crowd.c',
  `
  #include <pthread.h>
  #include <stdio.h>
  #include <stdlib.h>
  #include <unistd.h>
  static pthread_barrier_t all;
  static int deep(int n) { volatile char room[64]; room[0] = n; return n > 0 ? deep(n - 1) + room[0] : (pause(), 0); }
  static void *work(void *number) { pthread_barrier_wait(&all); return (void *)(long)deep((long)number % 20); }
  static int spin(int n) { volatile int turns = n; if (n > 0) return spin(n - 1) + turns; for (;;) turns++; }
  int main(int argc, char **argv) {
    int count = atoi(argv[1]) - 1;
    pthread_barrier_init(&all, 0, count + 1);
    for (long i = 0; i < count; i++) { pthread_t t; pthread_create(&t, 0, work, (void *)i); }
    pthread_barrier_wait(&all);
    usleep(300000);
    puts("ready");
    fflush(stdout);
    return spin(10);
  }
`,
  ['-g', '-O0', '-pthread'],
).path;

let machines: Machines;
let server: ConsoleProcess;
const children: ChildProcess[] = [];
const cables: LongCable[] = [];
const stubs: Stub[] = [];

beforeAll(async () => {
  if (impossible !== null) return;
  machines = makeMachines();
  const args = ['dbgsrv', '-t', 'tcp:port=5100,password=abc'];
  server = new ConsoleProcess(args, { HAWSER_DIRECTORY_PORT: 'off' }, machines.birch.inside);
  await server.see(/-premote tcp:Port=5100/);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  server?.kill('SIGTERM');
  await server?.exited();
  machines?.remove();
});
beforeEach((context) => {
  if (impossible !== null) context.skip(impossible);
});
afterEach(async () => {
  for (const stub of stubs.splice(0)) await stub.close();
  for (const cable of cables.splice(0)) await cable.end();
});

const processes = new Map<number, Promise<number>>();

/** A process of so many threads on birch; each is used again. */
function crowdOf(threads: number): Promise<number> {
  const known = processes.get(threads) ?? startCrowd(threads);
  processes.set(threads, known);
  return known;
}

async function startCrowd(threads: number): Promise<number> {
  const child = spawn(crowd, [`${threads}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

/** Waits for the stub, by what was done. */
type Waits = Readonly<Record<string, number>>;

const VIEWS = ['r', 'k', 'dv', 'u', 'd @rsp', 'lm', '~', '~*k 1'];

/** From rowan to birch: attaching, looking at everything, a step, looking again. */
async function visit(threads: number, latency: number, views = VIEWS): Promise<Waits> {
  const pid = await crowdOf(threads);
  const cable = await longCable(machines.rowan, { host: 'birch', port: 5100 }, latency);
  cables.push(cable);
  const stub = await connectStub(`tcp:server=127.0.0.1,port=${cable.port},password=abc`, {
    program: 'test',
    version: '0',
    signal: new AbortController().signal,
    getPassword: () => Promise.reject(new Error('there is a password')),
  });
  stubs.push(stub);
  let opened: StubDebugger | null = null;
  const open = stub.openDebugger.bind(stub);
  stub.openDebugger = async (signal) => {
    opened = await open(signal);
    return opened;
  };
  const waits: Record<string, number> = {};
  let before = 0;
  const count = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const result = await work;
    const now = (opened as StubDebugger | null)?.traffic.roundTrips ?? 0;
    waits[name] = now - before;
    before = now;
    return result;
  };
  const window = new Console();
  await count('attach', window.start({ kind: 'attach', pid, noninvasive: false, noBreak: false, stub }));
  const look = async (when: string) => {
    let all = '';
    for (const view of views) all += await count(`${view}${when}`, window.run(view));
    return all;
  };
  await window.run('~0s');
  // What came late of files and symbols comes with the first step.
  await count('t at first', window.run('t'));
  expect(await look('')).toContain('far_crowd!');
  await count('t', window.run('t'));
  const after = await look(' after t');
  // Once by `~`, once by `~*k`.
  if (views === VIEWS) expect(after.match(/^[. #]+\d+ +Id: /gm)).toHaveLength(2 * threads);
  const steps = await count('t 0n400', window.run('t 0n400'));
  expect(steps.match(/^rip=/gm)).toHaveLength(400);
  expect(await window.run('.detach')).toContain('Detached');
  console.log(`waits with ${threads} threads at ${latency} ms: ${JSON.stringify(waits)}`);
  return waits;
}

const sum = ({ 't at first': _chance, ...waits }: Waits) =>
  Object.values(waits).reduce((all, one) => all + one, 0);

describe('a process server at the far end of a long cable', () => {
  it('is waited for no more often for 200 threads than for 4', { timeout: 120_000 }, async () => {
    for (const latency of [0, 50]) {
      const few = await visit(4, latency);
      const many = await visit(200, latency);
      // Where a stack crosses a page is chance: one more of all stacks' next pages, and no more. Without a delay it is chance, too,
      // whether the machine answers within the millisecond from which a link counts as slow and more is fetched than was asked
      // for: the two visits may differ in that.
      const chance = latency === 0 ? 4 : 2;
      for (const [name, count] of Object.entries({ ...many, 't at first': 0 }))
        expect(count, `${name} at ${latency} ms`).toBeLessThanOrEqual((few[name] ?? 0) + chance);
      expect(sum(many), `${latency} ms`).toBeLessThanOrEqual(sum(few) + (latency === 0 ? 16 : 4));
      expect(many.attach).toBeLessThanOrEqual(12);
      expect(many.t).toBeLessThanOrEqual(4);
      expect(many['t 0n400']).toBeLessThanOrEqual(8);
    }
  });

  it('is waited for as often over a longer one', { timeout: 120_000 }, async () => {
    const views = ['r', 'k', 'u'];
    const near = await visit(4, 50, views);
    const far = await visit(4, 200, views);
    expect(Math.abs(sum(far) - sum(near))).toBeLessThanOrEqual(2);
  });
});
