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
import { machine, machineLine } from './measure/machine.ts';
import type { Budget, Row, Unmeasured } from './measure/row.ts';
import { table } from './measure/table.ts';

export { serveFrames } from './measure/frames-writer.ts';

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
  com,
  hub,
  hubNats,
];

const notYet: readonly Unmeasured[] = [
  ['stepping-gui', 'stepping with four windows open', 'those windows are not there yet'],
].map(([name = '', what = '', why = '']) => ({ name, what, why }));

interface Options {
  readonly names: readonly string[];
  readonly json: string | null;
}

function options(argv: readonly string[]): Options {
  const names: string[] = [];
  let json: string | null = null;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--json') {
      json = argv[++at] ?? null;
      if (json === null) throw new Error('--json wants the name of a file');
    } else if (budgets.some(({ name }) => name === word)) names.push(word);
    else
      throw new Error(`there is no benchmark "${word}"; there are ${budgets.map((b) => b.name).join(', ')}`);
  }
  return { names, json };
}

async function measure(budget: Budget, rows: Row[], unmeasured: Unmeasured[]): Promise<void> {
  const say = (line: string) => process.stderr.write(`    ${line}\n`);
  process.stderr.write(`  ${budget.name}: ${budget.what}\n`);
  const began = performance.now();
  try {
    rows.push(...(await budget.run(say)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    unmeasured.push({ name: budget.name, what: budget.what, why: `failed: ${why.split('\n')[0]}` });
    say(error instanceof Error ? (error.stack ?? why) : why);
  }
  say(`${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** @returns the exit status: 1 when a budget could not be measured; one that misses its goal is no failure */
export async function main(argv: readonly string[]): Promise<number> {
  const { names, json } = options(argv);
  const wanted = names.length > 0 ? budgets.filter(({ name }) => names.includes(name)) : budgets;
  const rows: Row[] = [];
  const failed: Unmeasured[] = [];
  for (const budget of wanted) await measure(budget, rows, failed);
  const unmeasured = [...failed, ...(names.length > 0 ? [] : notYet)];
  const host = machine(process.env.HAWSER_ELECTRON ?? '');
  process.stdout.write(`\n${machineLine(host)}\n\n${table(rows, unmeasured)}\n`);
  if (json !== null) writeFileSync(json, `${JSON.stringify({ machine: host, rows, unmeasured }, null, 2)}\n`);
  return failed.length > 0 ? 1 : 0;
}
