import { describe, expect, onTestFinished, test } from 'vitest';
import { engineErrors } from '../../errors.ts';
import { LocalMachine } from '../../machine/local.ts';
import { connectStub } from '../../stub/connect.ts';
import type { Stub } from '../../stub/stub.ts';
import { gdbserver, lldbServer, qemu, type RunningStub, valgrind } from '../../stub/testing/stubs.ts';
import { codeOf, rig } from '../testing/backend.ts';
import { compile } from '../testing/programs.ts';

const program = compile(
  'stub-bare.c',
  `#include <stdio.h>
volatile int total;
__attribute__((noinline)) int leaf(int n) { total += n; return n + 1; }
int main(void) { for (int i = 0; i < 3; i++) leaf(i); return 5; }
`,
);

async function reached({ port }: RunningStub): Promise<Stub> {
  const stub = await connectStub(`gdb:server=127.0.0.1,port=${port}`, {
    program: 'test',
    version: '0',
    signal: new AbortController().signal,
    getPassword: async () => '',
  });
  onTestFinished(() => stub.close());
  return stub;
}

/** Registers, memory and code: what every stub has. */
async function looks({ backend }: Awaited<ReturnType<typeof rig>>): Promise<void> {
  const threads = await backend.threads();
  expect(threads.length).toBeGreaterThan(0);
  const here = { thread: threads[0]?.index ?? 0, frame: 0 };
  const names = (await backend.registerNames()).includes('rip') ? ['rip', 'rsp'] : ['eip', 'esp'];
  const registers = await backend.registers(here, names);
  expect([...registers.keys()]).toEqual(names);
  const pc = registers.get(names[0] ?? '') ?? 0n;
  await backend.readMemory(pc, 16);
  await backend.disassemble(pc, 2);
  await backend.modules();
  await backend.frames(here.thread, 4);
  await backend.symbolize([pc]);
  await backend.process();
  await backend.threadPointers();
}

describe('the process of a bare stub', () => {
  test("gdbserver's is taken where it stands, and debugged to its end", async () => {
    const stub = await reached(await gdbserver(program.path));
    const one = await rig({ stub });
    expect(await one.backend.takeStubProcess()).toMatchObject({ reason: 'initial', thread: 0 });
    await looks(one);
    expect((await one.backend.modules())[0]).toMatchObject({ name: 'stub_bare', symbols: 'dwarf' });
    expect(await one.runTo('leaf')).toMatchObject({ reason: 'breakpoint' });
    // At once, through a library that came while the target ran.
    const names = (await one.backend.frames(0, 9)).map(({ symbol }) => symbol?.name);
    expect(names.slice(0, 2)).toEqual(['leaf', 'main']);
    expect(names.at(-1)).toBe('_start');
    expect((await one.backend.modules()).map(({ name }) => name)).toContain('libc_so');
    expect(await one.resume()).toMatchObject({ reason: 'exited', exitCode: 5 });
    expect(await one.backend.process()).toBeNull();
    expect(one.events.some(({ type }) => type === 'stubEnded')).toBe(false);
  });

  test('a library that the stub could not tell of, since the target ran on, is there at the stop', async () => {
    const stub = await reached(await gdbserver(program.path));
    const one = await rig({ stub });
    await one.backend.takeStubProcess();
    const { machine } = stub;
    const images = machine.images.bind(machine);
    let refused = 0;
    // As where GDB resumes its target between two questions of ours: one is answered, the next refused.
    machine.process = (pid) => new LocalMachine().process(pid);
    machine.images = (pid, paths) => {
      const late = refused === 0 && paths.some((path) => path.includes('libc'));
      if (late) refused += 1;
      return late ? Promise.reject(engineErrors.targetRunning()) : images(pid, paths);
    };
    expect(await one.runTo('leaf')).toMatchObject({ reason: 'breakpoint' });
    expect(refused).toBe(1);
    expect((await one.backend.frames(0, 9)).at(-1)?.symbol?.name).toBe('_start');
    expect((await one.backend.modules()).map(({ name }) => name)).toContain('libc_so');
    await one.backend.kill();
  });

  test('gdbserver --multi has none: a program is started, and another attached to', async () => {
    const stub = await reached(await gdbserver('--multi'));
    const { backend, runTo, resume } = await rig({ stub });
    expect(await codeOf(backend.takeStubProcess())).toBe('STUB_NO_PROCESS');
    await backend.launch({ program: program.path, args: [] });
    expect(await runTo('leaf')).toMatchObject({ reason: 'breakpoint' });
    expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 5 });
  });

  test("lldb-server's", async () => {
    const stub = await reached(await lldbServer(program.path));
    const one = await rig({ stub });
    expect(await one.backend.takeStubProcess()).toMatchObject({ reason: 'initial' });
    await looks(one);
    const { reason } = await one.backend.resume({ kind: 'stepInstruction', thread: 0 });
    expect(reason).toBe('step');
  });

  test("valgrind's", async () => {
    const stub = await reached(await valgrind(program.path));
    const one = await rig({ stub });
    expect(await one.backend.takeStubProcess()).toMatchObject({ reason: 'initial' });
    await looks(one);
  });

  test("valgrind's, which does not tell its program, with the program's file", async () => {
    const stub = await reached(await valgrind(program.path));
    const { backend } = await rig({ stub });
    await expect(backend.takeStubProcess('/no/such/file')).rejects.toMatchObject({
      code: 'PROGRAM_NOT_FOUND',
    });
    await backend.takeStubProcess(program.path);
    expect(await backend.process()).toMatchObject({ executable: program.path });
    const where = { kind: 'symbol', module: null, name: 'leaf', offset: 0n } as const;
    expect((await backend.insertBreakpoint({ where })).address).toBeTypeOf('bigint');
    expect(await backend.resume({ kind: 'continue', thread: 0 })).toMatchObject({ reason: 'breakpoint' });
    const frames = await backend.frames(0, 8);
    expect(frames.slice(0, 2).map(({ symbol }) => symbol?.name)).toEqual(['leaf', 'main']);
    expect((await backend.modules()).map(({ path }) => path)).toContain(program.path);
    await backend.kill();
  });

  test("QEMU's, which has no process, no program and no files", async () => {
    const stub = await reached(await qemu());
    const one = await rig({ stub });
    expect(await one.backend.takeStubProcess()).toMatchObject({ reason: 'initial' });
    await looks(one);
    expect((await one.backend.resume({ kind: 'stepInstruction', thread: 0 })).reason).toBe('step');
    const going = one.resume();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await one.backend.interrupt();
    expect(await going).toMatchObject({ reason: 'interrupt' });
  });
});
