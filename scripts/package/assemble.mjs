import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle } from '../bundle/bundle.mjs';
import { licences, packagesOf } from '../bundle/licences.mjs';
import { host, targets } from '../bundle/node-binary.mjs';
import { inRoot } from '../lib/paths.mjs';
import { SetupError } from '../lib/steps.mjs';
import { wantedVersion } from '../setup/electron-places.mjs';
import { stageApp } from './app.mjs';
import { setFuses } from './fuses.mjs';
import { platforms, productName, windowName } from './platforms.mjs';
import { sbom } from './sbom.mjs';
import { zipFolder } from './zip.mjs';

/**
 * @typedef {object} Wanted
 * @property {'linux' | 'win32' | 'darwin'} platform
 * @property {'x64' | 'arm64'} arch
 * @property {string} [electron] a folder that holds Electron, in the place of the official release
 * @property {string} [node]     as `npm run bundle` takes it
 * @property {string} work       a folder for what lies between
 * @property {string} output     where the finished folder goes
 */

/** @param {string} folder */
const versionIn = (folder) => readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');

/**
 * The console program and its native parts, where one can be made here.
 * @param {Wanted} wanted @param {(line: string) => void} say
 */
async function consoleProgram({ platform, arch, node, work }, say) {
  const target = `${platform}-${arch}`;
  if (target !== host && !targets.includes(target)) {
    say(`  no console program for ${target}: it is made on such a machine`);
    return null;
  }
  const output = join(work, 'console');
  const made = await bundle({ target, output, ...(node !== undefined && { node }) }, () => {});
  const executable = join(output, 'hawser');
  if (made.executable !== executable) renameSync(made.executable, executable);
  return { ...made, resources: [executable, join(output, 'native')] };
}

/** @param {unknown} error */
const why = (error) => (error instanceof Error ? error.message : String(error));

/**
 * Electron with our program in it, as a folder that runs.
 * @param {Wanted} wanted
 * @param {(line: string) => void} say
 * @returns {Promise<string>} the folder
 */
export async function assemble(wanted, say) {
  const { platform, arch, electron, work, output } = wanted;
  const { program, resources, options } = platforms[platform] ?? {};
  if (!program || !resources) throw new SetupError(`package: there is nothing for ${platform}.`);
  const version = electron ? versionIn(electron) : String(wantedVersion());
  const app = join(work, 'app');
  const modules = await stageApp(app);
  const console = await consoleProgram(wanted, say);
  const zips = join(work, 'electron');
  if (electron) {
    mkdirSync(zips, { recursive: true });
    zipFolder(electron, join(zips, `electron-v${version}-${platform}-${arch}.zip`));
  }
  const { packager } = await import('@electron/packager');
  const [made] = await packager({
    ...options,
    dir: app,
    out: join(work, 'made'),
    name: productName,
    executableName: windowName,
    platform,
    arch,
    electronVersion: version,
    ...(electron && { electronZipDir: zips }),
    tmpdir: false,
    asar: true,
    prune: false,
    overwrite: true,
    quiet: true,
    extraResource: console?.resources ?? [],
  }).catch((error) => {
    throw new SetupError(
      `package: Electron ${version} for ${platform}-${arch} was not had: ${why(error)}.\nSet ELECTRON_MIRROR to a mirror of its releases. For a trial that is not handed on, --electron FOLDER takes what is there.`,
    );
  });
  if (!made) throw new SetupError(`package: nothing was made for ${platform}-${arch}.`);
  await setFuses(join(made, program), platform);
  await addPapers(made, join(made, resources), modules, console, version);
  finish(made, platform, join(made, resources));
  chmodSync(made, 0o755);
  mkdirSync(dirname(output), { recursive: true });
  rmSync(output, { recursive: true, force: true });
  renameSync(made, output);
  return output;
}

/**
 * Licences and the bill of materials.
 * @param {string} folder @param {string} resources where the window looks for them
 * @param {string[]} modules @param {Awaited<ReturnType<typeof consoleProgram>>} console @param {string} electron
 */
async function addPapers(folder, resources, modules, console, electron) {
  const all = [...modules, ...(console?.modules ?? [])];
  const more = {
    title: `Electron ${electron}, with Chromium and Node.js`,
    text: 'MIT: LICENSE.electron.txt. Those of Chromium, of Node.js and of all that is in them: LICENSES.chromium.html.',
  };
  renameSync(join(folder, 'LICENSE'), join(folder, 'LICENSE.electron.txt'));
  copyFileSync(inRoot('LICENSE'), join(folder, 'LICENSE.txt'));
  const texts = licences(all, console?.node ?? null, [more]);
  for (const place of [folder, resources]) writeFileSync(join(place, 'LICENSES.txt'), texts);
  copyFileSync(inRoot('docs/packages.md'), join(folder, 'README.md'));
  const node = console ? process.versions.node : null;
  const bom = await sbom(packagesOf(all), { electron, node });
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`);
}

/**
 * @param {string} folder @param {string} platform @param {string} resources
 */
function finish(folder, platform, resources) {
  if (platform !== 'linux') return;
  const command = join(resources, 'hawser');
  if (existsSync(command)) {
    chmodSync(command, 0o755);
    symlinkSync('resources/hawser', join(folder, 'hawser'));
  }
  copyFileSync(inRoot('scripts/package/linux/hawser.svg'), join(folder, 'hawser.svg'));
}
