import type { MenuItemConstructorOptions } from 'electron';
import { type ActionId, actions } from '../../ipc/actions.ts';
import type { RecentEntry } from '../../ipc/contract.ts';
import { type Theme, themes } from '../../ipc/settings.ts';
import { type Keymap, shownKeys } from '../actions/keymap.ts';
import { type MenuEntry, menus, type RoleEntry, type Submenu } from './menus.ts';

export interface MenuActions {
  action(id: ActionId): void;
  recent(entry: RecentEntry): void;
  theme(theme: Theme): void;
}

export interface MenuModel {
  readonly recent: readonly RecentEntry[];
  readonly theme: Theme;
  readonly devTools: boolean;
  readonly keymap: Keymap;
}

type Item = MenuItemConstructorOptions;

const separator: Item = { type: 'separator' };

/** A label is shown as it is: `&` would mark the letter after it. */
const plain = (text: string) => text.replaceAll('&', '&&');

/** The first nine are one key each, once the menu is open. */
function recentLabel(entry: RecentEntry, index: number): string {
  const text = plain(entry.args ? `${entry.text} ${entry.args}` : entry.text);
  return index < 9 ? `&${index + 1}  ${text}` : text;
}

const themeLabels: Readonly<Record<Theme, string>> = {
  system: 'As the S&ystem',
  light: '&Light',
  dark: '&Dark',
  classic: '&WinDbg Classic',
  contrast: '&High Contrast',
};

export const RECENT = 'recent';

/** An action may stand in two menus: its items have ids of their own. */
const itemId = (id: ActionId, menu: number) => `${menu}/${id}`;
export const actionOf = (item: string): string => item.replace(/^\d+\//, '');

/** The menus of `menus.ts`, with what they list now. */
export function menuTemplate(model: MenuModel, act: MenuActions): Item[] {
  return menus.map(({ label, groups }, menu) => {
    const item = (id: ActionId): Item => {
      const accelerator = shownKeys(model.keymap.of(id));
      return {
        id: itemId(id, menu),
        label: actions[id].label,
        // Keys are caught before the page sees them (application.ts): shown here only.
        ...(accelerator !== undefined && { accelerator, registerAccelerator: false }),
        click: () => act.action(id),
      };
    };
    const submenu = ({ label, dynamic, items }: Submenu): Item => ({
      ...(dynamic === 'recent' && { id: RECENT }),
      label,
      submenu: [...filled(dynamic, model, act), ...items.map(item)],
    });
    const entry = (each: MenuEntry): Item => {
      if (typeof each === 'string') return item(each);
      return 'items' in each ? submenu(each) : ({ ...each } satisfies RoleEntry);
    };
    const parts = groups.map((group) => group.map(entry));
    if (model.devTools && label === '&View') parts.push([{ role: 'toggleDevTools' }]);
    return { label, submenu: parts.flatMap((part, index) => (index > 0 ? [separator, ...part] : part)) };
  });
}

function filled(dynamic: Submenu['dynamic'], model: MenuModel, act: MenuActions): Item[] {
  if (dynamic === 'theme')
    return themes.map((value) => ({
      label: themeLabels[value],
      type: 'radio',
      checked: model.theme === value,
      click: () => act.theme(value),
    }));
  if (dynamic === 'recent')
    return [
      ...model.recent.map((each, index) => ({
        label: recentLabel(each, index),
        click: () => act.recent(each),
      })),
      separator,
    ];
  return [];
}
