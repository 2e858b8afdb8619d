import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('docs/security.md', () => {
  const page = read('docs/security.md');
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && line.includes('.test.ts` “'));

  it('has a test for each who could mean harm', () => {
    const table = page.slice(page.indexOf('| who | can reach |'), page.indexOf('What nothing stops'));
    const people = table.split('\n').filter((line) => /^\| (?!who \||---)/.test(line));
    expect(people.length).toBeGreaterThan(8);
    expect(rows).toEqual(people);
  });

  const named = rows.flatMap((row) =>
    [...row.matchAll(/`([\w./-]+\.test\.ts)`((?:,? ?“[^”]+”)+)/g)].flatMap(([, file = '', titles = '']) =>
      [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
    ),
  );
  it.each(named)('$file has “$title”', ({ file, title }) => {
    expect(read(file)).toContain(title);
  });

  it('names files that are there', () => {
    for (const [, path = ''] of page.matchAll(/`((?:electron|scripts|engine)\/[\w./-]+\.m?ts)`/g))
      expect(existsSync(join(root, path)), path).toBe(true);
  });
});

describe('docs/dependencies.md', () => {
  type Locked = { readonly license: string; readonly hasInstallScript?: boolean };
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const rows = read('docs/dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));

  it('has each, with its licence and its install script, in the order of package.json', () => {
    const names = [
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.devDependencies ?? {}),
    ];
    const expected = names.map((name) => {
      const { license = '', hasInstallScript } = packages[`node_modules/${name}`] ?? {};
      return [name, license.replace(/^\(|\)$/g, ''), hasInstallScript ? 'yes, not run' : 'no'];
    });
    const cells = rows.map((row) => row.slice(2, -2).split(' | '));
    expect(cells.map(([name = '', , licence, script]) => [name.slice(1, -1), licence, script])).toEqual(
      expected,
    );
    for (const [name, why = ''] of cells) expect(why.length, name).toBeGreaterThan(3);
  });

  it('names all that bring a script, and they are not run', () => {
    const scripted = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);
    const page = read('docs/dependencies.md');
    for (const path of scripted) expect(page).toContain(`\`${path.slice('node_modules/'.length)}\``);
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });
});
