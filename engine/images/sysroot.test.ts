import { execFileSync } from 'node:child_process';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sysroot } from './sysroot.ts';

let home = '';
let sysroot: Sysroot;
let file = '';
let other = '';

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'hawser-mirror-')));
  file = join(home, 'found');
  other = join(home, 'other');
  await writeFile(file, 'found');
  await writeFile(other, 'other');
  await mkdir(join(home, 'parent'));
  sysroot = await Sysroot.create(join(home, 'parent'));
});

afterEach(async () => {
  await sysroot.dispose();
  await rm(home, { recursive: true, force: true });
});

/** Everything below the folder of this test, with where links lead. */
async function everything(): Promise<Record<string, string>> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const found: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    found[path.slice(home.length)] = entry.isSymbolicLink()
      ? await readlink(path)
      : entry.isDirectory()
        ? 'folder'
        : 'file';
  }
  return found;
}

describe('a mirror of remote paths', () => {
  it('is private, and leads from each path to the file that was found', async () => {
    expect((await lstat(sysroot.folder)).mode & 0o777).toBe(0o700);
    const path = await sysroot.add('/usr/lib/libx.so.1', file);
    expect(path).toBe(`${sysroot.folder}/usr/lib/libx.so.1`);
    expect(await readFile(path as string, 'utf8')).toBe('found');
    expect(await readlink(path as string)).toBe(file);
    expect(sysroot.remote(path as string)).toBe('/usr/lib/libx.so.1');
    expect(sysroot.remote('/usr/lib/libx.so.1')).toBe(null);
    expect(sysroot.remote(`${sysroot.folder}x/usr`)).toBe(null);
  });

  it('has names with blanks, quotes, line feeds and other scripts', async () => {
    for (const name of ['/a b/c"d\'.so', '/new\nline', '/日本/ü', '/$(x)`y`', '/-rf', '/~', '/...', '/a\\b'])
      expect(await readFile((await sysroot.add(name, file)) as string, 'utf8')).toBe('found');
  });

  it('can be asked with the dots of a path that has some, and without', async () => {
    expect(await sysroot.add('/opt/app/bin/../lib/./libx.so', file)).toBe(
      `${sysroot.folder}/opt/app/lib/libx.so`,
    );
    for (const name of ['/opt/app/bin/../lib/./libx.so', '/opt/app/lib/libx.so'])
      expect(await readFile(sysroot.folder + name, 'utf8')).toBe('found');
  });

  it('leads to another file when another one is given', async () => {
    await sysroot.add('/lib/libx.so', file);
    expect(await readFile((await sysroot.add('/lib/libx.so', other)) as string, 'utf8')).toBe('other');
    expect(await sysroot.add('/lib/libx.so', other)).toBe(`${sysroot.folder}/lib/libx.so`);
  });

  it.each([
    ['nothing', ''],
    ['a relative path', 'lib/libx.so'],
    ['a path above the root', '/../../../../etc/passwd'],
    ['one that comes back', '/../parent/x'],
    ['one that goes there on its way', '/a/../../b/c'],
    ['the root', '/'],
    ['a folder', '/lib/'],
    ['a folder by dots', '/lib/..'],
    ['a folder by a dot', '/lib/.'],
    ['a zero byte', '/lib/x\0.so'],
    ['bytes that are no text', '/lib/\ufffd.so'],
    ['half a character', '/lib/\ud800.so'],
    ['a name too long', `/${'n'.repeat(300)}/x`],
    ['a name of long characters', `/${'語'.repeat(100)}`],
    ['a path too long', `${'/name'.repeat(1000)}`],
    ['a folder that is what it leads to', '/a/b/../b'],
  ])('refuses %s', async (_what, path) => {
    const before = await everything();
    expect(await sysroot.add(path, file)).toBe(null);
    expect(await everything()).toEqual(before);
  });

  it('never goes through a link, nor puts one in the place of a folder', async () => {
    await sysroot.add('/lib/libx.so', file);
    expect(await sysroot.add('/lib/libx.so/inside', file)).toBe(null);
    expect(await sysroot.add('/lib/libx.so/../inside', file)).toBe(null);
    expect(await sysroot.add('/lib', file)).toBe(null);
    expect(await readFile(join(sysroot.folder, 'lib/libx.so'), 'utf8')).toBe('found');
  });

  it('links to regular files only', async () => {
    execFileSync('mkfifo', [join(home, 'pipe')]);
    for (const path of [home, join(home, 'pipe'), '/dev/null', join(home, 'absent'), 'found', ''])
      expect(await sysroot.add('/lib/libx.so', path)).toBe(null);
  });

  it('takes many at once', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `/usr/lib/${index % 7}/lib${index % 150}.so`);
    const added = await Promise.all(names.map((name) => sysroot.add(name, file)));
    expect(added).toEqual(names.map((name) => sysroot.folder + name));
  });

  it('goes with its end, what it leads to stays', async () => {
    await sysroot.add('/usr/lib/libx.so', file);
    await Promise.all([sysroot.dispose(), sysroot.dispose()]);
    expect(await readdir(join(home, 'parent'))).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe('found');
    expect(await sysroot.add('/usr/lib/liby.so', file)).toBe(null);
    expect(await readdir(join(home, 'parent'))).toEqual([]);
  });

  it('makes nothing outside of its folder, and only links to what was given, whatever the names', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom('..', '.', '', 'lib', 'a', 'parent', 'found', 'etc', 'passwd'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('\0', '\ufffd', '\ud800', 'n'.repeat(256), '%2e%2e', '…', '~root'),
      },
    );
    const path = fc.array(step, { maxLength: 8 }).map((steps) => `/${steps.join('/')}`);
    const outside = await everything();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(path, fc.boolean()), { maxLength: 12 }), async (names) => {
        for (const [name, first] of names) {
          const local = first ? file : other;
          const added = await sysroot.add(name, local);
          if (added === null) continue;
          // Where GDB looks for it, and where it is said to be.
          expect(await realpath(sysroot.folder + name)).toBe(local);
          expect(await readlink(added)).toBe(local);
        }
        const inside = sysroot.folder.slice(home.length);
        for (const [where, what] of Object.entries(await everything())) {
          if (where.startsWith(`${inside}/`)) expect(['folder', file, other]).toContain(what);
          else expect(outside[where]).toBe(what);
        }
      }),
      { numRuns: 60 },
    );
  });
});
