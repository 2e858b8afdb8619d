import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

type Locked = { resolved?: string; optionalDependencies?: Record<string, string> };

const file = resolve(import.meta.dirname, '../package-lock.json');
const packages: Record<string, Locked> = JSON.parse(readFileSync(file, 'utf8')).packages;

it('names no registry', () => {
  expect(Object.keys(packages).filter((path) => packages[path]?.resolved)).toEqual([]);
});

// npm install leaves out what its registry does not serve; npm ci, which set-up runs, then refuses the file.
it('holds every optional package of every platform', () => {
  const missing: string[] = [];
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      const places = [`node_modules/${name}`, `${path}/node_modules/${name}`];
      if (!places.some((place) => place in packages)) missing.push(name);
    }
  }
  expect(missing).toEqual([]);
});
