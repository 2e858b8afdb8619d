import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engineErrors } from '../errors.ts';
import type { Principal } from './users.ts';

const run = promisify(execFile);

/** Where doors for other users stand: a folder that one can pass through and not list. */
const folderOf = (uid: number) => `/tmp/hawser-remote-${uid}`;

const doorName = ({ kind, id }: Pick<Principal, 'kind' | 'id'>) =>
  kind === 'everyone' ? 'all' : `${kind === 'user' ? 'u' : 'g'}${id}`;

export interface Doors {
  close(): Promise<void>;
}

/**
 * Sockets for users other than this one: each for one user or group, which alone the system lets in, so that the
 * server knows who comes through it. Node tells nothing about the other end of a socket.
 * @throws HawserError `UNSUPPORTED` where the system cannot keep others out
 */
export async function openDoors(
  pipe: string,
  allowed: readonly Principal[],
  denied: readonly Principal[],
  enter: (socket: Socket, as: Principal) => void,
): Promise<Doors> {
  const folder = folderOf(process.getuid?.() ?? 0);
  await ownFolder(folder);
  const opened: { server: Server; path: string }[] = [];
  const close = async () => {
    for (const { server, path } of opened) {
      server.close();
      await rm(path, { force: true });
    }
  };
  try {
    for (const one of allowed) {
      const path = join(folder, `${pipe}.${doorName(one)}`);
      await rm(path, { force: true });
      opened.push({ server: await listening(path, (socket) => enter(socket, one)), path });
      await admit(path, one, denied);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw engineErrors.unsupported('Letting other users in', `${folder} belongs to somebody else`);
  await chmod(folder, 0o711);
}

function listening(path: string, enter: (socket: Socket) => void): Promise<Server> {
  // Nobody may come in before the door is set up: a socket is made with what the mask leaves.
  const mask = process.umask(0o177);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    enter(socket);
  });
  return new Promise<Server>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  }).finally(() => process.umask(mask));
}

/** Lets one user or group through, by access control lists; as root, or for everyone, by owner and mode where that will do. */
async function admit(path: string, one: Principal, denied: readonly Principal[]): Promise<void> {
  const rules = denied.filter(({ kind }) => kind !== 'everyone').map((no) => `${no.kind}:${no.id}:---`);
  if (one.kind === 'everyone' && rules.length === 0) return chmod(path, 0o666);
  if (one.kind === 'user' && process.getuid?.() === 0) return chown(path, one.id, 0);
  if (one.kind === 'group' && rules.length === 0 && process.getuid?.() === 0) {
    await chown(path, 0, one.id);
    return chmod(path, 0o660);
  }
  const grant = one.kind === 'everyone' ? 'other::rw' : `${one.kind}:${one.id}:rw`;
  try {
    await run('setfacl', ['-m', [grant, ...rules, 'mask::rw'].join(','), path]);
  } catch (error) {
    throw engineErrors.unsupported(
      denied.length > 0
        ? `Letting ${one.name} in but not ${denied.map(({ name }) => name).join(', ')}`
        : `Letting ${one.name} in`,
      `setfacl did not do it (${(error as Error).message.split('\n')[0]})`,
      'Install it (sudo apt-get install acl), or give the session a password (/passwordfile) instead of /u and /ud.',
    );
  }
}

/** The doors of a session that are open to this user, whoever has it. */
export async function doorsTo(pipe: string): Promise<readonly string[]> {
  const uid = process.getuid?.() ?? -1;
  const names = [`u${uid}`, ...(process.getgroups?.() ?? []).map((gid) => `g${gid}`), 'all'];
  const found: string[] = [];
  for (const entry of await readdir('/tmp').catch(() => [])) {
    const owner = /^hawser-remote-(\d+)$/.exec(entry)?.[1];
    const folder = join('/tmp', entry);
    // A folder that is not its owner's is somebody's trap.
    const facts = owner === undefined ? null : await lstat(folder).catch(() => null);
    if (!facts?.isDirectory() || facts.uid !== Number(owner)) continue;
    found.push(...names.map((name) => join(folder, `${pipe}.${name}`)));
  }
  return found;
}
