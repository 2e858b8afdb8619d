import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { onInterrupt } from '../lib/children.mjs';
import { startDisplay } from '../lib/display.mjs';
import { inRoot, workDir } from '../lib/paths.mjs';
import { sandboxArgs } from '../lib/sandbox.mjs';
import { startServer } from '../lib/server.mjs';
import { samplePath } from '../setup/sample.mjs';
import { breakIn, connect, run, transcript } from './gui-person.mjs';

const screenshot = join(workDir, 'start/hawser.png');

/**
 * @param {string} electron
 * @param {NodeJS.ProcessEnv} display
 * @param {string} profile
 */
const openHawser = (electron, display, profile) =>
  _electron.launch({
    executablePath: electron,
    args: [...sandboxArgs(electron), `--user-data-dir=${profile}`, inRoot('.')],
    env: /** @type {Record<string, string>} */ ({ ...process.env, ...display }),
  });

/**
 * What a person would do with the sample, on a virtual display.
 * @param {string} electron
 * @returns {Promise<number>} the exit status
 */
export async function headlessTour(electron) {
  /** @type {(() => Promise<unknown>)[]} what to end, the last started first */
  const open = [];
  const clean = async () => {
    for (let close = open.pop(); close; close = open.pop()) await close();
  };
  onInterrupt(clean);
  try {
    const profile = mkdtempSync(join(tmpdir(), 'hawser-tour-'));
    open.push(async () => rmSync(profile, { recursive: true, force: true }));
    const display = await startDisplay();
    open.push(display.stop);
    const server = await startServer(samplePath);
    open.push(server.stop);
    console.log(`\nA debugging server runs ${samplePath}: ${server.connection}`);

    const app = await openHawser(electron, display.env, profile);
    open.push(() => app.close());
    const window = await app.firstWindow();
    await connect(app, window, server.connection, server.password);
    await breakIn(app, window);
    for (const command of ['k', 'r', 'lm']) await run(window, command);

    mkdirSync(join(workDir, 'start'), { recursive: true });
    await window.screenshot({ path: screenshot });
    console.log(`\nThe Command window:\n\n${await transcript(window)}\n`);
    console.log(`Screenshot: ${screenshot}`);
    return 0;
  } finally {
    await clean();
  }
}
