import { app, type BrowserWindow, clipboard, shell, type WebContents } from 'electron';
import { LocalMachine } from '../../engine/machine/local.ts';
import { toHawserError } from '../../transports/errors/error.ts';
import type { Identity } from '../../transports/hello/messages.ts';
import { type ActionId, actionIds, actions, type MainAction, plainLabel } from '../ipc/actions.ts';
import type { Ending, GuiState, ListedAction, PageAction, RecentEntry } from '../ipc/contract.ts';
import { Keymap, notShortcut } from './actions/keymap.ts';
import { keysOf } from './actions/keys.ts';
import type { Log } from './diagnostics/log.ts';
import { diagnosticReport } from './diagnostics/report.ts';
import type { HostedWindows } from './hosted/windows.ts';
import { Machines } from './machines/machines.ts';
import { ApplicationMenu } from './menu/menu.ts';
import { placed } from './menu/menus.ts';
import { zoomed } from './page/look.ts';
import { Push } from './page/push.ts';
import { answerRequests } from './page/requests.ts';
import { requestTable } from './request-table.ts';
import { refuseWhereSecure } from './secure-requests.ts';
import { Debugging } from './session/debugging.ts';
import { SessionPort } from './session/port.ts';
import { defaultStart, type StartRequest } from './session/start-request.ts';
import type { SessionFacts } from './session/watch.ts';
import { Workspace, workspaceName } from './session/workspace.ts';
import { StartActions } from './start-actions.ts';
import type { Stores } from './stores/stores.ts';
import { windowTitle } from './title.ts';

/** The one window and what is debugged in it. */
export class Application {
  readonly identity: Identity;
  readonly window: BrowserWindow;
  readonly log: Log;
  readonly stores: Stores;
  readonly debugging: Debugging;
  readonly start: StartActions;
  readonly machines: Machines;
  readonly port: SessionPort;
  readonly hosted: HostedWindows;
  readonly workspace: Workspace;
  readonly #push: Push;
  readonly #menu: ApplicationMenu;
  readonly #devTools: boolean;
  #modal = false;
  #keymap: Keymap;
  /** The page records what is pressed. */
  #recording = false;
  #commands = 0;
  /** Commands of the menu that have not finished. */
  #pending = 0;
  #title = '';
  /** `.wtitle`. */
  #ownTitle = '';

