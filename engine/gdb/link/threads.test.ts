import { expect, test } from 'vitest';
import { rig } from '../testing/backend.ts';
import { compile } from '../testing/programs.ts';
import { testStub } from '../testing/stub.ts';

const many = compile(
  'stub-many.c',
  `#include <pthread.h>
#include <unistd.h>
#define COUNT 50
__thread int own;
static pthread_barrier_t all;
static void *worker(void *at) { own = (int)(long)at; pthread_barrier_wait(&all); for (;;) pause(); return 0; }
__attribute__((noinline)) void together(void) { own = 1000; }
int main(void) {
  pthread_t t[COUNT];
  pthread_barrier_init(&all, 0, COUNT + 1);
  for (long i = 0; i < COUNT; i++) pthread_create(&t[i], 0, worker, (void *)i);
  pthread_barrier_wait(&all);
  together();
  return 0;
}
`,
  ['-g', '-O0', '-pthread'],
);

test('fifty threads are listed, and their storage found, without a round trip for each', async () => {
  const stub = testStub();
  const { backend, runTo } = await rig({ stub });
  await backend.launch({ program: many.path, args: [] });
  expect(await runTo('together')).toMatchObject({ reason: 'breakpoint' });
  const traffic = () => stub.debuggers[0]?.traffic.roundTrips ?? 0;
  const before = traffic();
  const threads = await backend.threads();
  expect(threads).toHaveLength(51);
  expect(threads.map(({ index }) => index)).toEqual([...threads.keys()]);
  expect(traffic() - before).toBeLessThan(10);
  const first = await backend.threadPointers();
  const known = traffic();
  const pointers = await backend.threadPointers();
  expect(traffic() - known).toBeLessThan(10);
  expect(pointers).toEqual(first);
  expect(pointers.size).toBe(51);
  for (const thread of [0, 1, 50]) {
    const base = (await backend.registers({ thread, frame: 0 }, ['fs_base'])).get('fs_base');
    expect(pointers.get(thread)).toBe(base);
  }
  const unread = traffic();
  const stacks = await backend.stacks([...threads.keys()], 20, { args: true, words: 4 });
  expect(traffic() - unread).toBeLessThan(25);
  expect(stacks).toHaveLength(51);
  for (const frames of stacks.slice(1)) expect(frames.map(({ symbol }) => symbol?.name)).toContain('worker');
  const read = traffic();
  await backend.stacks([...threads.keys()], 20, { args: true, words: 4 });
  expect(traffic() - read).toBe(0);
  expect((await backend.evaluate('own', { thread: 7, frame: 0 }, 0)).integer).toBe(6n);
  await backend.kill();
});

test('variables of threads can be read before anybody asked for threads', async () => {
  const { backend, runTo, resume } = await rig({ stub: testStub() });
  await backend.launch({ program: many.path, args: [] });
  await runTo('together');
  expect((await backend.evaluate('own', { thread: 0, frame: 0 }, 0)).integer).toBe(0n);
  expect(await resume()).toMatchObject({ reason: 'exited' });
});
