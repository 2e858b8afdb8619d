import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { areThroughStubs, codeOf, rig, waitFor } from './testing/backend.ts';
import { noDebugRegisters } from './testing/hardware.ts';
import { compile } from './testing/programs.ts';

const sample = compile(
  'sample.c',
  `#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
volatile long counter;
volatile int watched;
static void on_user(int signal) { printf("got %d\\n", signal); fflush(stdout); }
static int twice(int x) { return x * 2; }
int chain(int depth) { return depth == 0 ? twice(21) : chain(depth - 1) + 0; } /* chain-line */
static void *worker(void *name) { pthread_setname_np(pthread_self(), name); for (;;) counter++; return 0; }
static void spin(void) { printf("spinning\\n"); fflush(stdout); for (;;) counter++; }
int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (!strcmp(what, "segv")) { *(volatile int *)0x10 = 1; }
  if (!strcmp(what, "abort")) abort();
  if (!strcmp(what, "chain")) return chain(4); /* call-line */
  if (!strcmp(what, "spin")) spin();
  if (!strcmp(what, "block")) { sigset_t set; sigfillset(&set); sigprocmask(SIG_SETMASK, &set, 0); spin(); }
  if (!strcmp(what, "usr")) { signal(SIGUSR1, on_user); raise(SIGUSR1); printf("after\\n"); }
  if (!strcmp(what, "int")) { signal(SIGINT, on_user); raise(SIGINT); printf("after\\n"); }
  if (!strcmp(what, "watch")) { watched = 5; watched = 6; watched = 7; }
  if (!strcmp(what, "cat")) { char line[100]; while (fgets(line, sizeof line, stdin)) { printf("read %s", line); fflush(stdout); } printf("end\\n"); }
  if (!strcmp(what, "threads")) {
    pthread_t t[2];
    pthread_create(&t[0], 0, worker, "first");
    pthread_create(&t[1], 0, worker, "second");
    while (counter < 1000) usleep(1000);
    printf("ready\\n"); fflush(stdout);
    pthread_join(t[0], 0);
  }
  return 3;
}
`,
  ['-g', '-O0', '-pthread'],
);

async function started(what: string) {
  const one = await rig();
  await one.backend.launch({ program: sample.path, args: [what] });
  return one;
}

describe('signals', () => {
  test('stop before they are delivered, with their siginfo, and end the program after', async () => {
    const { resume } = await started('segv');
    expect(await resume()).toMatchObject({
      reason: 'signal',
      thread: 0,
      signal: { name: 'SIGSEGV', number: 11, code: 1, address: 0x10n },
    });
    expect(await resume()).toEqual({
      reason: 'signalled',
      thread: null,
      breakpoints: [],
      signal: { name: 'SIGSEGV', number: 11 },
    });
  });

  test('SIGABRT has its name and number', async () => {
    const { resume } = await started('abort');
    expect(await resume()).toMatchObject({ reason: 'signal', signal: { name: 'SIGABRT', number: 6 } });
    expect(await resume()).toMatchObject({ reason: 'signalled', signal: { number: 6 } });
  });

  test.each(['usr', 'int'])('reach the program unless handled: %s', async (what) => {
    const passed = await started(what);
    expect(await passed.resume()).toMatchObject({ reason: 'signal' });
    expect(await passed.resume()).toMatchObject({ reason: 'exited', exitCode: 3 });
    expect(passed.output()).toContain('got ');
    const handled = await started(what);
    expect(await handled.resume()).toMatchObject({ reason: 'signal' });
    const stop = await handled.backend.resume({ kind: 'continue', thread: 0, signal: 'handled' });
    expect(stop).toMatchObject({ reason: 'exited', exitCode: 3 });
    expect(handled.output()).toBe('after\r\n');
  });

  test('a target killed from outside has died of SIGKILL', async () => {
    const { backend, resume, outputHas } = await started('spin');
    const stopped = resume();
    await outputHas('spinning');
    const pid = (await backend.process())?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    expect(await stopped).toMatchObject({ reason: 'signalled', signal: { name: 'SIGKILL', number: 9 } });
    expect(await backend.process()).toBeNull();
  });
});

