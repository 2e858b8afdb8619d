import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron } from 'playwright';
import { endChild, onInterrupt } from '../lib/children.mjs';
import { startDisplay } from '../lib/display.mjs';
import { inRoot, workDir } from '../lib/paths.mjs';
import { sandboxArgs } from '../lib/sandbox.mjs';
import { startServer } from '../lib/server.mjs';
import { samplePath } from '../setup/sample.mjs';
import { breakIn, connect, run } from './gui-person.mjs';

const screenshot = join(workDir, 'start/hawser.png');

/**
 * @param {string} electron
 * @param {NodeJS.ProcessEnv} display
 * @param {string} profile
 */
function openHawser(electron, display, profile) {
  // Not by executablePath: only where Playwright finds the program through the electron package does it hold
  // the program back until it listens, and a window that opens before that makes it wait for ever.
  process.env.ELECTRON_OVERRIDE_DIST_PATH = dirname(electron);
  const args = sandboxArgs(electron);
  return _electron.launch({
    args: [...args, `--user-data-dir=${profile}`, inRoot('.')],
    chromiumSandbox: args.length === 0,
    env: /** @type {Record<string, string>} */ ({ ...process.env, ...display }),
    timeout: 60_000,
  });
}

/**
 * How it looks in the end, whether all went well or not.
 * @param {import('playwright').Page} window
 */
async function picture(window) {
  try {
    mkdirSync(dirname(screenshot), { recursive: true });
    await window.screenshot({ path: screenshot, timeout: 10_000 });
    console.log(`Screenshot: ${screenshot}`);
  } catch (error) {
    console.error(`There is no screenshot: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {import('playwright').ElectronApplication} app */
async function closeHawser(app) {
  const program = app.process();
  await Promise.race([app.close(), sleep(8000)]);
  await endChild(program);
}

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
    open.push(async () => rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
    const display = await startDisplay();
    open.push(display.stop);
    const server = await startServer(samplePath);
    open.push(server.stop);
    console.log(`\nA debugging server runs ${samplePath}: ${server.connection}`);

    const app = await openHawser(electron, display.env, profile);
    open.push(() => closeHawser(app));
    const window = await app.firstWindow();
    open.push(() => picture(window));
    await connect(app, window, server.connection, server.password);
    const transcript = [await breakIn(app, window)];
    for (const command of ['k', 'r', 'lm']) transcript.push(await run(window, command));

    console.log(`\nThe Command window:\n\n${transcript.map((text) => text.trimEnd()).join('\n')}\n`);
    return 0;
  } finally {
    await clean();
  }
}
