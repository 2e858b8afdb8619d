import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hawser, root } from '../measure/places.ts';
import type { Budget } from '../measure/row.ts';
import { interleave } from '../measure/stats.ts';

const ROUNDS = 7;
const PATIENCE = 30_000;

/** Milliseconds from the start of the process to a window that can be used, with settings that are new each time. */
async function start(args: readonly string[], selector: string, env: NodeJS.ProcessEnv): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
  const ready = join(folder, 'ready');
  const began = Date.now();
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...env,
      XDG_CONFIG_HOME: folder,
      NODE_OPTIONS: `--require ${join(root, 'bench/anchors/tell-ready.cjs')}`,
      BENCH_SELECTOR: selector,
      BENCH_READY: ready,
    },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  // The program ends itself once it is ready.
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const [status] = (await once(child, 'exit')) as [number | null];
  clearTimeout(late);
  const at = existsSync(ready) ? Number(readFileSync(ready, 'utf8')) : Number.NaN;
  rmSync(folder, { recursive: true, force: true });
  if (Number.isNaN(at)) throw new Error(`no window became usable (status ${status}):\n${said}`);
  return at - began;
}

export const windowStart: Budget = {
  name: 'start',
  what: '`hawser windbg` to a dormant page that can be used, against an empty window',
  async run() {
    const electron = process.env.HAWSER_ELECTRON ?? '';
    const { env } = process;
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const empty = [join(root, 'bench/empty-window/start.mjs'), electron, ...sandbox];
    const { ours, anchor, ratio } = await interleave(
      ROUNDS,
      1,
      () => start([hawser, 'windbg'], 'button.primary', env),
      () => start(empty, '#ready', env),
    );
    return [
      {
        name: 'start',
        what: '`hawser windbg` to a usable window',
        ours: `${ours.toFixed(0)} ms`,
        anchor: `${anchor.toFixed(0)} ms`,
        ratio,
        goal: '<= 1.5',
        met: ratio <= 1.5,
      },
    ];
  },
};
