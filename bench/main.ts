import { writeFileSync } from 'node:fs';
import { breakIn } from './budgets/break-in.ts';
import { com } from './budgets/com.ts';
import { commandWindow } from './budgets/command-window.ts';
import { hub } from './budgets/hub.ts';
import { hubNats } from './budgets/hub-nats.ts';
import { latency } from './budgets/latency.ts';
import { output } from './budgets/output.ts';
import { roundTrip } from './budgets/round-trip.ts';
import { ssl } from './budgets/ssl.ts';
import { windowStart } from './budgets/start.ts';
import { recording, stepping } from './budgets/stepping.ts';
import { stubAttach } from './budgets/stub-attach.ts';
import { stubMemory } from './budgets/stub-memory.ts';
import { windows } from './budgets/windows.ts';
import { type Curve, curveTable, exponent, type Growth } from './growth/curve.ts';
import { growths } from './growth/curves.ts';
import { machine, machineLine } from './measure/machine.ts';
import type { Budget, Row, Unmeasured } from './measure/row.ts';
import { table } from './measure/table.ts';

export { serveFrames } from './measure/frames-writer.ts';
export { main as soak } from './soak.ts';

const budgets: readonly Budget[] = [
  roundTrip,
  breakIn,
  stepping,
  recording,
  stubMemory,
  stubAttach,
  latency,
  output,
  ssl,
  windowStart,
  commandWindow,
  windows,
  com,
  hub,
  hubNats,
];

const notYet: readonly Unmeasured[] = [
  [
    'drawing',
    'the frames of windows while one steps',
    'what they ask for is measured (windows), drawing is not',
  ],
  ['many', '10,000 locals, 1,000 threads, 50,000 symbols in completion', 'no benchmark is written yet'],
].map(([name = '', what = '', why = '']) => ({ name, what, why }));

interface Options {
  readonly names: readonly string[];
  /** A file, or `-` for standard output in place of the tables. */
  readonly json: string | null;
}

const all: readonly (Budget | Growth)[] = [...budgets, ...growths];

function options(argv: readonly string[]): Options {
  const names: string[] = [];
  let json: string | null = null;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--json') {
      const next = argv[at + 1];
      const isFile = next !== undefined && !all.some(({ name }) => name === next);
      json = isFile ? next : '-';
      if (isFile) at++;
    } else if (all.some(({ name }) => name === word)) names.push(word);
    else throw new Error(`there is no benchmark "${word}"; there are ${all.map((b) => b.name).join(', ')}`);
  }
  return { names, json };
}

const say = (line: string) => process.stderr.write(`    ${line}\n`);

/** Runs one, and says how long it took; what it throws becomes a line of the table. */
async function measured<T>(
  each: Budget | Growth,
  work: () => Promise<T>,
  failed: Unmeasured[],
): Promise<T | null> {
  process.stderr.write(`  ${each.name}: ${each.what}\n`);
  const began = performance.now();
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    failed.push({ name: each.name, what: each.what, why: `failed: ${why.split('\n')[0]}` });
    say(error instanceof Error ? (error.stack ?? why) : why);
    return null;
  } finally {
    say(`${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
}

/** @returns the exit status: 1 when a budget could not be measured; one that misses its goal is no failure */
export async function main(argv: readonly string[]): Promise<number> {
  const { names, json } = options(argv);
  const isWanted = ({ name }: Budget | Growth) => names.length === 0 || names.includes(name);
  const rows: Row[] = [];
  const curves: Curve[] = [];
  const failed: Unmeasured[] = [];
  for (const budget of budgets.filter(isWanted))
    rows.push(...((await measured(budget, () => budget.run(say), failed)) ?? []));
  for (const growth of growths.filter(isWanted)) {
    const points = await measured(growth, () => growth.run(say), failed);
    if (points) curves.push({ name: growth.name, what: growth.what, points, exponent: exponent(points) });
  }
  const unmeasured = [...failed, ...(names.length > 0 ? [] : notYet)];
  const host = machine(process.env.HAWSER_ELECTRON ?? '');
  const whole = `${JSON.stringify({ machine: host, rows, unmeasured, curves }, null, 2)}\n`;
  if (json === '-') process.stdout.write(whole);
  else {
    const tables = [
      ...(rows.length + unmeasured.length > 0 ? [table(rows, unmeasured)] : []),
      ...(curves.length > 0 ? [curveTable(curves)] : []),
    ];
    process.stdout.write(`\n${[machineLine(host), ...tables].join('\n\n')}\n`);
    if (json !== null) writeFileSync(json, whole);
  }
  return failed.length > 0 ? 1 : 0;
}
