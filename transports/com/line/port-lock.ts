import { linkSync, readFileSync, realpathSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { exitFiles, removeQuietly } from '../exit-files.ts';

/** Where programs that use serial lines (minicom, picocom, pppd, cu) keep their locks, the first that exists. */
const FOLDERS = ['/run/lock', '/var/lock', '/var/spool/lock'];

/** Whose port it is. */
export class PortHeld extends Error {
  /** Process number; null where it cannot be told. */
  readonly holder: number | null;

  constructor(holder: number | null) {
    super(`held by process ${holder}`);
    this.holder = holder;
  }
}

/**
 * Takes the port for this process, so that no two programs read it: each would get some of the bytes. By the lock files
 * of old, which other programs keep to as well; TIOCEXCL cannot be set from here without holding a second descriptor.
 * @returns how to give it back
 * @throws PortHeld
 */
export function lockPort(path: string): () => void {
  const name = lockName(path);
  for (const folder of FOLDERS) {
    const file = join(folder, name);
    try {
      take(file);
    } catch (error) {
      if (error instanceof PortHeld) throw error;
      // No such folder, or not for us to write to.
      continue;
    }
    exitFiles.add(file);
    return () => {
      if (exitFiles.delete(file)) removeQuietly(file);
    };
  }
  return () => {};
}

/** `LCK..ttyS1`; for what lies deeper, the folder as well, as pseudo-terminals have numbers for names. */
export function lockName(path: string): string {
  const real = realpathSync(path);
  const folder = dirname(real);
  return `LCK..${folder === '/dev' ? '' : `${basename(folder)}_`}${basename(real)}`;
}

function take(file: string): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${String(process.pid).padStart(10)}\n`, { mode: 0o644 });
  try {
    for (let tries = 0; tries < 3; tries++) {
      try {
        // Appears whole or not at all.
        linkSync(own, file);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = holderOf(file);
      if (holder !== 0) throw new PortHeld(holder);
      try {
        unlinkSync(file);
      } catch (error) {
        // Another user's, who is dead, in a folder where only the owner removes.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new PortHeld(null);
      }
    }
    throw new PortHeld(null);
  } finally {
    unlinkSync(own);
  }
}

/** The living process that a lock names, 0 when there is none, null when the file tells nothing. */
function holderOf(file: string): number | null {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 0 : null;
  }
  const pid = Number.parseInt(text, 10);
  if (!Number.isInteger(pid) || pid <= 0) return 0;
  // Our own number, and no lock of ours: of a process that had it before us.
  if (pid === process.pid) return exitFiles.has(file) ? pid : 0;
  return isAlive(pid) ? pid : 0;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    // Killed, and its parent has not looked yet: its descriptors are closed all the same.
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}
