import { join } from 'node:path';
import { startElectron } from '../measure/electron.ts';
import { hawser, root } from '../measure/places.ts';
import type { Budget } from '../measure/row.ts';
import { interleave } from '../measure/stats.ts';

const ROUNDS = 7;

/** Milliseconds from the start of the process to a window that can be used. */
async function start(args: readonly string[], selector: string): Promise<number> {
  const { answer, began } = await startElectron(args, 'tell-ready.cjs', { BENCH_SELECTOR: selector });
  return Number(answer) - began;
}

export const windowStart: Budget = {
  name: 'start',
  what: '`hawser windbg` to a dormant page that can be used, against an empty window',
  async run() {
    const electron = process.env.HAWSER_ELECTRON ?? '';
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const main = join(root, 'bench/empty-window/main.cjs');
    const empty = [join(root, 'bench/anchors/electron.mjs'), electron, ...sandbox, main];
    const { ours, anchor, ratio } = await interleave(
      ROUNDS,
      1,
      () => start([hawser, 'windbg'], 'button.primary'),
      () => start(empty, '#ready'),
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
