import { expect, it } from 'vitest';
import { compile } from '../../gdb/testing/programs.ts';
import { testStub } from '../../gdb/testing/stub.ts';
import { Console } from '../testing/console.ts';

const source = `
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static void *waits(void *p) { pthread_barrier_wait(&barrier); pthread_mutex_lock(&lock); return p; }
__attribute__((noinline)) void ready(void) { __asm__ volatile(""); }
int main(int argc, char **argv) {
  int count = atoi(argv[1]);
  pthread_t thread;
  pthread_mutex_lock(&lock);
  pthread_barrier_init(&barrier, 0, count + 1);
  for (int i = 0; i < count; i++) pthread_create(&thread, 0, waits, 0);
  pthread_barrier_wait(&barrier);
  usleep(200000);
  ready();
  return argc;
}
`;

/** How often somebody waited for gdbserver, and what its machine was asked, with so many threads. */
async function cost(threads: number, command: string): Promise<number> {
  const program = compile('many.c', source, ['-g', '-O1', '-no-pie', '-pthread']);
  const stub = testStub();
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args: [String(threads)], stub });
  await console.run('g many!ready');
  const before = (stub.debuggers[0]?.traffic.roundTrips ?? 0) + stub.asked.length;
  expect(await console.run(command)).not.toContain('not available');
  const after = (stub.debuggers[0]?.traffic.roundTrips ?? 0) + stub.asked.length;
  await console.language.dispose('kill');
  return after - before;
}

it.each(['!gle -all', '!runaway 7', '!locks'])(
  '%s costs no round trip for each thread',
  { timeout: 120_000 },
  async (command) => {
    const [few, many] = await Promise.all([cost(4, command), cost(60, command)]);
    // Sixty threads take more than one piece of some things.
    expect(many - few, `${few} with 4 threads, ${many} with 60`).toBeLessThan(20);
  },
);
