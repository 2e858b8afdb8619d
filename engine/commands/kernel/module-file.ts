import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectElf } from '../../images/elf-file.ts';
import { findDebugInformation } from '../../images/local-files.ts';
import { buildIdIn, type KernelModule, type ModuleSection } from '../../kernel/linux/modules.ts';
import type { LinuxTarget } from '../../kernel/linux/target.ts';

const NOTE = '.note.gnu.build-id';
const LONGEST_NOTE = 64;

/**
 * The file of a loaded module, by its build id: with debug information, which memory does not have. What the kernel's own memory
 * tells is as much as any other file could.
 */
export async function moduleFile(
  { memory }: LinuxTarget,
  { name }: KernelModule,
  sections: readonly ModuleSection[],
  folders: readonly string[],
  release: string,
): Promise<{ readonly path: string | null; readonly buildId: string | null }> {
  const note = sections.find((section) => section.name === NOTE);
  const bytes = note ? await memory.read(note.address, LONGEST_NOTE) : null;
  const buildId = bytes && buildIdIn(bytes);
  if (!buildId) return { path: null, buildId: null };
  for (const path of candidates(name, folders, release)) {
    const facts = await inspectElf(path);
    if (facts?.buildId === buildId && facts.debug) return { path, buildId };
  }
  return { path: await findDebugInformation(buildId, folders, process.env), buildId };
}

/** In a folder itself, or where depmod's list of that release says. Names have `_` where files may have `-`. */
function candidates(name: string, folders: readonly string[], release: string): readonly string[] {
  const files = [...new Set([name, name.replaceAll('_', '-')])].map((one) => `${one}.ko`);
  return [...folders, '/'].flatMap((folder) => [
    ...files.map((file) => join(folder, file)),
    ...listed(join(folder, 'lib/modules', release), files),
    ...listed(join(folder, 'usr/lib/debug/lib/modules', release), files),
  ]);
}

function listed(folder: string, files: readonly string[]): readonly string[] {
  const list = join(folder, 'modules.dep');
  if (!existsSync(list)) return [];
  return readFileSync(list, 'utf8')
    .split('\n')
    .map((line) => line.slice(0, Math.max(0, line.indexOf(':'))))
    .filter((path) => files.some((file) => path === file || path.endsWith(`/${file}`)))
    .map((path) => (path.startsWith('/') ? path : join(folder, path)));
}
