import { type Front, localFront } from '../measure/fronts.ts';
import { long } from '../measure/programs.ts';
import type { Budget, Row } from '../measure/row.ts';

/** How long a command works before it is broken into. */
const WORKS_MS = 900;
/** A command that shows nothing for so long leaves people in doubt. */
const SILENT_MS = 600;
const GOAL_MS = 200;

interface Case {
  /** The line that takes long. */
  readonly line: string;
  /** What leads to where it does. */
  readonly before?: string;
  /** The target runs freely, which fronts show: there is nothing else to be said. */
  readonly free?: true;
}

/** At the first instruction of a function that goes on for ever: one that calls another, one that does not. */
const WORK = 'r edi = 0fffffff0; r rip = long!work';
const QUIET = 'r edi = 0fffffff0; r rip = long!quiet';

const CASES: readonly Case[] = [
  { line: 'g', free: true },
  { line: 'bp long!mix "gc"; g', free: true },
  { line: 'bp /w "value == 0x7fffffff && total == 1" long!mix; g', free: true },
  { line: 'gu', before: WORK, free: true },
  { line: 't 0n1000000' },
  { line: 'p 0n1000000' },
  { line: 'pc 0n1000000' },
  { line: 'pt', before: QUIET },
  { line: 'tt', before: QUIET },
  { line: 'tc', before: QUIET },
  { line: 'tct 0n1000000' },
  { line: 'ph 0n1000000' },
  { line: 'tb 0n1000000' },
  { line: 'pa long!never' },
  { line: 'ta long!never' },
  { line: 'l+t; t 0n1000000' },
  { line: '.step_filter "long!mix"; t 0n1000000' },
  { line: 'wt', before: WORK },
  { line: 'wt', before: QUIET },
  { line: 'x *!*' },
  { line: 'x /t *!*' },
  { line: 'dt *!*' },
  { line: 'bm /d *!*q*' },
  { line: 'dd long!block L?1000000' },
  { line: 'dps long!block L?800000' },
  { line: 's -d long!block L?1000000 12345678' },
  { line: 's -a long!block L?4000000 "no such text"' },
  { line: 'c long!block L?4000000 long!block+1' },
  { line: 'f long!block L?4000000 1 2 3' },
  { line: 'u long!main L100000' },
  { line: 'ln long!mix; .for (r $t0 = 0; @$t0 < 0n100000; r $t0 = @$t0 + 1) { ln long!mix + @$t0 }' },
  { line: '.for (r $t0 = 0; 1; r $t0 = @$t0 + 1) { }' },
  { line: '.while (1) { r $t0 = poi(long!block) }' },
  { line: '.do { .printf "x" } (1)' },
  { line: '.foreach /s (w "a b c d e f g h") { .while (1) { } }' },
  { line: '.foreach (w { x *!* }) { .echo w }' },
  { line: 'r $t0 = 0; z (1)' },
  { line: '.sleep 0n100000' },
  { line: '.shell -ci "lm" sleep 100' },
  { line: 'k 0n100000', before: 'g long!deepest' },
  { line: 'kp 0n100000', before: 'g long!deepest' },
  { line: '.frame 0n90000', before: 'g long!deepest' },
  { line: 'gu', before: 'g long!deepest; .frame 0n500', free: true },
  { line: 'dt -r9 long!tree root' },
  { line: '.dump /o /ma /tmp/hawser-bench.core' },
  { line: '!address' },
];

interface Measured {
  readonly line: string;
  /** From the break-in to the prompt; null: it was over before. */
  readonly yielded: number | null;
  /** The longest time without anything shown. */
  readonly silent: number;
}

async function measure({ line, before, free }: Case): Promise<Measured> {
  const front = await localFront(long());
  try {
    await front.run('pr; g long!steady');
    if (before) await front.run(before);
    const measured = await breakInto(front, line);
    return { line, ...measured, ...(free && { silent: 0 }) };
  } finally {
    await front.end();
  }
}

async function breakInto(front: Front, line: string): Promise<Omit<Measured, 'line'>> {
  const begun = performance.now();
  let shown = begun;
  let silent = 0;
  const look = setInterval(() => {
    if (front.length() > 0) {
      front.forget();
      shown = performance.now();
    }
    silent = Math.max(silent, performance.now() - shown);
  }, 10);
  let over: number | null = null;
  let failure: unknown = null;
  const running = front
    .run(line)
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => {
      over = performance.now();
    });
  while (over === null && performance.now() - begun < WORKS_MS) await pause();
  clearInterval(look);
  const early = over !== null;
  if (early && failure !== null) throw failure;
  const asked = performance.now();
  if (!early) await front.client.request('session/breakIn', {});
  await running;
  const yielded = early ? null : (over ?? 0) - asked;
  // It is usable: a command that reads registers and memory works.
  await front.run('r @rip; db @rsp L1');
  if (!/[0-9a-f]{4}/.test(front.text())) throw new Error(`after ${line}: ${front.text()}`);
  return { yielded, silent };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

export const breakIn: Budget = {
  name: 'break-in',
  what: 'long commands: until a break-in has ended them, and how long they are silent',
  run: async (say) => {
    const all: Measured[] = [];
    for (const each of CASES) {
      const measured = await measure(each);
      const { line, yielded, silent } = measured;
      const ended = yielded === null ? 'over by itself' : `${yielded.toFixed(0)} ms after the break-in`;
      say(`${line}: ${ended}; silent for ${silent.toFixed(0)} ms at most`);
      all.push(measured);
    }
    const slowest = all.reduce((a, b) => ((b.yielded ?? 0) > (a.yielded ?? 0) ? b : a));
    const quietest = all.reduce((a, b) => (b.silent > a.silent ? b : a));
    return [
      row(`the slowest to yield of ${all.length}: ${slowest.line}`, slowest.yielded ?? 0, GOAL_MS),
      row(`the longest silent: ${quietest.line}`, quietest.silent, SILENT_MS),
    ];
  },
};

function row(what: string, milliseconds: number, goal: number): Row {
  return {
    name: 'break-in',
    what,
    ours: `${milliseconds.toFixed(0)} ms`,
    anchor: `${goal} ms`,
    ratio: milliseconds / goal,
    goal: '<= 1',
    met: milliseconds <= goal,
  };
}
