import { describe, expect, it } from 'vitest';
import { CommandNames } from '../../../engine/commands/names.ts';
import { commandTable } from '../../../engine/commands/table.ts';
import { actionIds, actions } from '../../ipc/actions.ts';
import { menus, placed } from '../menu/menus.ts';
import { Keymap, shownKeys, taken } from './keymap.ts';
import { canBeShortcut } from './keys.ts';

describe('the table of actions', () => {
  it('has no key twice, and none that is text or has another meaning', () => {
    const all = actionIds.flatMap((id) => actions[id].keys ?? []);
    expect(all.filter((keys, index) => all.indexOf(keys) !== index)).toEqual([]);
    expect(all.filter((keys) => !canBeShortcut(keys) || taken.has(keys))).toEqual([]);
  });

  it('shows every action with a key in a menu with one', () => {
    const silent = actionIds.filter((id) => actions[id].keys && !shownKeys(actions[id].keys ?? []));
    expect(silent).toEqual([]);
  });

  it('has a place in a menu for all but what closes single windows', () => {
    const without = actionIds.filter((id) => !placed.has(id) && !id.startsWith('close:'));
    expect(without).toEqual([]);
  });

  it('has menus whose letters differ', () => {
    for (const { label, groups } of menus) {
      const letters = groups.flat().map((item) => {
        const text = typeof item === 'string' ? actions[item].label : item.label;
        return [/&(.)/.exec(text)?.[1]?.toLowerCase(), text];
      });
      const seen = letters.map(([letter]) => letter).filter((letter) => letter !== undefined);
      expect([label, seen.filter((letter, index) => seen.indexOf(letter) !== index)]).toEqual([label, []]);
    }
  });

  it('runs commands that there are', () => {
    const names = new CommandNames(commandTable);
    const run = actionIds.filter((id) => actions[id].by === 'session');
    expect(run.length).toBeGreaterThan(5);
    for (const id of run) {
      const command = actions[id].command ?? '';
      expect([id, names.find(command, 0, command.length) !== null]).toEqual([id, true]);
    }
  });
});

describe('Keymap', () => {
  it('goes by what was chosen, then by the table', () => {
    const keymap = new Keymap({ go: ['F10', 'Ctrl+J'], stepInto: [], noSuchThing: ['F2'] });
    expect(keymap.find('F10')).toBe('go');
    expect(keymap.find('Ctrl+J')).toBe('go');
    expect(keymap.find('F5')).toBeUndefined();
    expect(keymap.find('F11')).toBeUndefined();
    expect(keymap.of('stepOver')).toEqual([]);
    expect(keymap.find('Shift+F11')).toBe('stepOut');
    expect(new Keymap({}).of('stepInto')).toEqual(['F11', 'F8']);
  });
});
