import { closeSync, openSync, readSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codeOf, rig, waitFor } from './testing/backend.ts';
import { compile } from './testing/programs.ts';

const sample = compile(
  'holding.c',
  `#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
volatile long spins[2], slept, woken, got;
int fds[2];
static void handler(int n) { got++; }
static void *spin(void *p) { for (;;) spins[(long)p]++; }
static void *sleeper(void *p) { for (;;) { struct timespec t = {0, 1000000}; if (nanosleep(&t, 0) == 0) slept++; } }
static void *reader(void *p) { char c; for (;;) if (read(fds[0], &c, 1) == 1) woken++; else break; return p; }
int main(int c, char **v) {
  pthread_t t;
  signal(SIGUSR1, handler);
  pipe(fds);
  pthread_create(&t, 0, spin, (void *)0);
  pthread_create(&t, 0, spin, (void *)1);
  pthread_create(&t, 0, sleeper, 0);
  pthread_create(&t, 0, reader, 0);
  while (!spins[0] || !spins[1] || !slept) usleep(1000);
  puts("ready");
  fflush(stdout);
  for (;;) { write(fds[1], "x", 1); usleep(1000); }
}
`,
  ['-g', '-O0', '-pthread'],
);

const COUNTERS = { first: 'spins[0]', second: 'spins[1]', slept: 'slept', woken: 'woken' };

async function ready() {
  const one = await rig();
  await one.backend.launch({ program: sample.path, args: [] });
  const stopped = one.resume();
  await one.outputHas('ready');
  await one.backend.interrupt();
  await stopped;
  const pid = (await one.backend.process())?.pid ?? 0;
  const places = new Map<string, bigint>();
  for (const [name, expression] of Object.entries(COUNTERS)) {
    const value = await one.backend.evaluate(expression, { thread: 0, frame: 0 }, 1);
    places.set(name, value.address ?? 0n);
  }
  /** Past GDB, while the target runs. */
  const counts = (): Map<string, bigint> => {
    const memory = openSync(`/proc/${pid}/mem`, 'r');
    try {
      return new Map(
        [...places].map(([name, address]) => {
          const bytes = Buffer.alloc(8);
          readSync(memory, bytes, 0, 8, address);
          return [name, bytes.readBigInt64LE()];
        }),
      );
    } finally {
      closeSync(memory);
    }
  };
  /** Runs until what is expected to has gone on, and a while more, and breaks in; answers what has gone on. */
  const run = async (hold: readonly number[], expected: readonly string[]) => {
    const before = counts();
    const going = one.backend.resume({ kind: 'continue', thread: 0, hold });
    const moved = () => {
      const now = counts();
      return [...before].filter(([name, value]) => now.get(name) !== value).map(([name]) => name);
    };
    await waitFor(() => expected.every((name) => moved().includes(name)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await one.backend.interrupt();
    expect(await going).toMatchObject({ reason: 'interrupt' });
    expect(moved()).toEqual(expected);
  };
  return { ...one, run };
}

const threads = { main: 0, first: 1, second: 2, sleeper: 3, reader: 4 };

describe('threads that are held', () => {
  test('stay where they are while others run, and go on afterwards as if nothing had been', async () => {
    const { backend, run } = await ready();
    const all = ['first', 'second', 'slept', 'woken'];
    await run([], all);
    const before = await backend.registers({ thread: threads.second, frame: 0 }, [
      'rip',
      'rsp',
      'rax',
      'rcx',
    ]);
    await run([threads.second], ['first', 'slept', 'woken']);
    expect(
      await backend.registers({ thread: threads.second, frame: 0 }, ['rip', 'rsp', 'rax', 'rcx']),
    ).toEqual(before);
    // In system calls: one with a time, and one that waits for another thread.
    await run([threads.sleeper, threads.reader], ['first', 'second']);
    await run([threads.main, threads.first, threads.second, threads.reader], ['slept']);
    await run([], all);
  });

  test('get no signals that come meanwhile, and are not all', async () => {
    const { backend, resume } = await ready();
    const everybody = Object.values(threads);
    expect(await codeOf(backend.resume({ kind: 'continue', thread: 0, hold: everybody }))).toBe(
      'BAD_ARGUMENT',
    );
    const pid = (await backend.process())?.pid ?? 0;
    const going = backend.resume({
      kind: 'continue',
      thread: 0,
      hold: [threads.main, threads.second, threads.reader],
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(pid, 'SIGUSR1');
    const stop = await going;
    expect(stop).toMatchObject({ reason: 'signal', signal: { name: 'SIGUSR1' } });
    expect([threads.first, threads.sleeper]).toContain(stop.thread);
    const got = async () => (await backend.evaluate('got', { thread: 0, frame: 0 }, 1)).integer;
    // It is handled when its thread has its turn.
    while ((await got()) === 0n) {
      const more = resume();
      await new Promise((resolve) => setTimeout(resolve, 50));
      await backend.interrupt();
      expect(await more).toMatchObject({ reason: 'interrupt' });
    }
    expect(await got()).toBe(1n);
  });
});
