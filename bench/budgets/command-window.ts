import { join } from 'node:path';
import { startElectron } from '../measure/electron.ts';
import { hawser, root } from '../measure/places.ts';
import { lines } from '../measure/programs.ts';
import type { Budget, Row } from '../measure/row.ts';
import { median } from '../measure/stats.ts';

const LINES = 1_000_000;
const ROUNDS = 3;

interface Flood {
  /** Milliseconds. */
  readonly took: number;
  /** Longest time between two frames, milliseconds. */
  readonly longest: number;
  /** Of the page's process, in the end. */
  readonly memoryMiB: number;
}

async function flood(args: readonly string[], text: string): Promise<Flood> {
  const { answer } = await startElectron(args, 'tell-flood.cjs', {
    BENCH_TEXT: text,
    BENCH_LINES: String(LINES),
  });
  return JSON.parse(answer) as Flood;
}

function rows(ours: readonly Flood[], anchor: readonly Flood[]): Row[] {
  const of = (floods: readonly Flood[], what: keyof Flood) => median(floods.map((each) => each[what]));
  const name = 'command-window';
  const faster = of(anchor, 'took') / of(ours, 'took');
  const memory = of(ours, 'memoryMiB') / of(anchor, 'memoryMiB');
  const seconds = (floods: readonly Flood[]) => `${(of(floods, 'took') / 1000).toFixed(1)} s`;
  const mib = (floods: readonly Flood[]) => `${of(floods, 'memoryMiB').toFixed(0)} MiB`;
  const frame = (floods: readonly Flood[]) => `${of(floods, 'longest').toFixed(0)} ms`;
  return [
    {
      name,
      what: 'a million lines of a debuggee (times as fast)',
      ours: seconds(ours),
      anchor: seconds(anchor),
      ratio: faster,
      goal: '>= 3',
      met: faster >= 3,
    },
    {
      name,
      what: "memory of the page's process after them",
      ours: mib(ours),
      anchor: mib(anchor),
      ratio: memory,
      goal: '<= 0.25',
      met: memory <= 0.25,
    },
    {
      name,
      what: 'longest frame meanwhile',
      ours: frame(ours),
      anchor: frame(anchor),
      ratio: of(ours, 'longest') / of(anchor, 'longest'),
      goal: '<= 50 ms',
      met: of(ours, 'longest') <= 50,
    },
  ];
}

export const commandWindow: Budget = {
  name: 'command-window',
  what: 'a million lines into the Command window, against xterm.js with all of them in its scrollback',
  async run(say) {
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const main = join(root, 'bench/xterm-window/main.cjs');
    const xterm = [
      join(root, 'bench/anchors/electron.mjs'),
      process.env.HAWSER_ELECTRON ?? '',
      ...sandbox,
      main,
    ];
    const ours: Flood[] = [];
    const anchor: Flood[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await flood([hawser, 'windbg', '-g', lines(), String(LINES)], 'document.body.textContent'));
      anchor.push(await flood(xterm, 'document.body?.dataset.text'));
      say(`${JSON.stringify(ours.at(-1))} against ${JSON.stringify(anchor.at(-1))}`);
    }
    return rows(ours, anchor);
  },
};
