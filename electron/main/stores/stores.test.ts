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

  it.each(['{', '[]', ''])('set a broken file aside, and say so: %s', (text) => {
    writeFileSync(join(folder, 'settings.json'), text);
    const { settings } = open();
    expect(settings.value).toMatchObject({ theme: 'system', bounds: null, zoom: 1, shortcuts: {} });
    expect(readFileSync(join(folder, 'settings.json.broken'), 'utf8')).toBe(text);
    expect(warnings).toHaveLength(1);
    settings.set({ theme: 'dark' });
    expect(open().settings.value.theme).toBe('dark');
  });

  const written = () => JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'));

  it('tell a setting that cannot be, keep it in the file, and hold to the others', () => {
    const given = {
      theme: 'pink',
      zoom: 1.5,
      monoSize: 'large',
      shortcuts: { go: ['F9'], stepInto: 'F8', restart: ['Ctrl+R', ''] },
      ofALaterVersion: 3,
    };
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(given));
    const { settings } = open();
    expect(settings.value).toMatchObject({
      theme: 'system',
      zoom: 1.5,
      monoSize: 13,
      shortcuts: { go: ['F9'] },
    });
    expect(settings.state.problems.map(({ name }) => name)).toEqual([
      'theme',
      'monoSize',
      'shortcuts.stepInto',
      'shortcuts.restart',
    ]);
    expect(warnings).toHaveLength(4);
    settings.set({ monoSize: 15 });
    expect(written()).toEqual({ ...given, monoSize: 15 });
    expect(settings.state.problems.map(({ name }) => name)).not.toContain('monoSize');
  });

  it('take settings out of a file and write them to one', () => {
    const { settings } = open();
    let changes = 0;
    settings.onChanged(() => changes++);
    settings.set({ theme: 'contrast', machines: ['birch'], bounds: { x: 1, y: 1, width: 800, height: 600 } });
    const file = join(folder, 'exported.json');
    settings.exportTo(file);
    const exported = JSON.parse(readFileSync(file, 'utf8'));
    expect(exported).toMatchObject({ theme: 'contrast', zoom: 1 });
    expect(exported).not.toHaveProperty('machines');
    expect(exported).not.toHaveProperty('bounds');
    expect(readFileSync(file, 'utf8')).toContain('\n  "theme": "contrast"');

    writeFileSync(file, JSON.stringify({ theme: 'classic', zoom: 9, machines: ['rowan'] }));
    expect(settings.importFrom(file).map(({ name }) => name)).toEqual(['zoom']);
    expect(settings.value).toMatchObject({ theme: 'classic', zoom: 1, machines: ['birch'] });
    settings.reset();
    expect(settings.value).toMatchObject({ theme: 'system', machines: ['birch'] });
    expect(changes).toBe(3);
    writeFileSync(file, 'no JSON');
    expect(() => settings.importFrom(file)).toThrow();
  });

  it('keep workspaces by what was debugged', () => {
    const content = { kind: 'user', layout: '{}', watch: ['a'], commands: ['bu x!y'] } as const;
    const { workspaces } = open();
    workspaces.set('/bin/a', { ...content, watch: [...content.watch], commands: [...content.commands] });
    workspaces.set('/bin/b', { ...content, watch: [], commands: [] });
    expect(open().workspaces.find('/bin/a')).toMatchObject(content);
    expect([workspaces.remove('/bin/a'), workspaces.remove('/bin/a')]).toEqual([true, false]);
    expect(workspaces.find('/bin/a')).toBeNull();
  });

  it('go on where nothing can be written', () => {
    writeFileSync(join(folder, 'file'), '');
    const stores = new Stores(join(folder, 'file', 'below'), { warn: (message) => warnings.push(message) });
    stores.history.append('k');
    expect(stores.history.list()).toEqual([]);
    expect(warnings.length).toBeGreaterThan(0);
  });
});
