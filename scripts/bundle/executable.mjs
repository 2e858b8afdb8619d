import { chmodSync, copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { capture, lastLines, which } from '../lib/exec.mjs';
import { inRoot } from '../lib/paths.mjs';
import { SetupError } from '../lib/steps.mjs';
import { checkNode, fuse, host } from './node-binary.mjs';

/** Of each architecture the programs that take the symbols out, the first that is there. */
const strips = {
  'linux-x64': ['strip', 'x86_64-linux-gnu-strip', 'llvm-strip'],
  'linux-arm64': ['aarch64-linux-gnu-strip', 'llvm-strip', 'strip'],
};

/**
 * Before anything is put in: afterwards it would be lost.
 * @param {string} program @param {string} target
 */
async function strip(program, target) {
  for (const name of strips[/** @type {keyof typeof strips} */ (target)]) {
    if (which(name) && (await capture(name, [program])).code === 0) return true;
  }
  return false;
}

/** @param {string} what @param {string} program @param {string[]} args */
async function run(what, program, args) {
  const { code, output } = await capture(program, args);
  if (code !== 0)
    throw new SetupError(`bundle: ${what} failed with status ${code}:\n${lastLines(output, 15)}`);
}

/** Node can do it all by itself since 25.5. */
const buildsItself = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 25 || (major === 25 && minor >= 5);
};

/**
 * Node with our program in it, by Node's own single-executable build.
 * @param {{ script: string, node: string, target: string, output: string }} wanted
 * @returns {Promise<string | undefined>} what should be known about it
 */
export async function makeExecutable({ script, node, target, output }) {
  checkNode(node, target);
  const folder = mkdtempSync(join(dirname(output), '.executable-'));
  try {
    const program = join(folder, 'node');
    const result = join(folder, 'hawser');
    copyFileSync(node, program);
    chmodSync(program, 0o755);
    const stripped = await strip(program, target);
    const config = join(folder, 'sea.json');
    const blob = join(folder, 'sea.blob');
    const whole = buildsItself();
    writeFileSync(
      config,
      JSON.stringify({
        main: script,
        output: whole ? result : blob,
        ...(whole && { executable: program }),
        disableExperimentalSEAWarning: true,
        // The cache is machine code.
        useCodeCache: target === host,
      }),
    );
    // With the cache, by the very Node that is to read it.
    const maker = target === host ? node : process.execPath;
    await run('the single-executable build', maker, [
      whole ? '--build-sea' : '--experimental-sea-config',
      config,
    ]);
    if (!whole) {
      const postject = inRoot('node_modules/postject/dist/cli.js');
      const words = [program, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse];
      await run('the injection', process.execPath, [postject, ...words]);
      renameSync(program, result);
    }
    chmodSync(result, 0o755);
    renameSync(result, output);
    return stripped ? undefined : `not stripped: no strip for ${target} is installed`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
