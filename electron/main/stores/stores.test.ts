import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stores } from './stores.ts';

let folder: string;
let warnings: string[];
const open = () => new Stores(folder, { warn: (message) => warnings.push(message) });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-stores-'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('stores', () => {
  it('keep the history across starts, each command once, newest last', () => {
    const { history } = open();
    for (const command of ['r', 'k', 'r', '', '  ']) history.append(command);
    expect(open().history.list()).toEqual(['k', 'r']);
  });

  it('keep no command that holds a password', () => {
    const { history } = open();
    history.append('.server tcp:port=5005,password=fathom');
    history.append('.server tcp:port=5005,Password = "fathom"');
    expect(history.list()).toEqual([]);
    expect(existsSync(join(folder, 'history.json'))).toBe(false);
  });

  it('keep a thousand commands', () => {
    writeFileSync(
      join(folder, 'history.json'),
      JSON.stringify(Array.from({ length: 1000 }, (_, i) => `? ${i}`)),
    );
    const { history } = open();
    history.append('last');
    expect(history.list()).toHaveLength(1000);
    expect(history.list().at(0)).toBe('? 1');
    expect(history.list().at(-1)).toBe('last');
  });

  it('list what was used last first, and say when that changed', () => {
    const { recent, ...stores } = open();
    let changes = 0;
    const all = open();
    all.onRecentChanged(() => changes++);
    const entry = (text: string, lastUsed: number) => ({ kind: 'remote', text, args: '', lastUsed }) as const;
    all.recent.add(entry('a', 1));
    all.recent.add(entry('b', 2));
    all.recent.add(entry('a', 3));
    expect(recent.list().map(({ text, lastUsed }) => [text, lastUsed])).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
    expect(recent.count).toBe(2);
    all.recent.clear();
    expect([changes, all.recent.count, stores.settings.value.theme]).toEqual([4, 0, 'system']);
  });

  it.each(['{', '{"theme":"pink"}', '[]', ''])('set a broken file aside, and say so: %s', (text) => {
    writeFileSync(join(folder, 'settings.json'), text);
    const { settings } = open();
    expect(settings.value).toEqual({
      theme: 'system',
      bounds: null,
      maximized: false,
      machines: [],
      announce: false,
    });
    expect(readFileSync(join(folder, 'settings.json.broken'), 'utf8')).toBe(text);
    expect(warnings).toHaveLength(1);
    settings.set({ theme: 'dark' });
    expect(open().settings.value.theme).toBe('dark');
  });

  it('go on where nothing can be written', () => {
    writeFileSync(join(folder, 'file'), '');
    const stores = new Stores(join(folder, 'file', 'below'), { warn: (message) => warnings.push(message) });
    stores.history.append('k');
    expect(stores.history.list()).toEqual([]);
    expect(warnings.length).toBeGreaterThan(0);
  });
});
