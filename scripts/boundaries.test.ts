import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const configuration = ['biome.json', '.gitignore', 'package.json', 'scripts/renderer-types-only.grit'];

type Report = { diagnostics: { category: string; location: { path: string } }[] };

/** Each file of `sources` with the rules that Biome, configured as here, finds broken in it. */
function lint(sources: Record<string, string>): Map<string, string[]> {
  const house = mkdtempSync(join(tmpdir(), 'hawser-boundaries-'));
  try {
    for (const file of configuration) cpSync(join(root, file), join(house, file));
    for (const [file, source] of Object.entries(sources)) {
      mkdirSync(dirname(join(house, file)), { recursive: true });
      writeFileSync(join(house, file), `${source}\n`);
    }
    const args = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
    const { stdout, stderr } = spawnSync(process.execPath, [biome, ...args], {
      cwd: house,
      encoding: 'utf8',
    });
    if (!stdout.startsWith('{')) throw new Error(`biome answered:\n${stdout}\n${stderr}`);
    const found = new Map<string, string[]>();
    for (const { category, location } of (JSON.parse(stdout) as Report).diagnostics) {
      found.set(location.path, [...(found.get(location.path) ?? []), category]);
    }
    return found;
  } finally {
    rmSync(house, { recursive: true, force: true });
  }
}

const restricted = 'lint/style/noRestrictedImports';
const typesOnly = 'plugin';

/** File, source, the rule that forbids it (none: it is allowed). */
const cases: [file: string, source: string, rule?: string][] = [
  ['transports/a.ts', "export * from '../engine/session/session.ts';", restricted],
  ['transports/b.ts', "export * from '../electron/main/main.ts';", restricted],
  ['transports/tcp/c.ts', "export * from '../../tools/main.ts';", restricted],
  ['transports/d.ts', "export * from '../renderer/app.tsx';", restricted],
  ['transports/e.ts', "export { app } from 'electron';", restricted],
  ['transports/f.ts', "export * from '../engine/protocol/session.ts';", restricted],
  ['transports/ok.ts', "export { connect } from 'node:net';"],

  ['engine/a.ts', "export * from '../electron/main/main.ts';", restricted],
  ['engine/session/b.ts', "export * from '../../tools/main.ts';", restricted],
  ['engine/c.ts', "export * from '../renderer/app.tsx';", restricted],
  ['engine/d.ts', "export { app } from 'electron';", restricted],
  ['engine/e.ts', "export * from '../hub/client/client.ts';", restricted],
  ['engine/ok.ts', "export * from '../transports/transport.ts';"],

  ['hub/a.ts', "export * from '../electron/main/main.ts';", restricted],
  ['hub/client/b.ts', "export * from '../../tools/main.ts';", restricted],
  ['hub/ok.ts', "export * from '../engine/session/session.ts';"],
  ['hub/protocol/a.ts', "export type { X } from '../client/client.ts';", restricted],

  ['engine/protocol/a.ts', "export type { X } from '../session/session.ts';", restricted],
  ['engine/protocol/b.ts', "export type { X } from '../../transports/transport.ts';", restricted],
  ['engine/protocol/c.ts', "export { connect } from 'node:net';", restricted],
  ['engine/protocol/ok.ts', "export type { X } from './other.ts';"],

  ['electron/main/a.ts', "export * from '../../tools/main.ts';", restricted],
  ['electron/main/b.ts', "export * from '../../renderer/app.tsx';", restricted],
  [
    'electron/main/ok.ts',
    "export { app } from 'electron';\nexport * from '../../engine/session/session.ts';",
  ],
  ['electron/ipc/a.ts', "export type { X } from '../../engine/session/session.ts';", restricted],
  ['electron/ipc/b.ts', "export { app } from 'electron';", restricted],
  ['electron/ipc/ok.ts', "export type { X } from '../../engine/protocol/session.ts';"],

  ['tools/a.ts', "export * from '../electron/main/main.ts';", restricted],
  ['tools/b.ts', "export * from '../renderer/app.tsx';", restricted],
  ['tools/c.ts', "export { app } from 'electron';", restricted],
  ['tools/ok.ts', "export * from '../engine/session/session.ts';"],

  ['renderer/a.ts', "export type { X } from '../engine/session/session.ts';", restricted],
  ['renderer/b.ts', "export type { X } from '../transports/transport.ts';", restricted],
  ['renderer/c.ts', "export type { X } from '../electron/main/main.ts';", restricted],
  ['renderer/d.ts', "export { readFile } from 'node:fs';", restricted],
  ['renderer/e.ts', "export { ipcRenderer } from 'electron';", restricted],
  ['renderer/f.ts', "export { x } from '../engine/protocol/session.ts';", typesOnly],
  [
    'renderer/deep/g.ts',
    "import { x } from '../../electron/ipc/contract.ts';\nexport const y = x;",
    typesOnly,
  ],
  ['renderer/h.ts', "export const x = import('../engine/protocol/session.ts');", typesOnly],
  ['renderer/ok.ts', "export type { X } from '../engine/protocol/session.ts';"],
  ['renderer/deep/ok.ts', "export type { X } from '../../electron/ipc/contract.ts';"],

  ['scripts/a.mjs', "export { app } from 'electron';", restricted],
  ['bench/a.ts', "export { app } from 'electron';", restricted],
  ['e2e/ok.ts', "export type { App } from 'electron';"],

  [
    'engine/circle/a.ts',
    "export { b } from './b.ts';\nexport const a = 1;",
    'lint/suspicious/noImportCycles',
  ],
  [
    'engine/circle/b.ts',
    "export { a } from './a.ts';\nexport const b = 1;",
    'lint/suspicious/noImportCycles',
  ],
  [
    'engine/kinds/a.ts',
    "import type { B } from './b.ts';\nexport type A = B[];",
    'lint/suspicious/noImportCycles',
  ],
  [
    'engine/kinds/b.ts',
    "import type { A } from './a.ts';\nexport type B = A[];",
    'lint/suspicious/noImportCycles',
  ],
];

describe('import boundaries', () => {
  let found = new Map<string, string[]>();

  beforeAll(() => {
    found = lint(Object.fromEntries(cases));
  });
  afterAll(() => found.clear());

  it.each(cases)('%s: %s', (file, _source, rule) => {
    const categories = found.get(file) ?? [];
    if (rule) expect(categories).toContain(rule);
    else expect(categories).toEqual([]);
  });
});