  constructor(options: {
    identity: Identity;
    window: BrowserWindow;
    log: Log;
    stores: Stores;
    hosted: HostedWindows;
    devTools: boolean;
  }) {
    this.identity = options.identity;
    this.window = options.window;
    this.log = options.log;
    this.stores = options.stores;
    this.hosted = options.hosted;
    this.#devTools = options.devTools;
    const { webContents } = this.window;
    this.#push = new Push(webContents);
    this.hosted.secure = () => this.debugging.secure;
    this.debugging = new Debugging(this.identity, {
      stateChanged: (state) => this.#stateChanged(state),
      factsChanged: (facts) => this.#factsChanged(facts),
      linkChanged: () => this.port.offer(),
      info: (message) => this.log.info(message),
      warn: (message) => this.log.warn(message),
    });
    this.port = new SessionPort(webContents, this.debugging, this.#push);
    this.machines = new Machines(this.debugging, new LocalMachine());
    this.start = new StartActions(this.debugging, this.stores.recent, this.machines, this.stores.settings);
    this.workspace = new Workspace(
      this.stores,
      () => workspaceName(this.debugging.state, this.debugging.facts),
      () => this.debugging.local !== null,
    );
    this.#menu = this.#makeMenu();
    this.#keymap = new Keymap(this.stores.settings.value.shortcuts);
    this.stores.onRecentChanged(() => this.#buildMenu());
    this.stores.settings.onChanged(() => this.#settingsChanged());
    this.#buildMenu();
    this.catchKeys(webContents);
    answerRequests(webContents, requestTable(this), this.log, (name) =>
      refuseWhereSecure(this.debugging.secure, name),
    );
  }

  /** What the command line asked for. */
  begin(request: StartRequest): void {
    if (request.secure) this.debugging.makeSecure();
    if (request.remote !== null) this.#tryRemote(request.remote, request);
    else if (request.kernel !== null) this.#tryKernel(request.kernel, request);
    else this.#tryTarget(request);
  }

  setModal(open: boolean): void {
    this.#modal = open;
    this.#showMenu();
  }

  showHosted(): void {
    this.hosted.show();
  }

  /** What there is to be done, with its keys. */
  listActions(): readonly ListedAction[] {
    const { enabled } = this.#menu;
    return actionIds.map((id) => ({
      id,
      title: plainLabel(actions[id].label),
      menu: placed.get(id) ?? '',
      keys: this.#keymap.of(id),
      defaultKeys: actions[id].keys ?? [],
      command: actions[id].command ?? '',
      enabled: enabled?.[id] ?? false,
    }));
  }

  /** As the menu entry does, when it can be used. */
  use(id: ActionId): void {
    if (this.#menu.isEnabled(id)) this.#do(id);
  }

  /** From the command palette, which is a dialog itself. */
  doFromPalette(id: ActionId): void {
    if (this.#menu.enabled?.[id]) this.#do(id);
  }

  record(on: boolean): void {
    this.#recording = on;
  }

  #do(id: ActionId): void {
    const { by, command } = actions[id];
    if (by === 'session') this.#execute(command ?? '');
    else if (by === 'page') this.#push.send('action', { id: id as PageAction });
    else this.#own[id as MainAction]();
  }

  readonly #own: Readonly<Record<MainAction, () => void>> = {
    break: () => this.debugging.breakIn(),
    disconnectStub: () => this.debugging.disconnect(),
    stopDebugging: () => this.#stopDebugging(),
    hostedSessions: () => this.showHosted(),
    clearRecent: () => this.stores.recent.clear(),
    exit: () => app.quit(),
    zoomIn: () => this.#zoom(1),
    zoomOut: () => this.#zoom(-1),
    zoomReset: () => this.stores.settings.set({ zoom: 1 }),
    toolbar: () => this.#toggle('toolbar'),
    statusBar: () => this.#toggle('statusBar'),
    minimize: () => this.window.minimize(),
    fullScreen: () => this.window.setFullScreen(!this.window.isFullScreen()),
    copyReport: () =>
      clipboard.writeText(diagnosticReport(this.identity.version, this.debugging.state, this.log)),
    openLogFolder: () => void shell.openPath(this.log.folder),
  };

  #toggle(name: 'toolbar' | 'statusBar'): void {
    const { settings } = this.stores;
    settings.set({ [name]: !settings.value[name] });
  }

  #zoom(by: 1 | -1): void {
    const { settings } = this.stores;
    settings.set({ zoom: zoomed(settings.value.zoom, by) });
  }

  #settingsChanged(): void {
    this.#keymap = new Keymap(this.stores.settings.value.shortcuts);
    this.#buildMenu();
    this.#push.send('settings', this.stores.settings.state);
  }

  #execute(command: string): void {
    this.#pending++;
    void this.debugging.execute(command, `menu-${++this.#commands}`).finally(() => this.#pending--);
  }