describe('break-in', () => {
  test.each(['spin', 'block'])('stops a running target, also one that blocks SIGINT: %s', async (what) => {
    const { backend, resume, outputHas } = await started(what);
    for (let round = 0; round < 2; round += 1) {
      const stopped = resume();
      await outputHas('spinning');
      expect(await codeOf(backend.registers({ thread: 0, frame: 0 }, ['rip']))).toBe('TARGET_RUNNING');
      await backend.interrupt();
      expect(await stopped).toEqual({ reason: 'interrupt', thread: 0, breakpoints: [] });
      expect((await backend.frames(0, 9)).map((frame) => frame.symbol?.name)).toContain('main');
    }
  });

  test('works at any moment after the resume', async () => {
    const { backend, runTo } = await started('spin');
    await runTo('spin');
    for (let round = 0; round < 40; round += 1) {
      const kind = round % 2 ? 'continue' : 'nextLine';
      const stopped =
        round % 4 < 2 ? backend.resume({ kind, thread: 0 }) : backend.stepRecording(0, 1e6, ['rip']);
      for (let turn = 0; turn < round / 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await backend.interrupt();
      const answer = await stopped;
      const stop = 'stop' in answer ? answer.stop : answer;
      // A line may have been done before the break-in came.
      expect(kind === 'nextLine' ? ['interrupt', 'step'] : ['interrupt']).toContain(stop.reason);
    }
  });

  test('never reaches the target when it came too late, between single steps', async () => {
    const { backend, runTo } = await started('spin');
    await runTo('spin');
    for (let round = 0; round < 300; round += 1) {
      const stopped = backend.resume({ kind: 'stepInstruction', thread: 0 });
      for (let turn = 0; turn < round % 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await backend.interrupt();
      expect(['interrupt', 'step']).toContain((await stopped).reason);
    }
    for (let round = 0; round < 20; round += 1)
      expect((await backend.resume({ kind: 'stepInstruction', thread: 0 })).reason).toBe('step');
  });

  test('without a running target does nothing', async () => {
    const { backend, resume } = await started('');
    await backend.interrupt();
    expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 3 });
  });
});

describe('stepping', () => {
  test('goes into, over, by line and out of functions', async () => {
    const { backend, runTo } = await started('chain');
    expect(await runTo('main')).toMatchObject({ reason: 'breakpoint', thread: 0 });
    const at = async () => {
      const [frame] = await backend.frames(0, 1);
      return `${frame?.symbol?.name}:${frame?.source?.line}`;
    };
    await backend.insertBreakpoint({
      where: { kind: 'line', file: 'sample.c', line: sample.line('call-line') },
      oneShot: true,
    });
    await backend.resume({ kind: 'continue', thread: 0 });
    expect(await at()).toBe(`main:${sample.line('call-line')}`);
    expect(await backend.resume({ kind: 'stepLine', thread: 0 })).toMatchObject({
      reason: 'step',
      thread: 0,
    });
    while (!(await at()).startsWith('chain')) await backend.resume({ kind: 'stepLine', thread: 0 });
    await runTo('twice');
    expect(await at()).toMatch(/^twice:/);
    expect(await backend.resume({ kind: 'finish', thread: 0 })).toMatchObject({ reason: 'functionFinished' });
    expect(await at()).toMatch(/^chain:/);
    const [before] = await backend.frames(0, 1);
    await backend.resume({ kind: 'stepInstruction', thread: 0 });
    const [after] = await backend.frames(0, 1);
    expect(after?.address).not.toBe(before?.address);
    await backend.resume({ kind: 'finish', thread: 0, frame: 3 });
    expect(await at()).toMatch(/^chain:|^main:/);
  });

  test('over a call by the instruction', async () => {
    const { backend, runTo } = await started('chain');
    await runTo('chain');
    for (let step = 0; step < 100; step += 1) {
      const pc = (await backend.frames(0, 1))[0]?.address ?? 0n;
      const [call] = await backend.disassemble(pc, 1);
      const stop = await backend.resume({ kind: 'nextInstruction', thread: 0 });
      expect(stop.reason).toBe('step');
      if (call?.text.startsWith('call')) {
        expect((await backend.frames(0, 1))[0]?.address).toBe(pc + BigInt(call.bytes.length));
        return;
      }
    }
    throw new Error('no call was met');
  });
});

