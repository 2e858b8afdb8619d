import { Menu } from 'electron';
import { enablement, type MenuSituation } from './enablement.ts';
import type { EntryId } from './entries.ts';
import { type MenuActions, type MenuModel, menuTemplate } from './template.ts';

/** The application's menu. It is built when what it lists changes; a change of what can be used only greys. */
export class ApplicationMenu {
  readonly #actions: MenuActions;
  #menu: Menu | null = null;
  #situation: MenuSituation | null = null;

  constructor(actions: MenuActions) {
    this.#actions = actions;
  }

  build(model: MenuModel): void {
    this.#menu = Menu.buildFromTemplate(menuTemplate(model, this.#actions));
    if (this.#situation) this.show(this.#situation);
    Menu.setApplicationMenu(this.#menu);
  }

  show(situation: MenuSituation): void {
    this.#situation = situation;
    for (const [id, enabled] of Object.entries(enablement(situation))) {
      const item = this.#menu?.getMenuItemById(id);
      // The assignment alone makes the desktop redraw; at a thousand steps a second nothing may change here.
      if (item && item.enabled !== enabled) item.enabled = enabled;
    }
  }

  isEnabled(id: EntryId): boolean {
    return this.#situation !== null && enablement(this.#situation)[id];
  }
}
