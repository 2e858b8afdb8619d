import { createReadStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { debugLink } from './debug-link.ts';
import { inspectElf, normalBuildId } from './elf-file.ts';
import { systemDebug } from './local-files.ts';

export interface Tried {
  /** Path of a file, or address of a server. */
  readonly place: string;
  /** `found`, or why it is of no use. */
  readonly outcome: string;
}

export interface DebugSearch {
  readonly file: string | null;
  /** In order; the last one is what was found, if anything was. */
  readonly tried: readonly Tried[];
}

/**
 * Looks for separate debug information of a program file of this machine, in the places and in the order in which GDB does: by
 * build id below each folder, then by the name in `.gnu_debuglink` beside the file, in `.debug` beside it, and below each folder.
 */
export async function searchDebug(
  file: string,
  buildId: string | null,
  folders: readonly string[],
): Promise<DebugSearch> {
  const id = normalBuildId(buildId);
  const roots = [...new Set([...folders, systemDebug()])];
  const tried: Tried[] = [];
  for (const root of id === null ? [] : roots) {
    const place = join(root, '.build-id', id?.slice(0, 2) ?? '', `${id?.slice(2)}.debug`);
    const facts = existsSync(place) ? await inspectElf(place) : null;
    const outcome = !existsSync(place)
      ? 'file not found'
      : facts?.buildId === id
        ? 'found'
        : 'mismatched build id';
    tried.push({ place, outcome });
    if (outcome === 'found') return { file: place, tried };
  }
  const link = await debugLink(file);
  if (!link) return { file: null, tried };
  const beside = dirname(file);
  const places = [
    join(beside, link.name),
    join(beside, '.debug', link.name),
    ...roots.flatMap((root) => [join(root, beside, link.name), join(root, link.name)]),
  ];
  for (const place of new Set(places)) {
    if (place === file) continue;
    const outcome = await linked(place, link.crc);
    tried.push({ place, outcome });
    if (outcome === 'found') return { file: place, tried };
  }
  return { file: null, tried };
}

async function linked(place: string, crc: number): Promise<string> {
  if (!existsSync(place)) return 'file not found';
  try {
    let sum = 0;
    for await (const chunk of createReadStream(place)) sum = crc32(chunk as Buffer, sum);
    return sum === crc ? 'found' : 'mismatched checksum';
  } catch (error) {
    return error instanceof Error ? error.message : 'cannot be read';
  }
}
