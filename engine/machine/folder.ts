import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { unreadable } from './files.ts';
import { inTurn } from './in-turn.ts';
import type { FolderEntry, FolderListing } from './machine.ts';

export const MAX_FOLDER_ENTRIES = 10_000;
const AT_ONCE = 32;

/** What a folder holds, folders first, then by name. @throws HawserError `FILE_UNREADABLE` */
export async function listFolder(asked: string): Promise<FolderListing> {
  try {
    const path = await realpath(resolve(homedir(), asked));
    const { found, more } = await entriesOf(path);
    const entries = await inTurn(found, AT_ONCE, (entry) => describe(path, entry));
    entries.sort(
      (a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || (a.name < b.name ? -1 : 1),
    );
    const parent = dirname(path);
    return { path, parent: parent === path ? null : parent, entries, more };
  } catch (error) {
    throw unreadable(asked === '' ? homedir() : asked, error);
  }
}

async function entriesOf(path: string): Promise<{ found: Dirent[]; more: boolean }> {
  const found: Dirent[] = [];
  for await (const entry of await opendir(path, { bufferSize: 256 })) {
    if (found.length === MAX_FOLDER_ENTRIES) return { found, more: true };
    found.push(entry);
  }
  return { found, more: false };
}

async function describe(folder: string, entry: Dirent): Promise<FolderEntry> {
  const { name } = entry;
  if (entry.isDirectory()) return { name, kind: 'folder', size: 0 };
  // A link is what it leads to; one that leads nowhere is listed all the same.
  const facts =
    entry.isFile() || entry.isSymbolicLink() ? await stat(join(folder, name)).catch(() => null) : null;
  if (facts?.isDirectory()) return { name, kind: 'folder', size: 0 };
  if (!facts?.isFile()) return { name, kind: 'other', size: 0 };
  return { name, kind: (facts.mode & 0o111) !== 0 ? 'program' : 'file', size: facts.size };
}
