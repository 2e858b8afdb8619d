import { Menu, type MenuItem } from 'electron';
import { type ActionId, actions, isActionId } from '../../ipc/actions.ts';
import { type Conditions, conditions, enablement, type Situation } from '../actions/enablement.ts';
import { actionOf, type MenuActions, type MenuModel, menuTemplate, RECENT } from './template.ts';

/** The application's menu. It is built when what it lists changes; a change of what can be used only greys. */
export class ApplicationMenu {
  readonly #actions: MenuActions;
  readonly #items: { readonly when: keyof Conditions; readonly item: MenuItem }[] = [];
  #situation: Situation | null = null;

  constructor(actions: MenuActions) {
    this.#actions = actions;
  }

  build(model: MenuModel): void {
    const menu = Menu.buildFromTemplate(menuTemplate(model, this.#actions));
    this.#items.length = 0;
    this.#collect(menu);
    if (this.#situation) this.show(this.#situation);
    Menu.setApplicationMenu(menu);
  }

  show(situation: Situation): void {
    this.#situation = situation;
    const holds = conditions(situation);
    // The assignment alone makes the desktop redraw; at a thousand steps a second nothing may change here.
    for (const { when, item } of this.#items) if (item.enabled !== holds[when]) item.enabled = holds[when];
  }

  isEnabled(id: ActionId): boolean {
    return this.#situation !== null && conditions(this.#situation)[actions[id].when];
  }

  /** What could be used if no dialog were open. */
  get enabled(): Readonly<Record<ActionId, boolean>> | null {
    return this.#situation && enablement({ ...this.#situation, modal: false });
  }

  #collect(menu: Menu): void {
    for (const item of menu.items) {
      const id = actionOf(item.id ?? '');
      if (item.id === RECENT) this.#items.push({ when: 'recent', item });
      else if (isActionId(id)) this.#items.push({ when: actions[id].when, item });
      if (item.submenu) this.#collect(item.submenu);
    }
  }
}
