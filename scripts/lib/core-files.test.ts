import { execFileSync, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { withoutCoreFiles } from './core-files.mjs';

it('what is started from here on writes no core file, but may raise the limit', (context) => {
  if (spawnSync('prlimit', ['--version']).status !== 0) return context.skip('there is no prlimit here');
  const hard = execFileSync('sh', ['-c', 'ulimit -H -c']).toString();
  execFileSync('prlimit', ['--pid', String(process.pid), `--core=${hard.trim()}:`]);
  withoutCoreFiles();
  expect(execFileSync('sh', ['-c', 'ulimit -S -c; ulimit -H -c']).toString()).toBe(`0\n${hard}`);
});
