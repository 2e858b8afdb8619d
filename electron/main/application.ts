import { app, type BrowserWindow, clipboard, nativeTheme, shell } from 'electron';
import { toHawserError } from '../../transports/errors/error.ts';
import type { Identity } from '../../transports/hello/messages.ts';
import type { GuiState, RecentEntry } from '../ipc/contract.ts';
import type { Log } from './diagnostics/log.ts';
import { diagnosticReport } from './diagnostics/report.ts';
import { sayInBox } from './dialogs.ts';
import { commandEntries, type EntryId, pageEntries } from './menu/entries.ts';
import { keyboardHelpText } from './menu/keyboard-help.ts';
import { caughtKey } from './menu/keys.ts';
import { ApplicationMenu } from './menu/menu.ts';
import { Push } from './page/push.ts';
import { answerRequests } from './page/requests.ts';
import { requestTable } from './request-table.ts';
import { Debugging } from './session/debugging.ts';
import { SessionPort } from './session/port.ts';
import type { StartRequest } from './session/start-request.ts';
import type { SessionFacts } from './session/watch.ts';
import { StartActions } from './start-actions.ts';
import type { Stores } from './stores/stores.ts';

/** The one window and what is debugged in it. */
export class Application {
  readonly identity: Identity;
  readonly window: BrowserWindow;
  readonly log: Log;
  readonly stores: Stores;
  readonly debugging: Debugging;
  readonly start: StartActions;
  readonly port: SessionPort;
  readonly #push: Push;
  readonly #menu: ApplicationMenu;
  readonly #devTools: boolean;
  #modal = false;
  #commands = 0;

  constructor(options: {
    identity: Identity;
    window: BrowserWindow;
    log: Log;
    stores: Stores;
    devTools: boolean;
  }) {
    this.identity = options.identity;
    this.window = options.window;
    this.log = options.log;
    this.stores = options.stores;
    this.#devTools = options.devTools;
    const { webContents } = this.window;
    this.#push = new Push(webContents);
    this.debugging = new Debugging(this.identity, {
      stateChanged: (state) => this.#stateChanged(state),
      factsChanged: (facts) => this.#factsChanged(facts),
      linkChanged: () => this.port.offer(),
      info: (message) => this.log.info(message),
      warn: (message) => this.log.warn(message),
    });
    this.port = new SessionPort(webContents, this.debugging, this.#push);
    this.start = new StartActions(this.debugging, this.stores.recent);
    this.#menu = this.#makeMenu();
    this.stores.onRecentChanged(() => this.#buildMenu());
    this.#buildMenu();
    this.#catchKeys();
    answerRequests(webContents, requestTable(this), this.log);
  }

  /** What the command line asked for. */
  begin(request: StartRequest): void {
    if (request.remote !== null) this.#tryRemote(request.remote, request);
    else if (request.target) this.#tryLocal(request);
  }

  setModal(open: boolean): void {
    this.#modal = open;
    this.#showMenu();
  }

  /** As the menu entry does, when it can be used. */
  use(id: EntryId): void {
    if (!this.#menu.isEnabled(id)) return;
    const command = commandEntries[id];
    const page = pageEntries[id];
    if (command !== undefined) this.debugging.execute(command, `menu-${++this.#commands}`);
    else if (page !== undefined) this.#push.send('menu', { command: page });
    else if (id === 'break') this.debugging.breakIn();
    else if (id === 'stopDebugging') this.#stopDebugging();
  }

  #stopDebugging(): void {
    const { mode } = this.debugging.state;
    if (mode === 'starting') this.debugging.cancel();
    else if (mode === 'linkLost') this.debugging.giveUp();
    else this.#push.send('menu', { command: 'stopDebugging' });
  }

  #tryRemote(connection: string, request: Pick<StartRequest, 'password' | 'start'> | null): void {
    this.start.remote(connection, request?.password, 'strip').then(
      () => this.port.afterAttach(() => this.#firstCommands(request?.start)),
      (error: unknown) => this.debugging.showFailure(toHawserError(error), this.start.shown(connection)),
    );
  }

  /** `-bonc` and `-c` of a client. */
  #firstCommands(start: StartRequest['start'] | undefined): void {
    if (start?.breakOnConnect) this.debugging.breakIn();
    if (start?.commands) this.debugging.execute(start.commands, `start-${++this.#commands}`);
  }

  #tryLocal(request: StartRequest): void {
    const { target, start, server, password, historyCommands, resumeWindow } = request;
    if (!target) return;
    const options = { target, options: start, server: server ?? undefined, password };
    this.start
      .local({
        ...options,
        historyCommands: historyCommands ?? undefined,
        resumeWindow: resumeWindow ?? undefined,
      })
      .catch((error: unknown) => this.debugging.showFailure(toHawserError(error)));
  }

  #openRecent(entry: RecentEntry): void {
    if (entry.kind === 'remote') this.#tryRemote(entry.text, null);
    else this.start.recent(entry).catch((error: unknown) => this.debugging.showFailure(toHawserError(error)));
  }

  #stateChanged(state: GuiState): void {
    const title =
      state.mode === 'session' ? state.title : state.mode === 'linkLost' ? state.connection : null;
    this.window.setTitle(title === null ? 'Hawser' : `${title} - Hawser`);
    this.#push.send('state', state);
    this.#showMenu();
  }

  #factsChanged(facts: SessionFacts): void {
    this.port.factsChanged(facts);
    this.#showMenu();
  }

  #makeMenu(): ApplicationMenu {
    return new ApplicationMenu({
      entry: (id) => this.use(id),
      recent: (entry) => this.#openRecent(entry),
      clearRecent: () => this.stores.recent.clear(),
      theme: (theme) => {
        this.stores.settings.set({ theme });
        nativeTheme.themeSource = theme;
      },
      keyboardHelp: () => void sayInBox(this.window, 'Keyboard', keyboardHelpText),
      copyReport: () =>
        clipboard.writeText(diagnosticReport(this.identity.version, this.debugging.state, this.log)),
      openLogFolder: () => void shell.openPath(this.log.folder),
      about: () => this.#push.send('menu', { command: 'about' }),
      exit: () => app.quit(),
    });
  }

  #buildMenu(): void {
    this.#menu.build({
      recent: this.stores.recent.list(),
      theme: this.stores.settings.value.theme,
      devTools: this.#devTools,
    });
    this.#showMenu();
  }

  #showMenu(): void {
    const { facts, state } = this.debugging;
    this.#menu.show({
      gui: state,
      target: facts.target,
      viewer: facts.you?.role === 'viewer',
      modal: this.#modal,
      hasRecent: this.stores.recent.count > 0,
    });
  }

  #catchKeys(): void {
    this.window.webContents.on('before-input-event', (event, input) => {
      const key = caughtKey(input);
      if (key === null) return;
      event.preventDefault();
      // Break goes out whatever the menu knows: it may not have heard yet that the target runs.
      if (key === 'break') this.debugging.breakIn();
      else this.use(key);
    });
  }
}
