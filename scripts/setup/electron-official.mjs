import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inRoot } from '../lib/paths.mjs';
import { electronCache, officialFolder, wantedVersion } from './electron-places.mjs';

const silenceAllowed = 20_000;
const failureRemembered = 6 * 60 * 60_000;
const failureFile = join(electronCache, 'official-download-failed.json');

/** What another try would have to differ in to be worth its time at once. */
const source = () =>
  [wantedVersion(), process.env.ELECTRON_MIRROR ?? '', process.env.HTTPS_PROXY ?? ''].join(' ');

/** Whether the official download has failed within the last hours: nobody waits for it at every start. */
export function failedLately() {
  try {
    const { when, from } = JSON.parse(readFileSync(failureFile, 'utf8'));
    return from === source() && Date.now() - when < failureRemembered;
  } catch {
    return false;
  }
}

/** @param {string} folder @returns {number} */
function bytesIn(folder) {
  let sum = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    sum += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return sum;
}

/**
 * Runs the electron package's own installer; ends it when nothing arrives any more, which it would never do itself.
 * @param {string} temporary where its download grows
 * @returns {Promise<string | undefined>} why it failed
 */
function runInstaller(temporary) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, TMPDIR: temporary, ELECTRON_GET_NO_PROGRESS: '1' };
  if (process.env.HTTPS_PROXY || process.env.https_proxy) env.ELECTRON_GET_USE_PROXY = '1';
  const child = spawn(process.execPath, [inRoot('node_modules/electron/install.js')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  let bytes = 0;
  let grewAt = Date.now();
  let stuck = false;
  const watch = setInterval(() => {
    const now = bytesIn(temporary) + (existsSync(inRoot('node_modules/electron/dist')) ? 1 : 0);
    if (now !== bytes) {
      bytes = now;
      grewAt = Date.now();
    } else if (Date.now() - grewAt > silenceAllowed && !existsSync(inRoot('node_modules/electron/dist'))) {
      stuck = true;
      child.kill('SIGKILL');
    }
  }, 500);
  return new Promise((done) => {
    child.on('error', (error) => done(error.message));
    child.on('close', (code) => {
      clearInterval(watch);
      if (stuck) done(`nothing came for ${silenceAllowed / 1000} seconds`);
      else done(code === 0 ? undefined : (errors.split('\n')[0] ?? `status ${code}`));
    });
  });
}

/** Into the user's cache: rename where it can, else a copy beside the goal that is then renamed. */
function moveToCache() {
  const from = inRoot('node_modules/electron/dist');
  const goal = officialFolder(wantedVersion() ?? '');
  const beside = `${goal}.new-${process.pid}`;
  mkdirSync(dirname(goal), { recursive: true });
  try {
    renameSync(from, beside);
  } catch {
    cpSync(from, beside, { recursive: true, verbatimSymlinks: true });
    rmSync(from, { recursive: true, force: true });
  }
  rmSync(goal, { recursive: true, force: true });
  renameSync(beside, goal);
}

/** @returns {Promise<string | undefined>} why it failed */
export async function downloadOfficial() {
  const temporary = mkdtempSync(join(tmpdir(), 'hawser-electron-'));
  try {
    const failure = await runInstaller(temporary);
    if (failure === undefined) {
      moveToCache();
      rmSync(failureFile, { force: true });
      return undefined;
    }
    mkdirSync(electronCache, { recursive: true });
    writeFileSync(failureFile, JSON.stringify({ when: Date.now(), from: source(), why: failure }));
    return failure;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
