import { join } from 'node:path';
import { HistoryStore } from './history.ts';
import type { StoreLog } from './json-file.ts';
import { LayoutStore } from './layouts.ts';
import { RecentStore } from './recent.ts';
import { SettingsStore } from './settings.ts';
import { WorkspaceStore } from './workspaces.ts';

/** What is kept between starts of the program. Never a password. */
export class Stores {
  readonly settings: SettingsStore;
  readonly recent: RecentStore;
  readonly history: HistoryStore;
  readonly layouts: LayoutStore;
  readonly workspaces: WorkspaceStore;
  #recentChanged: () => void = () => {};

  constructor(folder: string, log: StoreLog) {
    this.settings = new SettingsStore(join(folder, 'settings.json'), log);
    this.recent = new RecentStore(join(folder, 'recent.json'), log, () => this.#recentChanged());
    this.history = new HistoryStore(join(folder, 'history.json'), log);
    this.layouts = new LayoutStore(join(folder, 'layouts.json'), log);
    this.workspaces = new WorkspaceStore(join(folder, 'workspaces.json'), log);
  }

  onRecentChanged(listener: () => void): void {
    this.#recentChanged = listener;
  }
}
