import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, PROGRAMS } from '../../gdb/testing/programs.ts';
import { type KernelMachine, startMachine } from './qemu.ts';

/** A program of AArch64 that sleeps there as `/alone`, in two threads; static. */
export function aloneArm64(): string {
  const source = readFileSync(join(import.meta.dirname, 'sleeper.c'), 'utf8');
  const flags = ['-g', '-O1', '-Wl,--build-id', '-Wno-unused-result', '-static'];
  return compile('alone.c', source, flags, 'aarch64-linux-gnu-gcc').path;
}

const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
insmod /dummy.ko
printf '<5>first line\\nsecond line' > /dev/kmsg
/alone &
sleep 1
ps -o pid,ppid,comm
cat /proc/modules
echo log-begins
dmesg | tail -n 12
echo log-ends
echo up-and-running
# Something always comes into the kernel.
while :; do sleep 1; done
`;

/** What is kept of Debian's packages: paths. */
export interface DebianArm64 {
  readonly image: string;
  readonly busybox: string;
  /** A loadable module, dummy.ko. */
  readonly module: string;
}

/**
 * Debian's kernel for AArch64 and a busybox: downloaded with lists of packages of their own, so that nothing of this system is
 * changed, and kept. A text: why they cannot be had.
 */
export function debianArm64(): DebianArm64 | string {
  const kept = join(PROGRAMS, 'debian-arm64');
  const image = join(kept, 'vmlinuz');
  const busybox = join(kept, 'busybox');
  const module = join(kept, 'dummy.ko');
  const all = { image, busybox, module };
  if (Object.values(all).every((path) => existsSync(path))) return all;
  const folder = mkdtempSync(join(tmpdir(), 'hawser-arm64-'));
  try {
    download(folder);
    const boot = join(folder, 'root/boot');
    const name = readdirSync(boot).find((file) => file.startsWith('vmlinuz-'));
    if (name === undefined) return 'Debian’s package of a kernel for AArch64 has no vmlinuz';
    mkdirSync(kept, { recursive: true });
    const release = name.replace('vmlinuz-', '');
    for (const [from, to] of [
      [join(boot, name), image],
      [join(folder, 'root/bin/busybox'), busybox],
      [join(folder, 'root/lib/modules', release, 'kernel/drivers/net/dummy.ko'), module],
    ] as const) {
      copyFileSync(from, `${to}.${process.pid}`);
      renameSync(`${to}.${process.pid}`, to);
    }
    return all;
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return `Debian’s kernel for AArch64 cannot be downloaded here: ${said}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function download(folder: string): void {
  for (const name of ['lists/partial', 'cache/archives/partial', 'root'])
    mkdirSync(join(folder, name), { recursive: true });
  const options = [
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    'APT::Architecture=arm64',
    'APT::Architectures=arm64',
    'Debug::NoLocking=1',
  ].flatMap((option) => ['-o', option]);
  const run = (program: string, ...words: string[]) =>
    execFileSync(program, [...options, ...words], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  run('apt-get', 'update');
  const [, kernel = ''] =
    /Depends: (linux-image-\S+)/.exec(run('apt-cache', 'depends', 'linux-image-arm64')) ?? [];
  run('apt-get', 'download', kernel, 'busybox-static');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb')))
    execFileSync('dpkg-deb', ['-x', join(folder, file), join(folder, 'root')]);
}

/** Boots it with two processors, to where `ps` has listed its tasks. */
export async function startLinuxArm64(found: DebianArm64): Promise<KernelMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-linux-'));
  const root = join(folder, 'root');
  for (const name of ['bin', 'proc', 'dev']) mkdirSync(join(root, name), { recursive: true });
  copyFileSync(found.busybox, join(root, 'bin/busybox'));
  copyFileSync(aloneArm64(), join(root, 'alone'));
  copyFileSync(found.module, join(root, 'dummy.ko'));
  writeFileSync(join(root, 'init'), INIT, { mode: 0o755 });
  execFileSync('chmod', ['755', join(root, 'bin/busybox'), join(root, 'alone')]);
  const initrd = join(folder, 'initrd');
  execFileSync('sh', ['-c', 'find . | cpio --quiet -o -H newc > "$0"', initrd], { cwd: root });
  const machine = await startMachine({
    architecture: 'aarch64',
    kernel: found.image,
    megabytes: 512,
    more: ['-initrd', initrd, '-append', 'console=ttyAMA0 quiet'],
  });
  try {
    await machine.says('up-and-running');
    return machine;
  } catch (error) {
    await machine.end();
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
