import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from '../../transports/zod.ts';
import { hubClientErrors } from './errors.ts';
import { type SessionKeys, sameSession } from './keys.ts';
import { makeFragment, parseFragment } from './links.ts';

const held = z.object({ hub: z.string(), session: z.string(), fragment: z.string() });

/**
 * The keys of hosted sessions that a person holds on this computer: one file for each session, readable by its owner only.
 * The host's stay when a client's link of the same session is pasted.
 */
export class SessionKeyStore {
  readonly #folder: string;

  constructor(folder = defaultFolder()) {
    this.#folder = folder;
  }

  /** Null: none here. @throws HawserError `SESSION_KEY_STORE` */
  async get(hub: string, session: string): Promise<SessionKeys | null> {
    const path = this.#path(hub, session);
    try {
      const found = await lstat(path);
      if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) throw new Error('others may read it');
      const parsed = held.parse(JSON.parse(await readFile(path, 'utf8')));
      return parseFragment(parsed.fragment);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw hubClientErrors.keyStore(path, error instanceof Error ? error.message : String(error));
    }
  }

  /** @returns what is held now. @throws HawserError `SESSION_KEY_STORE` */
  async put(hub: string, session: string, keys: SessionKeys): Promise<SessionKeys> {
    const before = await this.get(hub, session).catch(() => null);
    if (before?.role === 'host' && keys.role === 'client' && sameSession(before, keys)) return before;
    const path = this.#path(hub, session);
    const fresh = `${path}.${randomBytes(6).toString('hex')}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await chmod(this.#folder, 0o700);
      const text = JSON.stringify({ hub, session, fragment: makeFragment(keys) });
      await writeFile(fresh, `${text}\n`, { mode: 0o600, flag: 'wx' });
      await rename(fresh, path);
    } catch (error) {
      await rm(fresh, { force: true }).catch(() => undefined);
      throw hubClientErrors.keyStore(this.#folder, (error as Error).message);
    }
    return keys;
  }

  async remove(hub: string, session: string): Promise<void> {
    await rm(this.#path(hub, session), { force: true });
  }

  /** Session ids are a hub's own: another hub may have the same. */
  #path(hub: string, session: string): string {
    const name = createHash('sha256').update(`${hub}\n${session}`).digest('hex').slice(0, 40);
    return join(this.#folder, `${name}.json`);
  }
}

function defaultFolder(): string {
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'hawser/hosted-keys');
}
