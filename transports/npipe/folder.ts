import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { connectionErrors } from '../errors/connection-errors.ts';

/** The system's limit for the path of a socket, with what taking over adds to a name. */
const MAX_PATH = 107;
const SUFFIX = 24;

/** Names up to this length are readable in the folder; of others a digest stands there. */
const READABLE = 40;

export const onWindows = process.platform === 'win32';

/** Where a pipe of this name would be on this machine, the place to make it first. Names differ in more than case. */
export function pathsOf(pipe: string): readonly string[] {
  const name = pipe.toLowerCase();
  if (onWindows) return [`\\\\.\\pipe\\${name}`];
  const plain = /^[a-z0-9][\w.@+-]*$/.test(name) && name.length <= READABLE;
  const file = plain ? name : `~${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  return folders()
    .map((folder) => join(folder, file))
    .filter((path) => Buffer.byteLength(path) + SUFFIX <= MAX_PATH);
}

/**
 * Private to this user. Two, because a session of `su` or `ssh` may lack the first: a server is made in the first that there
 * is, a client looks in both.
 */
function folders(): readonly string[] {
  const own = process.env.XDG_RUNTIME_DIR;
  const shared = join('/tmp', `hawser-${process.getuid?.() ?? userInfo().username}`);
  return own && isOwnFolder(own) ? [join(own, 'hawser'), shared] : [shared];
}

/** The variable may be another user's, after `su` or `sudo`, or name what no longer is there. */
function isOwnFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}

/** The sockets of a pipe that are there, dead ones too, the newest first. */
export async function socketsOf(path: string): Promise<readonly { number: number; path: string }[]> {
  if (onWindows) return [{ number: 0, path }];
  const start = `${basename(path)}.`;
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => name.startsWith(start) && /^[1-9]\d{0,8}$/.test(name.slice(start.length)))
    .map((name) => ({ number: Number(name.slice(start.length)), path: join(dirname(path), name) }))
    .sort((a, b) => b.number - a.number);
}

/** Makes the folder of a socket, or checks the one that is there. @throws HawserError `PIPE_FOLDER_UNSAFE` */
export async function secureFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await checkFolder(folder);
}

/** @throws HawserError `PIPE_FOLDER_UNSAFE`; the system's error when there is none */
export async function checkFolder(folder: string): Promise<void> {
  const found = await lstat(folder);
  const unsafe = (reason: string) => connectionErrors.pipeFolderUnsafe(folder, reason);
  if (!found.isDirectory()) throw unsafe('it is no folder');
  if (found.uid !== process.getuid?.()) throw unsafe('it belongs to another user');
  if ((found.mode & 0o077) !== 0) throw unsafe('others may use it');
}
