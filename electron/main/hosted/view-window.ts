import { type BrowserWindow, clipboard } from 'electron';
import { toHawserError } from '../../../transports/errors/error.ts';
import type { IpcError } from '../../ipc/contract.ts';
import type { ListedSession, Possible, ViewEntry, ViewState } from '../../ipc/hosted.ts';
import { keysOf } from '../actions/keys.ts';
import { Push } from '../page/push.ts';
import { answerRequests, type WindowTable } from '../page/requests.ts';
import { hostedErrors } from './errors.ts';
import type { Feed } from './feed.ts';
import { viewMenu } from './menus.ts';

const breakKeys: ReadonlySet<string> = new Set(['Ctrl+Break', 'Alt+Delete']);

export interface ViewWindowOptions {
  readonly window: BrowserWindow;
  readonly log: { warn(message: string): void; error(message: string): void };
  /** Holds the host's key. */
  readonly hostKey: boolean;
  /** Secure mode is on, and the debugger is of this computer. */
  readonly secure: () => boolean;
  readonly feed: (view: ViewWindow) => Feed;
  /** As the list has it now; null: it is gone from there. */
  readonly session: () => ListedSession | null;
  readonly link: () => ViewState['link'];
  readonly terminate: () => Promise<unknown>;
  readonly closed: () => void;
}

/** The Command window of one hosted session. Closing it is Close: the session goes on. */
export class ViewWindow {
  readonly window: BrowserWindow;
  readonly #options: ViewWindowOptions;
  readonly #feed: Feed;
  readonly #push: Push;
  /** The last that was heard, for when it is gone. */
  #session: ListedSession;
  #failed: IpcError | null = null;
  /** What the menu says of it. */
  #shown: Possible = true;

  constructor(options: ViewWindowOptions, session: ListedSession) {
    this.#options = options;
    this.#session = session;
    this.window = options.window;
    const { webContents } = this.window;
    this.#push = new Push(webContents);
    this.#feed = options.feed(this);
    answerRequests(webContents, this.#table(), options.log);
    webContents.on('did-start-loading', () => this.#push.hold());
    webContents.on('before-input-event', (event, input) => {
      if (!breakKeys.has(keysOf(input) ?? '')) return;
      event.preventDefault();
      this.#try(this.#break());
    });
    this.window.on('closed', () => {
      this.#feed.end();
      options.closed();
    });
    this.#title();
    this.showMenu();
  }

  get state(): ViewState {
    const session = this.#session;
    return { session, mayRun: this.#mayRun(), link: this.#options.link(), failed: this.#failed };
  }

  showMenu(): void {
    this.#shown = this.#mayRun();
    this.window.setMenu(
      viewMenu(this.#shown, {
        break: () => this.#try(this.#break()),
        send: (command) => this.#push.send('viewMenu', { command }),
        close: () => this.window.close(),
      }),
    );
  }

  focus(): void {
    if (this.window.isMinimized()) this.window.restore();
    this.window.focus();
  }

  show(entries: readonly ViewEntry[]): void {
    this.#push.send('viewEntries', { entries });
  }

  /** The list, the link or the session have changed. */
  changed(): void {
    if (this.window.isDestroyed()) return;
    this.#session = this.#options.session() ?? this.#session;
    this.#push.send('view', this.state);
    this.#title();
    if (this.#shown !== this.#mayRun()) this.showMenu();
  }

  /** The person is not in it any more. What was read stays until the window is closed. */
  gone(): void {
    const { state, name } = this.#session;
    this.failed((state === 'open' ? hostedErrors.removed(name) : hostedErrors.over(name)).toWire());
  }

  failed(error: IpcError): void {
    this.#failed = error;
    this.changed();
  }

  #mayRun(): Possible {
    const { role, state } = this.#session;
    if (state === 'terminated') return 'The session is terminated: it can be read, not run.';
    if (role !== 'host') return 'You are a viewer: you see everything, and cannot run commands.';
    if (!this.#options.hostKey)
      return 'This computer holds a viewer’s key of your session. Paste your host’s link (Take Part) to run commands here.';
    if (this.#options.secure())
      return 'Secure mode is on, and this session’s debugger runs on this computer: it takes no commands. Terminate Session ends it.';
    return true;
  }

  #table(): WindowTable {
    const nothing = (_done?: unknown) => null;
    return {
      'view/state': () => this.state,
      'view/start': async () => {
        this.#push.begin();
        this.#failed = null;
        try {
          await this.#feed.start();
        } catch (error) {
          this.failed(toHawserError(error).toWire());
        }
        return null;
      },
      'view/taken': ({ seq }) => nothing(this.#feed.taken(seq)),
      'view/run': ({ command }) => this.#order({ type: 'input', text: command }).then(nothing),
      'view/break': () => this.#break().then(nothing),
      'view/leave': () => this.#leave().then(nothing),
      'view/close': () => nothing(setImmediate(() => this.window.close())),
      'clipboard/write': ({ text }) => nothing(clipboard.writeText(text)),
      'ui/modal': () => null,
    };
  }

  #break(): Promise<void> {
    return this.#order({ type: 'break' });
  }

  /** CTRL+B works without an agent that answers, too. */
  async #leave(): Promise<void> {
    try {
      await this.#order({ type: 'leave' });
    } catch (error) {
      if (toHawserError(error).code !== 'SESSION_AGENT_AWAY') throw error;
      await this.#options.terminate();
    }
  }

  async #order(order: Parameters<Feed['order']>[0]): Promise<void> {
    const may = this.#mayRun();
    if (may !== true) throw hostedErrors.notPossible(may);
    await this.#feed.order(order);
  }

  #try(order: Promise<void>): void {
    order.catch((error: unknown) => this.#options.log.warn(toHawserError(error).message));
  }

  #title(): void {
    const { name, state } = this.#session;
    const ended = state === 'terminated' ? ' (terminated)' : '';
    this.window.setTitle(`${name}${ended} - Hosted Session - Hawser`);
  }
}