describe('breakpoints', () => {
  test('stop at the first instruction, count their hits and pass some by', async () => {
    const { backend, events, resume } = await started('chain');
    const info = await backend.insertBreakpoint({
      where: { kind: 'symbol', module: 'sample', name: 'chain', offset: 0n },
      ignoreCount: 1,
    });
    const address = await backend.resolveSymbol('SAMPLE', 'Chain', null);
    expect(info).toMatchObject({ address, hits: 0 });
    expect(info.source?.line).toBe(sample.line('chain-line'));
    expect(await resume()).toMatchObject({ reason: 'breakpoint', breakpoints: [info.number] });
    expect((await backend.registers({ thread: 0, frame: 0 }, ['rip'])).get('rip')).toBe(address);
    expect(backend.breakpoints()[0]?.hits).toBe(2);
    expect(events.some((event) => event.type === 'breakpointChanged')).toBe(true);
    await backend.enableBreakpoint(info.number, false);
    expect(await resume()).toMatchObject({ reason: 'exited' });
    await backend.deleteBreakpoint(info.number);
    expect(backend.breakpoints()).toEqual([]);
  });

  test('of one shot are gone after their stop', async () => {
    const { backend, runTo, resume } = await started('chain');
    expect((await runTo('twice')).breakpoints).toHaveLength(1);
    expect(backend.breakpoints()).toEqual([]);
    expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 42 });
  });

  test('on data stop at each change with the values', async ({ skip }) => {
    const missing = noDebugRegisters();
    if (missing !== null) return skip(missing);
    const { backend, resume } = await started('watch');
    const address = (await backend.resolveSymbol(null, 'watched', null)) ?? 0n;
    const info = await backend.insertBreakpoint({ where: { kind: 'data', address, size: 4, access: 'w' } });
    expect(await resume()).toMatchObject({
      reason: 'watchpoint',
      breakpoints: [info.number],
      oldValue: '0',
      newValue: '5',
    });
    expect(await resume()).toMatchObject({ reason: 'watchpoint', oldValue: '5', newValue: '6' });
    await backend.deleteBreakpoint(info.number);
    const reading = await backend.insertBreakpoint({
      where: { kind: 'data', address, size: 4, access: 'rw' },
      oneShot: true,
    });
    expect(await resume()).toMatchObject({ reason: 'watchpoint', breakpoints: [reading.number] });
    expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 3 });
  });

  test('in hardware', async ({ skip }) => {
    const missing = noDebugRegisters();
    if (missing !== null) return skip(missing);
    const { backend, resume } = await started('chain');
    const address = (await backend.resolveSymbol(null, 'twice', null)) ?? 0n;
    const info = await backend.insertBreakpoint({ where: { kind: 'hardwareExecute', address } });
    expect(await resume()).toMatchObject({ reason: 'breakpoint', breakpoints: [info.number] });
    const { bytes } = await backend.readMemory(address, 4);
    expect([...bytes]).toEqual([
      ...readFileSync(sample.path).subarray(codeOffset(address), codeOffset(address) + 4),
    ]);
    function codeOffset(at: bigint): number {
      return Number(at & 0xfffn) + 0x1000;
    }
  });

  test('stay when the program is started again', async () => {
    const { backend, resume, outputHas } = await started('cat');
    const where = (module: string, name: string) => ({ kind: 'symbol', module, name, offset: 0n }) as const;
    const own = await backend.insertBreakpoint({ where: where('sample', 'main') });
    const library = await backend.insertBreakpoint({ where: where('libc_so', 'fgets') });
    for (let round = 0; round < 2; round += 1) {
      expect(await resume()).toMatchObject({ reason: 'breakpoint', breakpoints: [own.number] });
      expect(await resume()).toMatchObject({ reason: 'breakpoint', breakpoints: [library.number] });
      await backend.kill();
      expect(await backend.launch({ program: sample.path, args: ['cat'] })).toMatchObject({
        reason: 'initial',
        thread: 0,
      });
    }
    await backend.deleteBreakpoint(own.number);
    await backend.deleteBreakpoint(library.number);
    const stopped = resume();
    backend.writeInput('x\n\x04');
    await outputHas('read x');
    expect(await stopped).toMatchObject({ reason: 'exited', exitCode: 3 });
  });

  test('of a symbol or number that is not there are refused', async () => {
    const { backend } = await started('');
    const where = { kind: 'symbol', module: null, name: 'no_such', offset: 0n } as const;
    expect(await codeOf(backend.insertBreakpoint({ where }))).toBe('UNRESOLVED');
    expect(await codeOf(backend.deleteBreakpoint(99))).toBe('BAD_ARGUMENT');
  });

  test('wait for a library that is loaded later', async () => {
    const library = compile(
      'plugin.c',
      'static int quiet(int x) { return x + 1; }\nint plugged(int x) { return quiet(x); }',
      ['-g', '-shared', '-fPIC'],
    );
    const loader = compile(
      'loader.c',
      '#include <dlfcn.h>\nint main(int c, char **v) { void *h = dlopen(v[1], RTLD_NOW); int (*f)(int) = dlsym(h, "plugged"); int r = f(4); dlclose(h); return r; }',
    );
    const { backend, events, resume } = await rig();
    await backend.launch({ program: loader.path, args: [library.path] });
    const where = (name: string) => ({ kind: 'symbol', module: 'plugin', name, offset: 0n }) as const;
    expect(await codeOf(backend.insertBreakpoint({ where: where('plugged') }))).toBe('UNRESOLVED');
    const first = await backend.insertBreakpoint({ where: where('plugged'), pending: true });
    const second = await backend.insertBreakpoint({ where: where('quiet'), pending: true });
    expect(first.address).toBeNull();
    expect(await resume()).toMatchObject({ reason: 'breakpoint', breakpoints: [first.number] });
    const address = await backend.resolveSymbol('plugin', 'plugged', null);
    expect((await backend.registers({ thread: 0, frame: 0 }, ['rip'])).get('rip')).toBe(address);
    expect(backend.breakpoints()[0]).toMatchObject({ number: first.number, address, hits: 1 });
    expect((await backend.modules()).map((module) => module.name)).toContain('plugin');
    expect(await resume()).toMatchObject({ reason: 'breakpoint', breakpoints: [second.number] });
    expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 5 });
    const loaded = events.find((event) => event.type === 'moduleLoaded' && event.path === library.path);
    expect(loaded).toMatchObject({ type: 'moduleLoaded' });
    expect(loaded?.type === 'moduleLoaded' && loaded.start % 0x1000n).toBe(0n);
    expect(events).toContainEqual({ type: 'moduleUnloaded', path: library.path });
  });
});

