import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { compile } from '../../gdb/testing/programs.ts';
import { slowLink } from '../testing/slow-link.ts';
import { gdb, gdbserver } from '../testing/stubs.ts';
import { type GdbSocket, openGdbSocket } from './gdb-socket.ts';

const open: GdbSocket[] = [];

afterEach(async () => {
  for (const socket of open.splice(0)) await socket.close();
});

const crowd = compile(
  'crowd.c',
  `
  #include <pthread.h>
  #include <stdlib.h>
  #include <unistd.h>
  static pthread_barrier_t all;
  static int deep(int n) { volatile char room[64]; room[0] = n; return n > 0 ? deep(n - 1) + room[0] : (pause(), 0); }
  static void *work(void *number) { pthread_barrier_wait(&all); return (void *)(long)deep((long)number % 20); }
  void ready(void) {}
  int main(int argc, char **argv) {
    int count = atoi(argv[1]);
    pthread_barrier_init(&all, 0, count + 1);
    for (long i = 0; i < count; i++) { pthread_t t; pthread_create(&t, 0, work, (void *)i); }
    pthread_barrier_wait(&all);
    usleep(100000);
    ready(); // all are there
    return 0;
  }
`,
  ['-g', '-O0', '-pthread'],
).path;

async function through(threads: number, delayMs: number, threadEvents = false): Promise<GdbSocket> {
  const { port } = await gdbserver(crowd, `${threads}`);
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const stream: Duplex = delayMs > 0 ? slowLink(socket, delayMs / 2) : socket;
  const opened = await openGdbSocket(stream, { threadEvents });
  open.push(opened);
  return opened;
}

/** Times that GDB had to wait for the stub until the program stood at `ready`, and what it printed then. */
async function look(at: GdbSocket, ...commands: string[]): Promise<{ trips: number; out: string }> {
  const out = await gdb(at.socket, `file ${crowd}`, 'break ready', 'continue', ...commands);
  return { trips: at.traffic.roundTrips, out };
}

const ALL = ['info threads', 'thread apply all bt 3', 'thread apply all info registers rip'];

describe('looking at all threads', () => {
  for (const delay of process.env.HAWSER_FULL ? [0, 50] : [0])
    it(`costs waits that do not grow with their number (${delay} ms)`, { timeout: 120_000 }, async () => {
      const few = (await look(await through(4, delay))).trips;
      const many = (await look(await through(200, delay))).trips;
      const fewAll = (await look(await through(4, delay), ...ALL)).trips - few;
      const { trips, out } = await look(await through(200, delay), ...ALL);
      const manyAll = trips - many;
      console.log(`waits with ${delay} ms: ${few} to get there; ${fewAll} for 4 threads, ${manyAll} for 200`);
      // Once for its stack, once for its registers.
      expect(out.match(/^Thread \d+ \(/gm)).toHaveLength(402);
      expect(out.match(/^rip {2}/gm)).toHaveLength(201);
      expect(manyAll).toBeLessThanOrEqual(12);
      expect(manyAll).toBeLessThanOrEqual(fewAll + 4);
    });

  it('works with events of threads from the stub', async () => {
    const { out } = await look(await through(8, 0, true), 'info threads');
    expect(out).toMatch(/hit Breakpoint 1, ready/);
    expect(out.match(/^[* ] +\d+ +Thread /gm)).toHaveLength(9);
  });

  it('shows what GDB shows without it', async () => {
    const commands = [`file ${crowd}`, 'set sysroot', 'break ready', 'continue', ...ALL, 'x/300i $pc'];
    const plain = (await gdb(`127.0.0.1:${(await gdbserver(crowd, '60')).port}`, ...commands)).split('\n');
    const ours = (await gdb((await through(60, 0)).socket, ...commands)).split('\n');
    const shown = (lines: string[]) => lines.filter((line) => !/^Remote|warning/.test(line)).map(anonymous);
    expect(shown(ours)).toEqual(shown(plain));
  });
});

/** Numbers of processes and threads differ from run to run. */
function anonymous(line: string): string {
  return line.replace(/\b(Thread|LWP|process) \d+(\.\d+)?/g, '$1').replace(/id \d+/, 'id');
}
