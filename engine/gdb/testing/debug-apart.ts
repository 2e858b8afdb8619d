import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Program } from './programs.ts';

/**
 * A program's copy without its debug information, and that in a file of its own: `debuglink` beside it, under the name that the copy tells,
 * `build-id` in the folder `debug` beside it, in the layout of build ids.
 */
export function withDebugApart(program: Program, how: 'debuglink' | 'build-id'): Program {
  const name = basename(program.path);
  const folder = join(dirname(program.path), how);
  const path = join(folder, name);
  if (!existsSync(path)) make(program.path, folder, name, how);
  return { ...program, path };
}

function make(from: string, folder: string, name: string, how: 'debuglink' | 'build-id'): void {
  const work = mkdtempSync(`${folder}-`);
  const objcopy = (...args: string[]) => execFileSync('objcopy', args, { cwd: work, stdio: 'pipe' });
  objcopy('--only-keep-debug', from, `${name}.debug`);
  const link = how === 'debuglink' ? [`--add-gnu-debuglink=${name}.debug`] : [];
  objcopy('--strip-all', ...link, from, name);
  if (how === 'build-id') {
    const notes = execFileSync('readelf', ['-n', from], { encoding: 'utf8' });
    const id = /Build ID: ([0-9a-f]+)/.exec(notes)?.[1] ?? '';
    const place = join(work, 'debug/.build-id', id.slice(0, 2));
    mkdirSync(place, { recursive: true });
    renameSync(join(work, `${name}.debug`), join(place, `${id.slice(2)}.debug`));
  }
  try {
    renameSync(work, folder);
  } catch (error) {
    // Another test was faster.
    rmSync(work, { recursive: true });
    if (!existsSync(join(folder, name))) throw error;
  }
}