describe('breakpoints on symbols of libraries', () => {
  test('are kept while the library is away, and found where it comes back', async () => {
    const library = compile('plugin.c', 'int plugged(int x) { return x + 1; }', ['-g', '-shared', '-fPIC']);
    const loader = compile(
      'reloader.c',
      `#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/mman.h>
static int once(const char *path, void **base) {
  void *h = dlopen(path, RTLD_NOW); int (*f)(int) = dlsym(h, "plugged"); Dl_info info; dladdr(f, &info); *base = info.dli_fbase;
  int r = f(4); dlclose(h); return r;
}
void between(void) {}
int main(int c, char **v) {
  void *first, *second;
  int r = once(v[1], &first);
  for (int i = 0; i < 200; i++) mmap(0, 0x1000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  between();
  return r + once(v[1], &second) + (first == second) * 100;
}`,
    );
    const { backend, resume } = await rig();
    await backend.launch({ program: loader.path, args: [library.path] });
    const where = { kind: 'symbol', module: 'plugin', name: 'plugged', offset: 0n } as const;
    const { number } = await backend.insertBreakpoint({ where, pending: true });
    await backend.insertBreakpoint({
      where: { kind: 'symbol', module: null, name: 'between', offset: 0n },
      pending: true,
    });
    expect(await resume()).toMatchObject({ reason: 'breakpoint', breakpoints: [number] });
    const first = backend.breakpoints()[0]?.address;
    expect(await resume()).toMatchObject({ reason: 'breakpoint', breakpoints: [2] });
    expect(backend.breakpoints()[0]?.address).toBeNull();
    expect(await resume()).toMatchObject({ reason: 'breakpoint', breakpoints: [number] });
    const second = backend.breakpoints()[0]?.address;
    expect(second).toBe(await backend.resolveSymbol('plugin', 'plugged', null));
    expect(second).not.toBe(first);
    expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 10 });
  });
});

