import { describe, expect, test } from 'vitest';
import type { Stop } from '../backend/types.ts';
import type { GdbBackend } from './backend.ts';
import { rig, waitFor } from './testing/backend.ts';
import { compile } from './testing/programs.ts';

const sample = compile(
  'record.c',
  `#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <pthread.h>
volatile long total; volatile int go_on = 1;
__attribute__((noinline)) long work(long n) { long sum = 0; for (long i = 0; i < n; i++) { sum += i * i; total = sum; } return sum; }
__attribute__((noinline)) void inner(void) { total++; }
static void *other(void *p) { while (go_on) total++; return p; }
int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "threads")) { pthread_t t; pthread_create(&t, 0, other, 0); while (total == 0) ; }
  char text[64]; int length = snprintf(text, sizeof text, "%ld", work(3));
  work(40);
  inner();
  if (argc > 1 && !strcmp(argv[1], "raise")) raise(SIGUSR2);
  if (argc > 1 && !strcmp(argv[1], "loop")) work(1L << 60);
  return length;
}
`,
  ['-g', '-O1', '-pthread'],
);

const NAMES = ['rip', 'rax', 'rcx', 'rdx', 'rsp', 'rbp', 'eflags', 'fs_base', 'eax'];

async function at(name: string, args: readonly string[] = []) {
  const one = await rig();
  await one.backend.launch({ program: sample.path, args });
  await one.runTo(name);
  return one;
}

async function plainly(
  backend: GdbBackend,
  count: number,
): Promise<{ steps: bigint[][]; stop: Stop | null }> {
  const steps: bigint[][] = [];
  let stop: Stop | null = null;
  for (let step = 0; step < count; step += 1) {
    stop = await backend.resume({ kind: 'stepInstruction', thread: 0, onlyThread: true });
    if (stop.thread === null) break;
    const values = await backend.registers({ thread: 0, frame: 0 }, NAMES);
    steps.push(NAMES.map((name) => values.get(name) ?? -1n));
    if (stop.reason !== 'step') break;
  }
  return { steps, stop };
}

/** Every process has a stack canary of its own, at fs:28h, which passes through registers. */
async function comparable(
  backend: GdbBackend,
  steps: readonly { registers: readonly bigint[] }[],
): Promise<string[]> {
  const base = (await backend.registers({ thread: 0, frame: 0 }, ['fs_base'])).get('fs_base') ?? 0n;
  const { bytes } = await backend.readMemory(base + 0x28n, 8);
  const canary = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const name = (value: bigint) => {
    if (value === canary) return 'canary';
    return value === (canary & 0xffffffffn) ? 'half' : value.toString(16);
  };
  return steps.map((step) => step.registers.map(name).join(' '));
}

