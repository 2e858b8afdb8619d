import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Something that leads to a kernel, as `trans=` names it, and what it is. */
export interface Offer {
  readonly trans: string;
  readonly title: string;
}

/** More than that nobody reads. */
const MAX_OFFERS = 200;

/** Serial ports, and stubs of virtual machines and probes, of this machine. What may not be seen is left out. */
export async function findOffers(root = '/'): Promise<readonly Offer[]> {
  const [ports, stubs] = await Promise.all([serialPorts(root), virtualMachines(root)]);
  return [...stubs, ...ports].slice(0, MAX_OFFERS);
}

/**
 * By `/sys`, and not by `SerialPort.list()`: that needs udevadm, which small machines do not have. Ports of the mainboard
 * that nothing is behind have type 0 there.
 */
async function serialPorts(root: string): Promise<readonly Offer[]> {
  const folder = join(root, 'sys/class/tty');
  const found: Offer[] = [];
  for (const name of (await readdir(folder).catch(() => [])).sort(byNumber)) {
    const driver = await readlink(join(folder, name, 'device/driver')).catch(() => null);
    if (driver === null) continue;
    const type = await readFile(join(folder, name, 'type'), 'latin1').catch(() => '');
    if (type.trim() === '0') continue;
    found.push({ trans: `com:port=/dev/${name},baud=115200`, title: `Serial port (${basename(driver)})` });
  }
  return found;
}

const byNumber = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

/** QEMU says on its command line where its stub, and where its serial ports are. */
async function virtualMachines(root: string): Promise<readonly Offer[]> {
  const folder = join(root, 'proc');
  const found: Offer[] = [];
  for (const pid of (await readdir(folder).catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(join(folder, pid, 'cmdline'), 'utf8').catch(() => '');
    const [program = '', ...args] = line.split('\0');
    if (!/(?:^|\/)(?:qemu-(?:system-\w+|kvm)|kvm)$/.test(program)) continue;
    for (const { trans, what } of stubsOf(args))
      found.push({ trans, title: `${what} of ${basename(program)}, process ${pid}` });
  }
  return found;
}

/** Exported for its test. */
export function stubsOf(args: readonly string[]): readonly { trans: string; what: string }[] {
  const found: { trans: string; what: string }[] = [];
  const sockets = new Map<string, string>();
  args.forEach((word, at) => {
    const value = args[at + 1] ?? '';
    if (/^--?chardev$/.test(word) && value.startsWith('socket,')) {
      const { id, path } = keys(value);
      if (id && path) sockets.set(id, path);
    }
  });
  args.forEach((word, at) => {
    const value = args[at + 1] ?? '';
    if (/^--?s$/.test(word)) found.push({ trans: 'gdb:server=localhost,port=1234', what: 'The stub' });
    const isStub = /^--?gdb$/.test(word);
    if (!isStub && !/^--?serial$/.test(word)) return;
    const what = isStub ? 'The stub' : 'A serial port';
    const tcp = isStub ? /^tcp:([^:,]*):(\d+)/.exec(value) : null;
    if (tcp) found.push({ trans: `gdb:server=${hostOf(tcp[1] ?? '')},port=${tcp[2]}`, what });
    const path =
      /^unix:([^,]+)/.exec(value)?.[1] ??
      /^pipe:([^,]+)/.exec(value)?.[1] ??
      sockets.get(value.replace(/^chardev:/, ''));
    if (path?.startsWith('/')) found.push({ trans: `com:pipe,port=${path},resets=0,reconnect`, what });
  });
  return found;
}

const hostOf = (host: string) =>
  ['', '0.0.0.0', '127.0.0.1', 'localhost'].includes(host) ? 'localhost' : host;

function keys(value: string): Record<string, string> {
  return Object.fromEntries(value.split(',').map((word) => word.split('=', 2) as [string, string]));
}