describe('conditions', () => {
  const at = { kind: 'symbol', module: null, name: 'chain', offset: 0n } as const;

  test('are tested inside GDB', async () => {
    const { backend, resume } = await started('chain');
    await backend.insertBreakpoint({ where: at, condition: '$rdi == 1 && counter == 0' });
    expect(await resume()).toMatchObject({ reason: 'breakpoint' });
    expect((await backend.registers({ thread: 0, frame: 0 }, ['rdi'])).get('rdi')).toBe(1n);
    expect(await resume()).toMatchObject({ reason: 'exited' });
  });

  test('see the parameters of a function', async () => {
    const { backend, resume } = await started('chain');
    await backend.insertBreakpoint({ where: at, condition: 'depth == 2' });
    expect(await resume()).toMatchObject({ reason: 'breakpoint' });
    expect((await backend.registers({ thread: 0, frame: 0 }, ['rdi'])).get('rdi')).toBe(2n);
    expect((await backend.frames(0, 1))[0]?.symbol?.name).toBe('chain');
    expect(await resume()).toMatchObject({ reason: 'exited' });
  });

  test('that GDB does not understand leave nothing behind', async () => {
    const { backend, resume } = await started('chain');
    expect(await codeOf(backend.insertBreakpoint({ where: at, condition: 'no_such == 1' }))).toBe('GDB');
    expect(backend.breakpoints()).toEqual([]);
    expect(await resume()).toMatchObject({ reason: 'exited' });
  });

  test('can be of how deep the stack is', async () => {
    const { backend, resume } = await started('chain');
    const { number } = await backend.insertBreakpoint({ where: at });
    await resume();
    const outer = (await backend.frames(0, 100)).length;
    await backend.deleteBreakpoint(number);
    await backend.insertBreakpoint({ where: at, depthAbove: outer + 1, depthBelow: outer + 3 });
    expect(await resume()).toMatchObject({ reason: 'breakpoint' });
    expect((await backend.frames(0, 100)).length).toBe(outer + 2);
    expect((await backend.registers({ thread: 0, frame: 0 }, ['rdi'])).get('rdi')).toBe(2n);
    expect(await resume()).toMatchObject({ reason: 'exited' });
  });
});

describe('threads', () => {
  test('have indexes in order of creation, names and stacks; one can run alone', async () => {
    const { backend, events, resume, outputHas } = await started('threads');
    const stopped = resume();
    await outputHas('ready');
    await backend.interrupt();
    expect(await stopped).toMatchObject({ reason: 'interrupt' });
    const threads = await backend.threads();
    expect(threads.map(({ index, name }) => `${index} ${name}`)).toEqual(['0 sample', '1 first', '2 second']);
    expect(new Set(threads.map((thread) => thread.tid)).size).toBe(3);
    expect(threads[0]?.tid).toBe((await backend.process())?.pid);
    expect(events.filter((event) => event.type === 'threadCreated').map((event) => event.thread)).toEqual([
      0, 1, 2,
    ]);
    const symbols = (await backend.frames(1, 10)).map((frame) => frame.symbol?.name);
    expect(symbols).toContain('worker');
    const before = await backend.registers({ thread: 2, frame: 0 }, ['rip', 'rsp']);
    for (let step = 0; step < 50; step += 1) {
      const stop = await backend.resume({ kind: 'stepInstruction', thread: 1, onlyThread: true });
      expect(stop).toMatchObject({ reason: 'step', thread: 1 });
    }
    expect(await backend.registers({ thread: 2, frame: 0 }, ['rip', 'rsp'])).toEqual(before);
    expect(await codeOf(backend.frames(7, 1))).toBe('BAD_ARGUMENT');
  });
});

describe("the target's terminal", () => {
  test('takes input, its end included', async () => {
    const { backend, resume, output, outputHas } = await started('cat');
    backend.writeInput('early\n');
    const stopped = resume();
    await outputHas('read early');
    backend.writeInput('hello\n');
    await outputHas('read hello');
    backend.writeInput('\x04');
    expect(await stopped).toMatchObject({ reason: 'exited', exitCode: 3 });
    await waitFor(() => output().includes('end'));
    expect(output()).toBe('early\r\nread early\r\nhello\r\nread hello\r\nend\r\n');
  });
});

