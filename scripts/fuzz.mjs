// npm run fuzz [-- [NAME…] [--runs N] [--seed N] [--list]]: a million inputs for everything that reads what others wrote.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot, root } from './lib/paths.mjs';
import { runMain, SetupError } from './lib/steps.mjs';

/** What types lines to real debuggers counts them in its own way, and takes hours. */
const LINES = { name: 'command-lines', file: 'engine/commands/fuzz.test.ts' };

/** @returns {{ name: string, file: string }[]} */
function targets() {
  const files = ['transports', 'engine', 'hub', 'electron'].flatMap((folder) =>
    readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.fuzz.test.ts'))
      .map((path) => join(folder, path)),
  );
  const named = files.flatMap((file) =>
    [...readFileSync(inRoot(file), 'utf8').matchAll(/^fuzz(?:Async)?\(\s*'([\w-]+)'/gm)].map(
      ([, name = '']) => ({ name, file }),
    ),
  );
  return [...named.sort((a, b) => a.name.localeCompare(b.name)), LINES];
}

/** @param {{ name: string, file: string }} target @param {NodeJS.ProcessEnv} env @returns {Promise<boolean>} */
function run({ name, file }, env) {
  const only = name === LINES.name ? [] : ['-t', `^fuzz ${name} any input$`];
  const words = [inRoot('node_modules/vitest/vitest.mjs'), 'run', file, ...only, '--reporter=dot'];
  const child = spawn(process.execPath, words, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  return new Promise((done) =>
    child.on('close', (code) => {
      if (code !== 0) console.log(said);
      done(code === 0);
    }),
  );
}

/** @param {string} report @param {string} name */
function line(report, name) {
  const last = readFileSync(report, 'utf8').trim().split('\n').at(-1) ?? '';
  const { inputs, seconds, slowestMs, grownBytes } = JSON.parse(last);
  const cells = [
    name.padEnd(20),
    String(inputs).padStart(9),
    `${seconds.toFixed(0)} s`.padStart(8),
    `${Math.round(inputs / seconds)}/s`.padStart(10),
    `${slowestMs.toFixed(1)} ms`.padStart(11),
    `${(grownBytes / 1e6).toFixed(1)} MB`.padStart(9),
  ];
  return cells.join(' ');
}

await runMain(async () => {
  const text = /** @type {const} */ ({ type: 'string' });
  const options = { runs: text, seed: text, list: /** @type {const} */ ({ type: 'boolean' }) };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const all = targets();
  if (values.list) {
    console.log(all.map(({ name, file }) => `${name.padEnd(20)} ${file}`).join('\n'));
    return 0;
  }
  const unknown = positionals.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new SetupError(`fuzz: there is no ${unknown}; --list shows what there is.`);
  const named = positionals.flatMap((name) => all.find((one) => one.name === name) ?? []);
  const wanted = positionals.length === 0 ? all : named;
  const folder = mkdtempSync(join(tmpdir(), 'hawser-fuzz-'));
  let bad = 0;
  try {
    console.log('what                    inputs     time       rate    slowest     grown');
    for (const target of wanted) {
      const report = join(folder, target.name);
      const env = {
        ...process.env,
        HAWSER_FULL: '1',
        HAWSER_DIRECTORY_PORT: 'off',
        HAWSER_FUZZ_RUNS: values.runs ?? '1000000',
        HAWSER_FUZZ_REPORT: report,
        ...(values.seed !== undefined && { HAWSER_FUZZ_SEED: values.seed }),
      };
      const ok = await run(target, env);
      if (!ok) bad++;
      if (target.name === LINES.name) console.log(`${target.name.padEnd(20)} ${ok ? 'ok' : 'FAILED'}`);
      else console.log(ok ? line(report, target.name) : `${target.name.padEnd(20)} FAILED`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return bad === 0 ? 0 : 1;
});
