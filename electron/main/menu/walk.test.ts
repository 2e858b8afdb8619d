import { describe, expect, it } from 'vitest';
import { type MenuRow, menuWalk, windowWalk } from '../../../engine/commands/testing/conformance/menus.ts';
import { type ActionId, actions, isActionId } from '../../ipc/actions.ts';

const rows: readonly MenuRow[] = [...Object.values(menuWalk).flat(), ...windowWalk];

/** `Step Into (F11, F8)`. */
const keysIn = (entry: string) => /\(([^)]*)\)$/.exec(entry)?.[1]?.split(', ') ?? [];

describe("the walk through WinDbg's menus", () => {
  it('names actions that there are', () => {
    expect(
      rows.flatMap(({ action }) => (action === undefined || isActionId(action) ? [] : [action])),
    ).toEqual([]);
    expect(rows.filter(({ action }) => action !== undefined).length).toBeGreaterThan(60);
  });

  it('has the same keys where it says that an entry is the same', () => {
    const others = rows
      .filter(({ is, action }) => is === 'same' && action !== undefined)
      .flatMap(({ windbg, action }) => {
        const own: readonly string[] = actions[action as ActionId].keys ?? [];
        return keysIn(windbg)
          .filter((keys) => !own.includes(keys))
          .map((keys) => `${windbg}: ${keys}`);
      });
    expect(others).toEqual([]);
  });

  it('says how an entry is better, and why one is left out', () => {
    expect(rows.filter(({ is, note }) => is !== 'same' && !note).map(({ windbg }) => windbg)).toEqual([]);
    expect(rows.filter(({ is, action }) => is === 'left out' && action).map(({ windbg }) => windbg)).toEqual(
      [],
    );
  });
});
