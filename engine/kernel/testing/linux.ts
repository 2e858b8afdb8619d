import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KernelMachine, startMachine } from './qemu.ts';
import { librariesOf, sleepers } from './sleepers.ts';

/** A virtual machine with Debian's kernel and a shell. */
export interface LinuxMachine extends KernelMachine {
  readonly release: string;
  /** What a command line of its shell prints. The machine has to run. */
  shell(line: string): Promise<string>;
  /** A command line whose output nobody waits for. */
  type(line: string): void;
  /** Waits until its shell answers, as after it was started anew. */
  up(): Promise<void>;
}

/** A module without others that it needs, with which the machine starts. */
export const MODULE = 'dummy';
const MODULE_FILE = 'kernel/drivers/net/dummy.ko';

const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
insmod /${MODULE}.ko
sleep 1000000 &
/opt/sleeper &
mount -t tmpfs tmp /mnt
cp /opt/alone /mnt
/mnt/alone &
stty -F /dev/ttyS1 raw -echo
# Not interactive: no prompt, no echo, no editing.
cat /dev/ttyS1 | sh >/dev/ttyS1 2>&1
`;

/** The newest kernel of this machine: its image and its modules. */
export function debianKernel(): {
  readonly release: string;
  readonly image: string;
  readonly module: string;
} {
  const releases = readdirSync('/boot')
    .filter((name) => name.startsWith('vmlinuz-'))
    .map((name) => name.slice('vmlinuz-'.length))
    .filter((release) => existsSync(join('/lib/modules', release, MODULE_FILE)))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const release = releases.at(-1);
  if (release === undefined) throw new Error('there is no kernel with modules in /boot');
  return {
    release,
    image: join('/boot', `vmlinuz-${release}`),
    module: join('/lib/modules', release, MODULE_FILE),
  };
}

/** Boots it with two processors and KASLR at work, to its shell. */
export async function startLinux(parameters = ''): Promise<LinuxMachine> {
  const { release, image, module } = debianKernel();
  const folder = mkdtempSync(join(tmpdir(), 'hawser-linux-'));
  const initrd = makeInitrd(folder, module);
  const port = join(folder, 'shell');
  const machine = await startMachine({
    kernel: image,
    megabytes: 384,
    more: [
      ...['-initrd', initrd, '-append', `console=ttyS0 quiet ${parameters}`.trim()],
      ...['-serial', `unix:${port},server=on,wait=off`],
    ],
  });
  const end = async () => {
    await machine.end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const shell = await openShell(port, machine);
    return {
      ...machine,
      release,
      shell: (line) => shell.run(line),
      type: (line) => shell.type(line),
      up: () => shell.up(),
      end: async () => {
        shell.close();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function makeInitrd(folder: string, module: string): string {
  const root = join(folder, 'root');
  for (const name of ['bin', 'proc', 'sys', 'dev', 'opt', 'mnt'])
    mkdirSync(join(root, name), { recursive: true });
  const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
  copyFileSync(busybox, join(root, 'bin/busybox'));
  copyFileSync(module, join(root, `${MODULE}.ko`));
  const { sleeper, alone } = sleepers();
  copyFileSync(sleeper, join(root, 'opt/sleeper'));
  copyFileSync(alone, join(root, 'opt/alone'));
  for (const library of librariesOf(sleeper)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
  writeFileSync(join(root, 'init'), INIT, { mode: 0o755 });
  const initrd = join(folder, 'initrd');
  execFileSync('sh', ['-c', 'find . | cpio --quiet -o -H newc > "$0"', initrd], { cwd: root });
  return initrd;
}

const LOST_MS = 5000;

/** A shell behind a serial port, which answers one line at a time. */
async function openShell(path: string, machine: KernelMachine) {
  const socket = await reach(path, machine);
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  let number = 0;
  const run = async (line: string): Promise<string> => {
    const mark = `--${++number}--`;
    said = '';
    // In two parts, so that an echo is not taken for the answer.
    const ask = `echo '--'${number}'--'\n`;
    socket.write(`${line}\n${ask}`);
    for (let waited = 0; !said.includes(mark); waited += 20) {
      if (machine.process.exitCode !== null) throw new Error(`QEMU ended: ${machine.said()}`);
      // A line may get lost while the port is set up.
      if (waited % LOST_MS === LOST_MS - 20) socket.write(ask);
      // The port is slow to tell of the last characters; more of them help.
      if (waited % 500 === 480) socket.write('\n');
      await sleep(20);
    }
    // Answers to what was asked twice belong to nobody.
    return said
      .slice(0, said.indexOf(mark))
      .replaceAll('\r', '')
      .replaceAll(/^--\d+--\n/gm, '');
  };
  // What is written before the shell reads is lost.
  const up = async (): Promise<void> => {
    said = '';
    while (!said.includes('ready')) {
      socket.write('echo ready\n');
      await sleep(300);
      if (machine.process.exitCode !== null) throw new Error(`QEMU ended: ${machine.said()}`);
    }
    await run(':');
  };
  await up();
  return { run, up, type: (line: string) => void socket.write(`${line}\n`), close: () => socket.destroy() };
}

async function reach(path: string, machine: KernelMachine): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    const reached = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    if (reached) return socket;
    socket.destroy();
    if (machine.process.exitCode !== null) throw new Error(`QEMU ended: ${machine.said()}`);
    await sleep(20);
  }
}
