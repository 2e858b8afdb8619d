import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { which } from '../lib/exec.mjs';

/**
 * Something of the system that Hawser uses: judged by itself, never by a package database, so that it counts however it came.
 * @typedef {object} Need
 * @property {string} what      for the message where there is no apt
 * @property {string[]} packages Debian and Ubuntu packages that bring it; the first that apt knows is taken
 * @property {() => boolean} present
 * @property {boolean} [nice]   installed along with the rest, but nobody is stopped for want of it
 */

/** @param {string} name @param {string} [from] @returns {Need} */
const program = (name, from = name) => ({
  what: name,
  packages: [from],
  present: () => which(name) !== undefined,
});

/** @type {Set<string> | undefined} */
let libraries;

/** What the dynamic linker can find. */
function knownLibraries() {
  if (libraries) return libraries;
  const listed = spawnSync(which('ldconfig') ?? 'ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  libraries = new Set(listed.split('\n').map((line) => line.trim().split(' ')[0] ?? ''));
  return libraries;
}

/** Forgets what was found: something has been installed. */
export function lookAgain() {
  libraries = undefined;
}

/** @param {string} soname @param {string[]} packages @returns {Need} */
const library = (soname, ...packages) => ({
  what: soname,
  packages,
  present: () =>
    knownLibraries().has(soname) ||
    (process.env.LD_LIBRARY_PATH ?? '').split(':').some((dir) => dir && existsSync(`${dir}/${soname}`)),
});

/** @param {string} path @param {string} packageName @returns {Need} */
const file = (path, packageName) => ({
  what: path,
  packages: [packageName],
  present: () => existsSync(path),
});

/** One with its modules. */
function hasKernel() {
  try {
    return readdirSync('/boot').some(
      (name) =>
        name.startsWith('vmlinuz-') && existsSync(`/lib/modules/${name.slice('vmlinuz-'.length)}/kernel`),
    );
  } catch {
    return false;
  }
}

/** It names no program that would load its libraries. */
function hasStaticBusybox() {
  const path = which('busybox');
  return path !== undefined && !readFileSync(path).subarray(0, 4096).includes('/ld-linux');
}

const compiler = [program('gcc'), file('/usr/include/stdio.h', 'libc6-dev')];
const display = [program('Xvfb', 'xvfb'), program('xauth')];

export const needs = {
  debugger: [program('gdb'), { ...program('gdbserver'), nice: true }],
  gateway: [program('gdbserver')],
  compiler,
  display,
  gui: [
    library('libgtk-3.so.0', 'libgtk-3-0t64', 'libgtk-3-0'),
    library('libnss3.so', 'libnss3'),
    library('libasound.so.2', 'libasound2t64', 'libasound2'),
    library('libgbm.so.1', 'libgbm1'),
    library('libXss.so.1', 'libxss1'),
    library('libatk-bridge-2.0.so.0', 'libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'),
    library('libdrm.so.2', 'libdrm2'),
  ],
  serial: [program('socat')],
  tests: [
    ...compiler,
    ...display,
    program('g++'),
    program('rustc'),
    program('xdotool'),
    // The stubs that there are, each as itself.
    program('gdbserver'),
    program('lldb-server', 'lldb'),
    program('valgrind'),
    program('qemu-system-x86_64', 'qemu-system-x86'),
    program('socat'),
    program('ip', 'iproute2'),
    program('nft', 'nftables'),
    program('nats-server'),
  ],
  /** What only npm run test:full uses. */
  long: [
    program('qemu-system-aarch64', 'qemu-system-arm'),
    program('aarch64-linux-gnu-gcc', 'gcc-aarch64-linux-gnu'),
    program('gdb-multiarch'),
    program('qemu-aarch64', 'qemu-user'),
    // A real Linux, to be booted in a virtual machine.
    { what: 'a kernel in /boot', packages: ['linux-image-amd64'], present: hasKernel },
    { what: 'a static busybox', packages: ['busybox-static'], present: hasStaticBusybox },
    program('cpio'),
  ],
};

/** @typedef {keyof typeof needs} NeedGroup */

/** @param {NeedGroup[]} groups @returns {Need[]} each missing thing once */
export function missing(groups) {
  const found = groups.flatMap((group) => needs[group]).filter((need) => !need.present());
  return found.filter((need, index) => found.findIndex((other) => other.what === need.what) === index);
}
