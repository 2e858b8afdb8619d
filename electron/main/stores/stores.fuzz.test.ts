import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { fuzz, nearly, nearlyJson } from '../../../transports/testing/fuzz.ts';
import { workspaceContent } from '../../ipc/workspace.ts';
import { historySchema, layoutsSchema, recentSchema } from './schemas.ts';
import { readSettings, SettingsStore } from './settings.ts';
import { WorkspaceStore } from './workspaces.ts';

const folder = mkdtempSync(join(tmpdir(), 'hawser-stores-'));
afterAll(() => rmSync(folder, { recursive: true }));

const layout = JSON.stringify({ grid: { root: { type: 'branch', data: [] } }, panels: {} });
const settings = {
  ...{
    theme: 'dark',
    bounds: { x: 0, y: 0, width: 1200, height: 800 },
    maximized: true,
    machines: ['birch'],
  },
  ...{ zoom: 1.5, monoFont: 'Mono', shortcuts: { go: 'F5', constructor: 'F6' }, symbolPath: '/a;/b' },
};
const workspace = { kind: 'user', layout, watch: ['a'], commands: ['bp main'] };
const recent = { kind: 'remote', text: 'tcp:Port=1', args: '', lastUsed: 1 };
const schemas = [layoutsSchema, recentSchema, historySchema, workspaceContent] as const;

fuzz(
  'settings',
  nearlyJson([settings, { user: layout, kernel: '', dump: layout }, recent, workspace]),
  (value) => {
    for (const schema of schemas)
      for (const whole of [value, [value]]) {
        const read = schema.safeParse(whole);
        // What was taken is taken again, as it was written.
        if (read.success) expect(schema.parse(JSON.parse(JSON.stringify(read.data)))).toEqual(read.data);
      }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const { values, problems } = readSettings(value as Record<string, unknown>);
    // Each wrong one is told, and what is used is in order.
    expect(readSettings(values as never).problems).toEqual([]);
    for (const { name, why } of problems) expect(name && why).toBeTruthy();
  },
);

const right = [settings, [recent], [{ name: 'birch', ...workspace }]].map((value) => JSON.stringify(value));
const log = { warn: () => undefined };
let count = 0;
fuzz('settings-files', nearly(right, '{}[]":,0123456789etrufalsn\\\u0000é'), (content) => {
  const path = join(folder, `file-${count++ % 8}.json`);
  writeFileSync(path, content);
  new WorkspaceStore(path, log).find('birch');
  writeFileSync(path, content);
  expect(readSettings(new SettingsStore(path, log).value as never).problems).toEqual([]);
});