describe('a breakpoint that cannot be put in', () => {
  const nowhere = { where: { kind: 'address', address: 0x12345n } } as const;

  test('is told by whatever resumes, and the target stays where it was', async () => {
    const { backend, runTo } = await started('chain');
    await runTo('chain');
    const { number } = await backend.insertBreakpoint(nowhere);
    const at = async () => (await backend.registers({ thread: 0, frame: 0 }, ['rip'])).get('rip');
    const before = await at();
    for (const kind of ['continue', 'stepInstruction', 'nextInstruction', 'stepLine', 'finish'] as const) {
      await expect(backend.resume({ kind, thread: 0 }), kind).rejects.toMatchObject({
        code: 'BREAKPOINT_NOT_INSERTED',
        data: { numbers: [number], address: '0x12345' },
      });
      expect(await at()).toBe(before);
    }
    expect(await codeOf(backend.stepRecording(0, 100, ['rip']))).toBe('BREAKPOINT_NOT_INSERTED');
    await backend.deleteBreakpoint(number);
    expect(await backend.resume({ kind: 'stepInstruction', thread: 0 })).toMatchObject({ reason: 'step' });
  });

  test('is told when somebody breaks in meanwhile too, and the next run is not broken into', async () => {
    const { backend, resume } = await started('spin');
    const { number } = await backend.insertBreakpoint(nowhere);
    for (const delay of [0, 1, 5]) {
      const failed = codeOf(resume());
      await new Promise((resolve) => setTimeout(resolve, delay));
      await backend.interrupt();
      expect(await failed).toBe('BREAKPOINT_NOT_INSERTED');
    }
    await backend.deleteBreakpoint(number);
    const stopped = resume();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await backend.interrupt();
    expect(await stopped).toMatchObject({ reason: 'interrupt' });
  });

  test('is told for watchpoints beyond what the CPU has', async (context) => {
    const { backend, resume, runTo } = await started('watch');
    await runTo('main');
    const slots = backend.capabilities.hardwareSlots;
    if (slots === undefined) return context.skip('how many this CPU has is not known');
    const counter = (await backend.resolveSymbol(null, 'counter', null)) ?? 0n;
    const numbers: number[] = [];
    for (let at = 0; at <= slots; at++) {
      const where = { kind: 'data', address: counter + 8n * BigInt(at), size: 8, access: 'w' } as const;
      numbers.push((await backend.insertBreakpoint({ where })).number);
    }
    await expect(resume()).rejects.toMatchObject({
      code: 'BREAKPOINT_NOT_INSERTED',
      data: { hardware: true },
    });
    for (const number of numbers) await backend.deleteBreakpoint(number);
    expect(await resume()).toMatchObject({ reason: 'exited' });
  });
});

describe('the end', () => {
  test('GDB killed is told, and what was asked for rejects', async () => {
    const { backend, events, resume, outputHas } = await started('spin');
    const stopped = codeOf(resume());
    await outputHas('spinning');
    process.kill(backend.gdbPid, 'SIGKILL');
    expect(await stopped).toBe('ENGINE_DIED');
    expect(events.filter((event) => event.type === 'died')).toHaveLength(1);
    expect(await codeOf(backend.raw('show version'))).toBe('ENGINE_DIED');
  });

  test('disposing ends a launched target of this machine, lets others go, and can be asked for twice', async () => {
    const { backend, events, resume, outputHas } = await started('spin');
    const stopped = codeOf(resume());
    await outputHas('spinning');
    const pid = (await backend.process())?.pid ?? 0;
    await Promise.all([backend.dispose(), backend.dispose()]);
    await stopped;
    if (areThroughStubs()) process.kill(pid, 'SIGKILL');
    else expect(() => process.kill(pid, 0)).toThrow();
    expect(events.some((event) => event.type === 'died')).toBe(false);
  });

  test('killing leaves no target', async () => {
    const { backend } = await started('spin');
    await backend.kill();
    expect(await backend.process()).toBeNull();
    expect(await codeOf(backend.resume({ kind: 'continue', thread: 0 }))).toBe('NO_TARGET');
  });
});
