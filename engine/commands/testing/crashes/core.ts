import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs a program and takes the core file that the system leaves of it; null: this system leaves none where the program runs. */
export function coreOf(program: string, args: readonly string[]): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-core-'));
  folders.push(folder);
  const env = { ...process.env, RUST_BACKTRACE: '0' };
  spawnSync('/bin/sh', ['-c', 'ulimit -c unlimited; exec "$0" "$@"', program, ...args], {
    cwd: folder,
    env,
    stdio: 'ignore',
    timeout: 60_000,
  });
  const [core] = readdirSync(folder).filter((name) => /^core/.test(name));
  return core === undefined ? null : join(folder, core);
}
