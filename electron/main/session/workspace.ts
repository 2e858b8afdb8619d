import type { GuiState, LayoutKind, Layouts, LoadedWorkspace } from '../../ipc/contract.ts';
import type { WorkspaceContent } from '../../ipc/workspace.ts';
import type { Stores } from '../stores/stores.ts';
import { guiErrors } from './errors.ts';
import type { SessionFacts } from './watch.ts';

/** What a session's workspace goes by: the program, the core file, the wire, the connection; null: there is no session. */
export function workspaceName(state: GuiState, facts: SessionFacts): string | null {
  if (state.mode === 'linkLost') return `remote ${state.connection}`;
  if (state.mode !== 'session') return null;
  if (state.kind === 'remote') return `remote ${state.connection}`;
  const where = state.stub ? ` on ${state.stub.machine}` : '';
  // Process numbers differ each time.
  const title = /^process \d+$/.test(state.title)
    ? `process ${facts.target?.process?.name ?? ''}`
    : state.title;
  return `${title}${where}`;
}

type WorkspaceStores = Pick<Stores, 'layouts' | 'workspaces' | 'settings'>;

/** The arrangement of windows, and what else is kept, of the session that there is. */
export class Workspace {
  readonly #stores: WorkspaceStores;
  readonly #name: () => string | null;
  /** Whether its commands may be run: a session of others is not ours to set breakpoints in. */
  readonly #ours: () => boolean;
  /** As the windows are now. A page that comes back finds them so, whatever is kept on disk. */
  #live: Partial<Record<LayoutKind, string>> = {};
  #applied = false;

  constructor(stores: WorkspaceStores, name: () => string | null, ours: () => boolean) {
    this.#stores = stores;
    this.#name = name;
    this.#ours = ours;
  }

  load(): LoadedWorkspace {
    const name = this.#name();
    const found = name === null ? null : this.#stores.workspaces.find(name);
    const own = found ? { [found.kind]: found.layout } : {};
    const layouts: Layouts = { ...this.#stores.layouts.all(), ...own, ...this.#live };
    const first = found !== null && !this.#applied;
    this.#applied = true;
    return {
      layouts,
      watch: first ? found.watch : null,
      commands: first && this.#ours() ? found.commands : [],
    };
  }

  keepLayout(kind: LayoutKind, layout: string): void {
    this.#live[kind] = layout;
    if (!this.#stores.settings.value.keepLayout) return;
    const name = this.#name();
    const found = name === null ? null : this.#stores.workspaces.find(name);
    if (name !== null && found?.kind === kind) this.#stores.workspaces.set(name, { ...found, layout });
    else this.#stores.layouts.set(kind, layout);
  }

  /** @throws HawserError `NO_SESSION` */
  save(content: WorkspaceContent): string {
    const name = this.#mustHaveName();
    this.#stores.workspaces.set(name, content);
    return name;
  }

  /** @throws HawserError `NO_SESSION` */
  clear(): { readonly name: string; readonly there: boolean } {
    const name = this.#mustHaveName();
    return { name, there: this.#stores.workspaces.remove(name) };
  }

  /** The session is over. */
  end(): void {
    this.#live = {};
    this.#applied = false;
  }

  #mustHaveName(): string {
    const name = this.#name();
    if (name === null) throw guiErrors.noSession();
    return name;
  }
}
