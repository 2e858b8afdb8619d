import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, rig } from './testing/backend.ts';
import { compile } from './testing/programs.ts';

const crasher = compile(
  'crasher.c',
  `#include <pthread.h>
#include <unistd.h>
struct item { int value; } g_item = {42};
static void *waiting(void *p) { pause(); return p; }
__attribute__((noinline)) int crash(struct item *item) { return item->value; }
int main(void) { pthread_t t; pthread_create(&t, 0, waiting, 0); usleep(50000); return crash((struct item *)0x18) + crash(&g_item); }
`,
  ['-g', '-O0', '-pthread'],
);

const folder = mkdtempSync(join(tmpdir(), 'hawser-test-'));
const core = join(folder, 'the core');

beforeAll(async () => {
  const { backend, resume } = await rig();
  await backend.launch({ program: crasher.path, args: ['one', 'two'] });
  expect(await resume()).toMatchObject({ reason: 'signal' });
  await backend.raw(`generate-core-file ${core}`);
  await backend.dispose();
});

describe('a core file', () => {
  test('opens with the program it names itself', async () => {
    const { backend } = await rig();
    expect(await backend.openCore({ core })).toMatchObject({
      reason: 'initial',
      thread: 0,
      signal: { name: 'SIGSEGV', number: 11, code: 1, address: 0x18n },
    });
    const process = await backend.process();
    expect(process).toMatchObject({ executable: crasher.path });
    expect(process?.pid).toBeGreaterThan(0);
    expect((await backend.frames(0, 9)).map((frame) => frame.symbol?.name).slice(0, 2)).toEqual([
      'crash',
      'main',
    ]);
    expect(await backend.threads()).toHaveLength(2);
    expect((await backend.frames(1, 20)).map((frame) => frame.symbol?.name)).toContain('waiting');
    const names = (await backend.modules()).map((module) => module.name);
    expect(names[0]).toBe('crasher');
    expect(names).toEqual(expect.arrayContaining(['libc_so', 'ld_linux_x86_64_so', 'linux_vdso_so']));
    expect(await backend.evaluate('g_item', { thread: 0, frame: 0 }, 1)).toMatchObject({
      members: [{ value: { integer: 42n } }],
    });
    expect((await backend.readMemory(0x18n, 4)).readable).not.toBeNull();
    expect(await backend.disassemble((await backend.frames(0, 1))[0]?.address ?? 0n, 1)).toHaveLength(1);
  });

  test('cannot be run, and its memory not written', async () => {
    const { backend } = await rig();
    await backend.openCore({ core, program: crasher.path });
    expect(backend.capabilities.run).toMatch(/core file/);
    expect(await codeOf(backend.resume({ kind: 'continue', thread: 0 }))).toBe('CORE_CANNOT_RUN');
    expect(await codeOf(backend.stepRecording(0, 5, ['rip']))).toBe('CORE_CANNOT_RUN');
    expect(await codeOf(backend.writeMemory(0x1000n, Uint8Array.of(1)))).toBe('CORE_CANNOT_CHANGE');
    const where = { kind: 'address', address: 0x1000n } as const;
    expect(await codeOf(backend.insertBreakpoint({ where }))).toBe('CORE_CANNOT_CHANGE');
    expect(await codeOf(backend.writeRegister({ thread: 0, frame: 0 }, 'rax', 1n))).toBe(
      'CORE_CANNOT_CHANGE',
    );
    await backend.detach();
    expect(await backend.process()).toBeNull();
    expect(await backend.launch({ program: crasher.path, args: [] })).toMatchObject({ reason: 'initial' });
    expect(await backend.threads()).toHaveLength(1);
  });

  test('without its program can still be looked at', async () => {
    const copy = compile('gone.c', 'int main(){ *(volatile int *)8 = 1; }', ['-g', '-DGONE']);
    const gone = join(folder, 'gone');
    const own = join(folder, 'own.core');
    spawnSync('cp', [copy.path, gone]);
    const first = await rig();
    await first.backend.launch({ program: gone, args: [] });
    await first.resume();
    await first.backend.raw(`generate-core-file ${own}`);
    await first.backend.kill();
    rmSync(gone);
    const { backend } = await rig();
    expect(await backend.openCore({ core: own })).toMatchObject({ signal: { name: 'SIGSEGV' } });
    expect((await backend.registers({ thread: 0, frame: 0 }, ['rip'])).get('rip')).toBeTypeOf('bigint');
    expect((await backend.process())?.executable).toBe('gone');
  });

  test('of the kernel has the same', async (context) => {
    const result = spawnSync('sh', ['-c', 'ulimit -c unlimited; exec "$0"', crasher.path], { cwd: folder });
    const made = readdirSync(folder).find((name) => /^core/.test(name));
    if (result.signal !== 'SIGSEGV' || !made) return context.skip('this kernel writes core files elsewhere');
    renameSync(join(folder, made), join(folder, 'kernel.core'));
    const { backend } = await rig();
    expect(await backend.openCore({ core: join(folder, 'kernel.core') })).toMatchObject({
      signal: { name: 'SIGSEGV', address: 0x18n },
    });
    expect((await backend.frames(0, 9)).map((frame) => frame.symbol?.name)).toContain('crash');
  });

  test('that is none is refused', async () => {
    const { backend } = await rig();
    const text = join(folder, 'text');
    writeFileSync(text, 'hello');
    expect(await codeOf(backend.openCore({ core: join(folder, 'missing') }))).toBe('CORE_UNUSABLE');
    expect(await codeOf(backend.openCore({ core: text }))).toBe('CORE_UNUSABLE');
    expect(await codeOf(backend.openCore({ core: crasher.path }))).toBe('CORE_UNUSABLE');
    expect(await codeOf(backend.openCore({ core, program: join(folder, 'missing') }))).toBe(
      'PROGRAM_NOT_FOUND',
    );
    expect(await codeOf(backend.threads())).toBe('NO_TARGET');
  });
});
