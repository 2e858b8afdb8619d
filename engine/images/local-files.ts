import { homedir } from 'node:os';
import { basename, join, posix } from 'node:path';
import { inspectElf } from './elf-file.ts';

/**
 * Where the distribution puts separate debug information: /usr/lib/debug, or what HAWSER_DEBUG_DIRECTORY names
 * (some distributions have it elsewhere; a folder that is not there: no debug information but that of the symbol path).
 */
export const systemDebug = (): string => process.env.HAWSER_DEBUG_DIRECTORY || '/usr/lib/debug';

/**
 * The first file with this build id among the places where one of this machine could be. `path` is the other machine's word:
 * it says where to look, never what is found.
 */
export async function findImage(
  buildId: string,
  path: string,
  size: number,
  folders: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const mirrored = posix.normalize(`/${path}`);
  const name = basename(mirrored);
  const candidates = [
    ...folders.flatMap((folder) => [
      treeOf(folder, buildId),
      join(folder, name),
      join(folder, mirrored),
      join(folder, name.toLowerCase(), `elf-buildid-${buildId}`, name.toLowerCase()),
    ]),
    mirrored,
    treeOf(systemDebug(), buildId),
    join(debuginfodCache(env), buildId, 'executable'),
  ];
  for (const candidate of candidates) {
    const facts = await inspectElf(candidate);
    // The same build id, but cut short, or separate debug information.
    if (facts?.buildId === buildId && facts.program && (facts.complete || facts.size === size))
      return candidate;
  }
  return null;
}

/** As {@link findImage}, for separate debug information. */
export async function findDebugInformation(
  buildId: string,
  folders: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const candidates = [
    ...[...folders, systemDebug()].map((folder) => `${treeOf(folder, buildId)}.debug`),
    ...folders.map((folder) => join(folder, '_.debug', `elf-buildid-sym-${buildId}`, '_.debug')),
    join(debuginfodCache(env), buildId, 'debuginfo'),
  ];
  for (const candidate of candidates) {
    const facts = await inspectElf(candidate);
    if (facts?.buildId === buildId && facts.complete) return candidate;
  }
  return null;
}

function treeOf(folder: string, buildId: string): string {
  return join(folder, '.build-id', buildId.slice(0, 2), buildId.slice(2));
}

/** What debuginfod's own client, GDB's too, has fetched. */
function debuginfodCache(env: NodeJS.ProcessEnv): string {
  if (env.DEBUGINFOD_CACHE_PATH) return env.DEBUGINFOD_CACHE_PATH;
  const base = env.XDG_CACHE_HOME;
  return join(base?.startsWith('/') ? base : join(env.HOME || homedir(), '.cache'), 'debuginfod_client');
}
