import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { inTurn } from './in-turn.ts';

/** A small file, or a link, as it stood when it was looked at. */
export interface LookedAt {
  readonly path: string;
  /** Where it leads, as the link itself says; null: it is none. */
  readonly link: string | null;
  /** `st_mode` of it, or of what it leads to; 0 where that is not told. */
  readonly mode: number;
  /** Of a file, at most {@link LOOK_BYTES}; null for links, and for what cannot be read. */
  readonly bytes: Buffer | null;
}

/** Of one file, and of all together. */
export const LOOK_BYTES = 1 << 20;
export const LOOK_TOTAL = 4 << 20;
/** Names that a `*` may stand for. */
export const LOOK_NAMES = 16_384;
const AT_ONCE = 32;

/** See {@link Machine.look}. */
export async function look(paths: readonly string[]): Promise<LookedAt[]> {
  const all = (await inTurn(paths, AT_ONCE, expand)).flat();
  let room = LOOK_TOTAL;
  return (
    await inTurn(all, AT_ONCE, async (path) => {
      const seen = await lookAt(path, Math.min(room, LOOK_BYTES));
      room -= seen?.bytes?.length ?? 0;
      return seen;
    })
  ).filter((seen) => seen !== null);
}

/** One `*` in place of a whole name: it stands for all numbers there are. */
async function expand(path: string): Promise<string[]> {
  const at = path.indexOf('/*');
  if (at < 0) return [path];
  const names = await readdir(path.slice(0, at)).catch(() => []);
  const numbers = names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b));
  return numbers.slice(0, LOOK_NAMES).map((name) => `${path.slice(0, at)}/${name}${path.slice(at + 2)}`);
}

/** Null: it is not there. */
async function lookAt(path: string, room: number): Promise<LookedAt | null> {
  const [link, facts] = await Promise.all([readlink(path).catch(() => null), stat(path).catch(() => null)]);
  const mode = facts?.mode ?? 0;
  if (link !== null) return { path, link, mode, bytes: null };
  if (!facts) return null;
  const bytes = facts.isFile() ? await readFile(path).catch(() => null) : null;
  return { path, link, mode, bytes: bytes?.subarray(0, Math.max(0, room)) ?? null };
}
