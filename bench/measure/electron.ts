import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './places.ts';

const PATIENCE = 60_000;

/**
 * Runs Node with `args`, which start an Electron program, until the program's observer (a file of bench/anchors)
 * has told its answer and ended it. Settings are new each time.
 */
export async function startElectron(
  args: readonly string[],
  observer: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly answer: string; readonly began: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
  const ready = join(folder, 'ready');
  const began = Date.now();
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      ...env,
      XDG_CONFIG_HOME: folder,
      NODE_OPTIONS: `--require ${join(root, 'bench/anchors', observer)}`,
      BENCH_READY: ready,
    },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const late = setTimeout(() => child.kill('SIGTERM'), PATIENCE);
  const [status] = (await once(child, 'exit')) as [number | null];
  clearTimeout(late);
  const answer = existsSync(ready) ? readFileSync(ready, 'utf8') : '';
  rmSync(folder, { recursive: true, force: true });
  if (answer === '') throw new Error(`the window told nothing (status ${status}):\n${said}`);
  return { answer, began };
}