  #stopDebugging(): void {
    const { mode } = this.debugging.state;
    if (mode === 'starting') this.debugging.cancel();
    else if (mode === 'linkLost') this.debugging.giveUp();
    else if (this.debugging.endsBy) this.#stopSo(this.debugging.endsBy);
    else this.#push.send('ask', { what: 'stop' });
  }

  #stopSo(how: Ending): void {
    this.debugging
      .stop(how)
      .catch((error: unknown) => this.log.warn(`stop: ${toHawserError(error).message}`));
  }

  #tryRemote(connection: string, request: Pick<StartRequest, 'password' | 'start'> | null): void {
    this.start.remote(connection, request?.password, 'strip').then(
      () => this.port.afterAttach(() => this.#firstCommands(request?.start)),
      (error: unknown) =>
        this.debugging.showFailure(toHawserError(error), {
          to: 'session',
          text: this.start.shown(connection),
        }),
    );
  }

  /** `-bonc` and `-c` of a client. */
  #firstCommands(start: StartRequest['start'] | undefined): void {
    if (start?.breakOnConnect) this.debugging.breakIn();
    if (start?.commands) void this.debugging.execute(start.commands, `start-${++this.#commands}`);
  }

  #tryTarget(request: StartRequest): void {
    const { premote, server, password, historyCommands, resumeWindow } = request;
    const start = {
      options: request.start,
      server: server ?? undefined,
      // With -premote it is the stub's, which has been told by then.
      password: premote === null ? password : undefined,
      historyCommands: historyCommands ?? undefined,
      resumeWindow: resumeWindow ?? undefined,
    };
    const open = async () => {
      if (premote !== null) {
        const chosen = request.target !== null || request.processName !== null || request.implicit;
        const image = request.image ?? undefined;
        await this.start.stub(premote, password, 'strip', { ...start, chosen, image });
      }
      const target = await this.start.wanted(request);
      if (target) await this.start.target(target, start);
    };
    open().catch((error: unknown) => {
      const again = premote === null ? undefined : { to: 'stub' as const, text: this.start.shown(premote) };
      this.debugging.showFailure(toHawserError(error), again);
    });
  }

  #tryKernel(wire: string, request: StartRequest | null): void {
    const start = {
      options: request?.start ?? defaultStart,
      server: request?.server ?? undefined,
      historyCommands: request?.historyCommands ?? undefined,
      resumeWindow: request?.resumeWindow ?? undefined,
      image: request?.image ?? undefined,
    };
    this.start.kernel(wire, request?.password, 'strip', start).catch((error: unknown) => {
      this.debugging.showFailure(toHawserError(error), { to: 'kernel', text: this.start.shownWire(wire) });
    });
  }

  openRecent(entry: RecentEntry): void {
    try {
      if (entry.kind === 'executable') refuseWhereSecure(this.debugging.secure, 'executable/open');
      if (entry.kind === 'core') refuseWhereSecure(this.debugging.secure, 'core/open');
    } catch (error) {
      this.debugging.showFailure(toHawserError(error));
      return;
    }
    if (entry.kind === 'remote') this.#tryRemote(entry.text, null);
    else if (entry.kind === 'stub') this.#tryStub(entry.text);
    else if (entry.kind === 'kernel') this.#tryKernel(entry.text, null);
    else this.start.recent(entry).catch((error: unknown) => this.debugging.showFailure(toHawserError(error)));
  }

  #tryStub(connection: string): void {
    this.start.stub(connection, undefined, 'strip').catch((error: unknown) => {
      this.debugging.showFailure(toHawserError(error), { to: 'stub', text: connection });
    });
  }

  #stateChanged(state: GuiState): void {
    if (state.mode !== 'session' && state.mode !== 'linkLost') this.workspace.end();
    this.#showTitle();
    this.#push.send('state', state);
    this.#showMenu();
  }

  #factsChanged(facts: SessionFacts): void {
    this.port.factsChanged(facts);
    this.#showTitle();
    this.#showMenu();
  }

  /** Of the session that runs now; '' for the program's own again. */
  setOwnTitle(title: string): void {
    this.#ownTitle = title.replace(/\p{Cc}/gu, ' ').trim();
    this.#showTitle();
  }

  #showTitle(): void {
    if (this.debugging.state.mode !== 'session') this.#ownTitle = '';
    const title =
      this.#ownTitle || windowTitle(this.debugging.state, this.debugging.facts.target?.machine ?? '');
    // At a thousand steps a second nothing may change here.
    if (title !== this.#title) this.window.setTitle(title);
    this.#title = title;
  }

  #makeMenu(): ApplicationMenu {
    return new ApplicationMenu({
      action: (id) => this.use(id),
      recent: (entry) => this.openRecent(entry),
      theme: (theme) => this.stores.settings.set({ theme }),
    });
  }

  #buildMenu(): void {
    this.#menu.build({
      recent: this.stores.recent.list(),
      theme: this.stores.settings.value.theme,
      devTools: this.#devTools,
      keymap: this.#keymap,
    });
    this.hosted.showMenus();
    this.#showMenu();
  }

  #showMenu(): void {
    const { facts, state } = this.debugging;
    this.hosted.lookWhetherSecure();
    this.#menu.show({
      gui: state,
      target: facts.target,
      viewer: facts.you?.role === 'viewer',
      modal: this.#modal,
      hasRecent: this.stores.recent.count > 0,
      secure: this.debugging.secure,
    });
  }

  /** Of a page of the main window: shortcuts go before what the page does with the keys. */
  catchKeys(contents: WebContents): void {
    contents.on('before-input-event', (event, input) => {
      const keys = keysOf(input);
      if (keys === null) return;
      if (this.#recording) {
        event.preventDefault();
        this.#push.send('recorded', { keys, why: notShortcut(keys) });
        return;
      }
      const id = this.#keymap.find(keys);
      // A step key that is held makes no steps in store: the next one is made when the last has been.
      const held = id !== undefined && actions[id].step && input.isAutoRepeat && this.#pending > 0;
      // Break goes out whatever the menu knows: it may not have heard yet that the target runs.
      const usable = id !== undefined && (id === 'break' || this.#menu.isEnabled(id));
      if (!held && !usable) return;
      event.preventDefault();
      if (!held && id !== undefined) this.#do(id);
    });
  }
}
