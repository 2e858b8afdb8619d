import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, lastLines } from '../lib/exec.mjs';
import { inRoot } from '../lib/paths.mjs';

/**
 * The terminal library of another machine is not installed here: it comes through npm, and its hash is the one in our lock file.
 * @param {string} target @param {string} folder
 * @returns {Promise<string>} the file
 */
async function fetchTerminal(target, folder) {
  const name = `@lydell/node-pty-${target}`;
  const lock = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (!version || !integrity) throw new Error(`package-lock.json has no ${name}`);
  const words = ['pack', `${name}@${version}`, '--ignore-scripts', '--loglevel=error'];
  const packed = await capture('npm', [...words, '--pack-destination', folder], { cwd: folder });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (packed.code !== 0 || !archive) throw new Error(lastLines(packed.output, 1));
  const [algorithm = '', wanted] = integrity.split('-', 2);
  const found = createHash(algorithm)
    .update(readFileSync(join(folder, archive)))
    .digest('base64');
  if (found !== wanted) throw new Error(`${name} is not the one of package-lock.json`);
  const { code, output } = await capture('tar', ['-xzf', archive], { cwd: folder });
  if (code !== 0) throw new Error(lastLines(output, 1));
  return join(folder, 'package/pty.node');
}

/**
 * What is machine code, for one kind of machine: a terminal for the program that is debugged, serial ports, and the store of a hub.
 * @param {string} target
 * @param {string} output the folder `native`
 * @returns {Promise<string | undefined>} what should be known about it
 */
export async function copyNativeParts(target, output) {
  const goal = join(output, target);
  mkdirSync(goal, { recursive: true });
  const prebuilt = inRoot('node_modules/@serialport/bindings-cpp/prebuilds', target);
  const ports = readdirSync(prebuilt).find((name) => name.endsWith('.glibc.node'));
  if (ports) copyFileSync(join(prebuilt, ports), join(goal, 'serialport.node'));
  const stores = inRoot('node_modules/classic-level/prebuilds', target);
  const store = readdirSync(stores).find((name) => /^classic-level(\.armv8)?\.node$/.test(name));
  if (store) copyFileSync(join(stores, store), join(goal, 'leveldb.node'));
  const installed = inRoot(`node_modules/@lydell/node-pty-${target}/pty.node`);
  const temporary = mkdtempSync(join(tmpdir(), 'hawser-native-'));
  try {
    const terminal = existsSync(installed) ? installed : await fetchTerminal(target, temporary);
    copyFileSync(terminal, join(goal, 'pty.node'));
    const missing = [...(ports ? [] : ['serialport.node']), ...(store ? [] : ['leveldb.node'])];
    return missing.length === 0
      ? undefined
      : `native/${target}/${missing.join(' and ')} is not there: the package has none`;
  } catch (error) {
    return `native/${target}/pty.node is not there: ${error instanceof Error ? error.message : error}`;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
