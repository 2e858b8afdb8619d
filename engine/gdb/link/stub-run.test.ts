import { describe, expect, test } from 'vitest';
import { rig } from '../testing/backend.ts';
import { compile } from '../testing/programs.ts';
import { testStub } from '../testing/stub.ts';

const echo = compile(
  'stub-echo.c',
  `#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("<%s>\\n", argv[i]);
  const char *lines = getenv("LINES"), *own = getenv("OWN");
  char folder[999];
  printf("LINES=%s OWN=%s %s\\n", lines ? lines : "none", own ? own : "none", getcwd(folder, sizeof folder));
  return argc + 40;
}
`,
);

describe('a program started through a stub', () => {
  test('stops in the loader with the libraries mapped and nothing of it run', async () => {
    const stub = testStub();
    const { backend, output, resume } = await rig({ stub });
    expect(
      await backend.launch({ program: echo.path, args: ['a b'], cwd: '/tmp', env: { OWN: 'x y' } }),
    ).toEqual({
      reason: 'initial',
      thread: 0,
      breakpoints: [],
    });
    const modules = await backend.modules();
    expect(modules.map((module) => module.name)).toEqual([
      'stub_echo',
      'libc_so',
      'linux_vdso_so',
      'ld_linux_x86_64_so',
    ]);
    expect(backend.architecture).toBe('x86-64');
    const [frame] = await backend.frames(0, 1);
    expect(frame?.symbol?.module).toBe('ld_linux_x86_64_so');
    expect(output()).toBe('');
    expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 42 });
    expect(output()).toBe('<a b>\r\nLINES=none OWN=x y /tmp\r\n');
  });
});
