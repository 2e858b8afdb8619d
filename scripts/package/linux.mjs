import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { capture, lastLines } from '../lib/exec.mjs';
import { inRoot } from '../lib/paths.mjs';
import { SetupError } from '../lib/steps.mjs';
import { needs } from '../setup/needs.mjs';

/** @param {string} what @param {string} program @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
async function run(what, program, args, env = process.env) {
  const { code, output } = await capture(program, args, { env });
  if (code !== 0)
    throw new SetupError(`package: ${what} failed with status ${code}:\n${lastLines(output, 10)}`);
}

/**
 * @param {string} folder @param {string} output @param {boolean} quick larger, made in a fraction of the time
 */
export async function makeArchive(folder, output, quick) {
  const compress = quick ? 'gzip -1' : 'xz -T0';
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name'];
  const words = [
    `--use-compress-program=${compress}`,
    '-cf',
    output,
    '-C',
    dirname(folder),
    basename(folder),
  ];
  await run('tar', 'tar', [...owner, ...words]);
}

/** @param {string} folder @returns {number} */
function kilobytesIn(folder) {
  let sum = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) sum += Math.ceil(statSync(join(entry.parentPath, entry.name)).size / 1024);
  return sum;
}

const architectures = { x64: 'amd64', arm64: 'arm64' };

/** @param {{ version: string, arch: 'x64' | 'arm64', size: number }} facts */
const control = ({ version, arch, size }) => `Package: hawser
Version: ${version}
Architecture: ${architectures[arch]}
Maintainer: The Hawser project <hawser@localhost>
Installed-Size: ${size}
Depends: libc6 (>= 2.28), libstdc++6, util-linux, ${needs.gui.map(({ packages }) => packages.join(' | ')).join(', ')}
Recommends: gdb, gdbserver
Suggests: gdb-multiarch
Section: devel
Priority: optional
Description: remote debugger in WinDbg's manner, over GDB
 Debugging sessions that many people share, over TCP, pipes, serial lines
 and TLS; process servers and kernels; WinDbg's command language. A program
 with windows and a console tool, hawser.
`;

/** The first lines of what Debian wants to know of a package's rights; the rest stands beside it. */
const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Hawser

Files: *
Copyright: the authors of Hawser and of the parts listed in /opt/hawser/LICENSES.txt
License: MIT
 See /opt/hawser/LICENSE.txt; the licences of all parts stand in
 /opt/hawser/LICENSES.txt and /opt/hawser/LICENSES.chromium.html.
`;

/**
 * @param {string} folder the assembled program
 * @param {{ version: string, arch: 'x64' | 'arm64', work: string, output: string, quick: boolean }} wanted
 */
export async function makeDeb(folder, { version, arch, work, output, quick }) {
  const root = join(work, 'deb');
  rmSync(root, { recursive: true, force: true });
  /** @param {string} path @param {string} text */
  const put = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(root, path), text, { mode: 0o644 });
  };
  cpSync(folder, join(root, 'opt/hawser'), { recursive: true, verbatimSymlinks: true });
  // Where the kernel gives no user namespaces to everybody, as on Ubuntu, the sandbox is made by this one.
  chmodSync(join(root, 'opt/hawser/chrome-sandbox'), 0o4755);
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  symlinkSync('../../opt/hawser/resources/hawser', join(root, 'usr/bin/hawser'));
  for (const [from, to] of /** @type {const} */ ([
    ['hawser.desktop', 'usr/share/applications/hawser.desktop'],
    ['hawser.svg', 'usr/share/icons/hicolor/scalable/apps/hawser.svg'],
  ])) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    cpSync(inRoot('scripts/package/linux', from), join(root, to));
  }
  put('usr/share/doc/hawser/copyright', copyright);
  put('DEBIAN/control', control({ version, arch, size: kilobytesIn(root) }));
  chmodSync(root, 0o755);
  const words = ['--root-owner-group', ...(quick ? ['-Zgzip', '-z1'] : ['-Zxz'])];
  await run('dpkg-deb', 'dpkg-deb', [...words, '--build', root, output]);
  rmSync(root, { recursive: true, force: true });
}
