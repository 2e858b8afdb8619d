import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { fuzz, nearly, nearlyJson } from '../../../transports/testing/fuzz.ts';
import { JsonFile } from './json-file.ts';
import { historySchema, layoutsSchema, recentSchema, settingsSchema } from './schemas.ts';

const folder = mkdtempSync(join(tmpdir(), 'hawser-stores-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bounds = { x: 0, y: 0, width: 1200, height: 800 };
const layout = JSON.stringify({ grid: { root: { type: 'branch', data: [] } }, panels: {} });
const values = [
  { theme: 'dark', bounds, maximized: true, machines: ['birch'], announce: false },
  { user: layout, kernel: '', dump: layout },
  bounds,
  { kind: 'remote', text: 'tcp:Port=1', args: '', lastUsed: 1 },
];
const schemas = [settingsSchema, layoutsSchema, recentSchema, historySchema] as const;

fuzz('settings', nearlyJson([...values, [values[3]] as unknown as object]), (value) => {
  for (const schema of schemas) {
    const read = schema.safeParse(value);
    // What was taken is taken again, as it was written.
    if (read.success) expect(schema.parse(JSON.parse(JSON.stringify(read.data)))).toEqual(read.data);
  }
});

const text = nearly(
  values.map((value) => JSON.stringify(value)),
  '{}[]":,0123456789etrufalsn\\\u0000é',
);
let count = 0;
fuzz('settings-files', text, (content) => {
  const path = join(folder, `settings-${count++ % 8}.json`);
  writeFileSync(path, content);
  const fallback = () => settingsSchema.parse({});
  const file = new JsonFile(path, settingsSchema, fallback, { warn: () => undefined });
  expect(['system', 'light', 'dark']).toContain(file.read().theme);
});
