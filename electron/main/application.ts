import { app, type BrowserWindow, clipboard, nativeTheme, shell } from 'electron';
import { LocalMachine } from '../../engine/machine/local.ts';
import { toHawserError } from '../../transports/errors/error.ts';
import type { Identity } from '../../transports/hello/messages.ts';
import type { Ending, GuiState, RecentEntry } from '../ipc/contract.ts';
import type { Log } from './diagnostics/log.ts';
import { diagnosticReport } from './diagnostics/report.ts';
import { sayInBox } from './dialogs.ts';
import type { HostedWindows } from './hosted/windows.ts';
import { Machines } from './machines/machines.ts';
import { commandEntries, type EntryId, pageEntries } from './menu/entries.ts';
import { keyboardHelpText } from './menu/keyboard-help.ts';
import { caughtKey, isHeldStep } from './menu/keys.ts';
import { ApplicationMenu } from './menu/menu.ts';
import { Push } from './page/push.ts';
import { answerRequests } from './page/requests.ts';
import { requestTable } from './request-table.ts';
import { refuseWhereSecure } from './secure-requests.ts';
import { Debugging } from './session/debugging.ts';
import { SessionPort } from './session/port.ts';
import { defaultStart, type StartRequest } from './session/start-request.ts';
import type { SessionFacts } from './session/watch.ts';
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
  readonly #push: Push;
  readonly #menu: ApplicationMenu;
  readonly #devTools: boolean;
  #modal = false;
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
    this.start = new StartActions(this.debugging, this.stores.recent, this.machines);
    this.#menu = this.#makeMenu();
    this.stores.onRecentChanged(() => this.#buildMenu());
    this.#buildMenu();
    this.#catchKeys();
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

  /** As the menu entry does, when it can be used. */
  use(id: EntryId): void {
    if (!this.#menu.isEnabled(id)) return;
    const command = commandEntries[id];
    const page = pageEntries[id];
    if (command !== undefined) this.#execute(command);
    else if (page !== undefined) this.#push.send('menu', { command: page });
    else if (id === 'break') this.debugging.breakIn();
    else if (id === 'disconnectStub') this.debugging.disconnect();
    else if (id === 'stopDebugging') this.#stopDebugging();
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
    else this.#push.send('menu', { command: 'stopDebugging' });
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

  #openRecent(entry: RecentEntry): void {
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
      hosted: () => this.showHosted(),
      exit: () => app.quit(),
    });
  }

  #buildMenu(): void {
    this.#menu.build({
      recent: this.stores.recent.list(),
      theme: this.stores.settings.value.theme,
      devTools: this.#devTools,
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

  #catchKeys(): void {
    this.window.webContents.on('before-input-event', (event, input) => {
      // A step key that is held makes no steps in store: the next one is made when the last has been.
      if (isHeldStep(input) && this.#pending > 0) {
        event.preventDefault();
        return;
      }
      const key = caughtKey(input);
      if (key === null) return;
      event.preventDefault();
      // Break goes out whatever the menu knows: it may not have heard yet that the target runs.
      if (key === 'break') this.debugging.breakIn();
      else this.use(key);
    });
  }
}