describe('recorded steps', () => {
  test.each([1, 2, 3, 700])('are what single steps give: %i', async (count) => {
    const recorded = await at('main');
    const { steps, stop } = await recorded.backend.stepRecording(0, count, NAMES);
    const other = (await at('main')).backend;
    const plain = await plainly(other, count);
    const expected = plain.steps.map((row) => ({ registers: row }));
    expect(await comparable(recorded.backend, steps)).toEqual(await comparable(other, expected));
    expect(stop).toEqual({ reason: 'step', thread: 0, breakpoints: [] });
    expect((await recorded.backend.registers({ thread: 0, frame: 0 }, ['rip'])).get('rip')).toBe(
      steps.at(-1)?.registers[0],
    );
    // And on from there.
    const more = await recorded.backend.stepRecording(0, 5, ['rip']);
    expect(more.steps).toHaveLength(5);
  });

  test('end at a breakpoint, and begin at one', async () => {
    const stops = [];
    for (const way of ['recorded', 'plain']) {
      const { backend } = await at('main');
      const where = { kind: 'symbol', module: null, name: 'work', offset: 0n } as const;
      const info = await backend.insertBreakpoint({ where });
      const first =
        way === 'plain' ? await plainly(backend, 300) : await backend.stepRecording(0, 300, NAMES);
      expect(first.stop).toMatchObject({ reason: 'breakpoint', thread: 0, breakpoints: [info.number] });
      const pc = (await backend.registers({ thread: 0, frame: 0 }, ['rip'])).get('rip');
      expect(pc).toBe(info.address);
      const second = way === 'plain' ? await plainly(backend, 9) : await backend.stepRecording(0, 9, NAMES);
      const rows = [...first.steps, ...second.steps].map((row) =>
        'registers' in row ? [...row.registers] : row,
      );
      stops.push(rows);
    }
    expect(stops[0]).toEqual(stops[1]);
  });

  test('end at a signal', async () => {
    const { backend } = await at('inner', ['raise']);
    const { steps, stop } = await backend.stepRecording(0, 100_000, ['rip']);
    expect(stop).toMatchObject({ reason: 'signal', signal: { name: 'SIGUSR2' } });
    expect(steps.length).toBeGreaterThan(10);
    const pc = (await backend.registers({ thread: 0, frame: 0 }, ['rip'])).get('rip');
    expect(steps.at(-1)?.registers[0]).toBe(pc);
  });

  test('end with the program', async () => {
    const { backend } = await at('inner');
    const { steps, stop } = await backend.stepRecording(0, 1_000_000, ['rip']);
    expect(stop).toEqual({ reason: 'exited', thread: null, breakpoints: [], exitCode: 1 });
    expect(steps.length).toBeGreaterThan(100);
    expect(await backend.process()).toBeNull();
  });

  test('can be broken into, and what was done so far is there', async () => {
    const { backend } = await at('inner', ['loop']);
    const recording = backend.stepRecording(0, 1_000_000, ['rip', 'rax']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await backend.interrupt();
    const { steps, stop } = await recording;
    expect(stop).toEqual({ reason: 'interrupt', thread: 0, breakpoints: [] });
    expect(steps.length).toBeGreaterThan(0);
    const pc = (await backend.registers({ thread: 0, frame: 0 }, ['rip'])).get('rip');
    expect(steps.at(-1)?.registers[0]).toBe(pc);
  });

  test('are of one thread, and the others stand still meanwhile', async () => {
    const { backend } = await at('work', ['threads']);
    await waitFor(() => true);
    const before = await backend.registers({ thread: 1, frame: 0 }, ['rip', 'rsp', 'rax']);
    const { steps, stop } = await backend.stepRecording(0, 500, NAMES);
    expect(stop).toMatchObject({ reason: 'step', thread: 0 });
    expect(steps).toHaveLength(500);
    expect(await backend.registers({ thread: 1, frame: 0 }, ['rip', 'rsp', 'rax'])).toEqual(before);
    // In a C library without debug symbols GDB does not say that the function is finished.
    const { reason } = await backend.resume({ kind: 'finish', thread: 0 });
    expect(['functionFinished', 'unknown']).toContain(reason);
  });

  test('end at a goal: an address, an instruction of a kind, a return', async () => {
    const { backend } = await at('main');
    const ip = async () => (await backend.registers({ thread: 0, frame: 0 }, ['rip'])).get('rip') ?? 0n;
    const here = async () => (await backend.disassemble(await ip(), 1))[0]?.text ?? '';
    for (const how of [{}, { alone: false }, { over: true }]) {
      const call = await backend.stepRecording(0, 100_000, [], { ...how, until: { kinds: ['call'] } });
      expect(call).toEqual({
        steps: [],
        reached: true,
        stop: { reason: 'step', thread: 0, breakpoints: [] },
      });
      expect(await here()).toMatch(/^call/);
    }
    const work = (await backend.resolveSymbol(null, 'work', null)) ?? 0n;
    const first = await backend.stepRecording(0, 100_000, ['rip'], { until: { address: work } });
    expect(first.reached).toBe(true);
    expect(first.steps.at(-1)?.registers).toEqual([work]);
    const registers = await backend.registers({ thread: 0, frame: 0 }, ['rsp']);
    const back = (await backend.frames(0, 1))[0]?.returnAddress ?? 0n;
    const until = { address: back, above: registers.get('rsp') ?? 0n };
    const returned = await backend.stepRecording(0, 100_000, ['rip'], { until });
    expect(returned.reached).toBe(true);
    expect(await ip()).toBe(back);
    expect(returned.steps.length).toBeGreaterThan(10);
    // A count that is too small for it.
    expect(await backend.stepRecording(0, 3, ['rip'], { until: { address: work } })).toMatchObject({
      reached: false,
      stop: { reason: 'step' },
    });
  });
});
