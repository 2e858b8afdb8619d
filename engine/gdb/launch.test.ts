import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { areThroughStubs, codeOf, rig, waitFor } from './testing/backend.ts';
import { compile } from './testing/programs.ts';

const echo = compile(
  'echo.c',
  `#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("<%s>\\n", argv[i]);
  const char *lines = getenv("LINES"), *shell = getenv("SHELL"), *own = getenv("OWN");
  printf("LINES=%s SHELL=%s OWN=%s\\n", lines ? lines : "none", shell ? shell : "none", own ? own : "none");
  return argc + 40;
}
`,
);

describe('launch', () => {
  test('stops in the loader with the libraries mapped and nothing of the program run', async () => {
    const { backend, output } = await rig();
    expect(await backend.launch({ program: echo.path, args: [] })).toEqual({
      reason: 'initial',
      thread: 0,
      breakpoints: [],
    });
    expect((await backend.modules()).map((module) => module.name)).toEqual([
      'echo',
      'libc_so',
      'linux_vdso_so',
      'ld_linux_x86_64_so',
    ]);
    expect(backend.architecture).toBe('x86-64');
    const [frame] = await backend.frames(0, 1);
    expect(frame?.symbol?.module).toBe('ld_linux_x86_64_so');
    expect(output()).toBe('');
  });

  test('passes arguments verbatim', async () => {
    const { backend, output, resume } = await rig();
    const args = [
      'a b',
      `it's "x"`,
      '*',
      '$HOME',
      '',
      '`id`',
      'a\\b',
      'ü',
      'two\nlines',
      '-x',
      '; exit 3',
      '#',
      'end\n',
    ];
    await backend.launch({ program: echo.path, args });
    const stop = await resume();
    expect(stop).toMatchObject({ reason: 'exited', thread: null, exitCode: args.length + 41 });
    const text = args
      .map((one) => `<${one}>\n`)
      .join('')
      .replaceAll('\n', '\r\n');
    expect(output().startsWith(text)).toBe(true);
  });

  test('leaves the environment as it is, with what was added', async () => {
    const { backend, output, resume } = await rig({ env: { PATH: process.env.PATH, SHELL: '/bin/other' } });
    await backend.launch({ program: echo.path, args: [], env: { OWN: 'a = b' } });
    await resume();
    // Behind a stub it is that of the stub's own programs.
    const shell = areThroughStubs() ? (process.env.SHELL ?? 'none') : '/bin/other';
    expect(output()).toContain(`LINES=none SHELL=${shell} OWN=a = b`);
  });

  test('can launch again after the exit', async () => {
    const { backend, output, resume } = await rig();
    for (let round = 0; round < 2; round += 1) {
      await backend.launch({ program: echo.path, args: ['again'] });
      expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 42 });
    }
    await waitFor(() => output().split('<again>').length === 3);
    expect(await codeOf(backend.threads())).toBe('NO_TARGET');
  });

  test('runs in the folder given', async () => {
    const program = compile(
      'cwd.c',
      '#include <unistd.h>\n#include <stdio.h>\nint main(){char b[999];puts(getcwd(b,999));}',
    );
    const folder = mkdtempSync(join(tmpdir(), 'hawser test '));
    const { backend, output, resume } = await rig();
    await backend.launch({ program: program.path, args: [], cwd: folder });
    await resume();
    expect(output()).toBe(`${folder}\r\n`);
  });

  test('takes static programs and position-dependent ones', async () => {
    for (const flags of [['-static', '-g'], ['-no-pie', '-g'], ['-static-pie', '-g', '-fPIE'], ['-s']]) {
      const program = compile('ret.c', 'int main(){return 7;}', flags);
      const { backend, resume } = await rig();
      expect(await backend.launch({ program: program.path, args: [] })).toMatchObject({ reason: 'initial' });
      expect((await backend.modules())[0]?.name).toBe('ret');
      expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 7 });
    }
  });

  test('says why a program cannot be run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hawser-test-'));
    const file = (name: string, content: string | Buffer, mode: number) => {
      writeFileSync(join(folder, name), content);
      chmodSync(join(folder, name), mode);
      return join(folder, name);
    };
    const foreign = Buffer.alloc(64);
    foreign.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    foreign.writeUInt16LE(2, 16);
    foreign.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
    const { backend } = await rig();
    const launch = (program: string) => codeOf(backend.launch({ program, args: [] }));
    expect(await launch(join(folder, 'missing'))).toBe('PROGRAM_NOT_FOUND');
    expect(await launch('no-such-program-in-the-path')).toBe('PROGRAM_NOT_FOUND');
    expect(await launch(folder)).toBe('PROGRAM_NOT_EXECUTABLE');
    expect(await launch(file('text', 'echo x\n', 0o755))).toBe('PROGRAM_NOT_EXECUTABLE');
    expect(await launch(file('script', '#!/bin/sh\necho x\n', 0o755))).toBe('PROGRAM_NOT_EXECUTABLE');
    expect(await launch(file('foreign', foreign, 0o755))).toBe('PROGRAM_NOT_EXECUTABLE');
    expect(await launch(file('closed', foreign, 0o600))).toBe('PROGRAM_NOT_EXECUTABLE');
    expect(await codeOf(backend.launch({ program: echo.path, args: [], cwd: join(folder, 'no') }))).toBe(
      'PROGRAM_NOT_EXECUTABLE',
    );
    expect(await backend.process()).toBeNull();
  });

  test('names a GDB that is missing', async () => {
    expect(await codeOf(rig({ gdb: '/nonexistent/gdb' }))).toBe('GDB_MISSING');
  });
});
