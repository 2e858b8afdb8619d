import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A user or group of this machine, as `/u` and `/ud` name it. */
export interface Principal {
  /** As typed. */
  readonly name: string;
  readonly kind: 'user' | 'group' | 'everyone';
  /** Of the user or group; -1 for everyone. */
  readonly id: number;
}

/** `[domain|computer]\NAME`: what stands before the backslash is another system's, and said to be so by the caller. */
const plainName = (typed: string) => typed.slice(typed.lastIndexOf('\\') + 1);

/** Null: this machine knows no such user or group. */
export async function principalOf(typed: string): Promise<Principal | null> {
  const name = plainName(typed);
  if (/^everyone$/i.test(name)) return { name: typed, kind: 'everyone', id: -1 };
  for (const kind of ['user', 'group'] as const) {
    const id = await idOf(kind === 'user' ? 'passwd' : 'group', name);
    if (id !== null) return { name: typed, kind, id };
  }
  return null;
}

/** The third field of the system's database, whatever stands behind it (files, LDAP, systemd). */
async function idOf(database: 'passwd' | 'group', name: string): Promise<number | null> {
  if (!/^[\w.@$-]{1,64}$/.test(name) || name.startsWith('-')) return null;
  try {
    const { stdout } = await run('getent', [database, name]);
    const id = Number(stdout.split(':')[2]);
    return Number.isInteger(id) ? id : null;
  } catch {
    return null;
  }
}

/** Whether a user is meant: by name, or by a group that it is in. */
export async function includes(
  principals: readonly Principal[],
  user: string,
  uid: number,
): Promise<boolean> {
  if (principals.some(({ kind, id }) => kind === 'everyone' || (kind === 'user' && id === uid))) return true;
  const groups = principals.filter(({ kind }) => kind === 'group');
  if (groups.length === 0) return false;
  const of = await groupsOf(user);
  return groups.some(({ id }) => of.includes(id));
}

async function groupsOf(user: string): Promise<readonly number[]> {
  try {
    return (await run('id', ['-G', user])).stdout.trim().split(' ').map(Number);
  } catch {
    return [];
  }
}
