import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeOf, rig } from './testing/backend.ts';
import { compile } from './testing/programs.ts';

test('an expression runs no program of this machine', async () => {
  const { backend } = await rig();
  await backend.launch({ program: compile('no-shell.c', 'int main(void) { return 0; }').path, args: [] });
  const file = join(tmpdir(), `hawser-shell-${process.pid}`);
  expect(await codeOf(backend.evaluate(`$_shell("touch ${file}")`, { thread: 0, frame: 0 }, 1))).not.toBe(
    'none',
  );
  expect(existsSync(file)).toBe(false);
});
