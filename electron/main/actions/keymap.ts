import { type ActionId, actionIds, actions } from '../../ipc/actions.ts';
import { canBeShortcut } from './keys.ts';

/** By action; what is not in it has its own keys from the table. An empty list: none. */
export type Shortcuts = Readonly<Record<string, readonly string[]>>;

/** Keys that the page's text boxes and the system have for themselves. */
export const taken: ReadonlySet<string> = new Set(
  ['C', 'X', 'V', 'A', 'Z', 'Y'].map((key) => `Ctrl+${key}`).concat('Alt+Space', 'Ctrl+Space'),
);

/** Why keys cannot be a shortcut; '' where they can. */
export function notShortcut(keys: string): string {
  if (taken.has(keys)) return 'is for text boxes, or the system.';
  return canBeShortcut(keys) ? '' : 'is for typing or moving about: add Ctrl or Alt.';
}

/** Which action a key means. */
export class Keymap {
  readonly #changed: Shortcuts;
  readonly #byKeys = new Map<string, ActionId>();

  constructor(changed: Shortcuts) {
    this.#changed = changed;
    // What somebody chose goes before what the program comes with.
    const own = actionIds.filter((id) => Object.hasOwn(changed, id));
    for (const id of new Set([...own, ...actionIds]))
      for (const keys of this.#wanted(id)) if (!this.#byKeys.has(keys)) this.#byKeys.set(keys, id);
  }

  find(keys: string): ActionId | undefined {
    return this.#byKeys.get(keys);
  }

  /** Those that lead to it. */
  of(id: ActionId): readonly string[] {
    return this.#wanted(id).filter((keys) => this.#byKeys.get(keys) === id);
  }

  #wanted(id: ActionId): readonly string[] {
    return (Object.hasOwn(this.#changed, id) ? this.#changed[id] : actions[id].keys) ?? [];
  }
}

/** Electron shows those only that its accelerators know. */
export function shownKeys(keys: readonly string[]): string | undefined {
  return keys.find((each) =>
    /^(?:(?:Ctrl|Alt|Shift|Super)\+)*(?:F\d+|[A-Z0-9]|[-=,./;[\]\\`']|Plus|Up|Down|Left|Right|Home|End|PageUp|PageDown|Insert|Delete|Tab|Enter|Esc|Space|Backspace)$/.test(
      each,
    ),
  );
}
