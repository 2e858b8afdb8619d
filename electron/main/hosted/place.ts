import { type BrowserWindow, clipboard } from 'electron';
import { isDirect } from '../../../hub/agent/debugger.ts';
import type { RequestName } from '../../ipc/contract.ts';
import type { HostedAction, ListedSession, Possible, SessionAction } from '../../ipc/hosted.ts';
import { chooseFile } from '../dialogs.ts';
import { Push } from '../page/push.ts';
import { answerRequests, type WindowTable } from '../page/requests.ts';
import { offeredDebuggers } from './debuggers.ts';
import type { Hosted } from './hosted.ts';
import { type Possibilities, placeMenu } from './menus.ts';

interface PlaceLog {
  warn(message: string): void;
  error(message: string): void;
}

/** The window of hosted sessions: sign-in, the two lists, the Actions menu. Beside the main one, which it leaves alone. */
export class Place {
  readonly window: BrowserWindow;
  readonly #hosted: Hosted;
  readonly #push: Push;
  #selected: string | null = null;
  #modal = false;
  /** The menu is built anew only when it says something else. */
  #shown = '';

  constructor(window: BrowserWindow, hosted: Hosted, log: PlaceLog, guard: (name: RequestName) => void) {
    this.window = window;
    this.#hosted = hosted;
    this.#push = new Push(window.webContents);
    window.webContents.on('did-start-loading', () => this.#push.hold());
    answerRequests(window.webContents, this.#table(), log, guard);
    window.setTitle('Hosted Sessions - Hawser');
    this.showMenu();
  }

  changed(): void {
    if (this.window.isDestroyed()) return;
    this.#push.send('hosted', this.#hosted.state);
    if (JSON.stringify(this.#can()) !== this.#shown) this.showMenu();
  }

  showMenu(): void {
    const can = this.#can();
    this.#shown = JSON.stringify(can);
    this.window.setMenu(
      placeMenu(
        can,
        (action) => this.#push.send('hostedAction', { action }),
        () => this.window.close(),
      ),
    );
  }

  #can(): Possibilities {
    const state = this.#hosted.state;
    const session = this.#selected === null ? null : this.#hosted.session(this.#selected);
    const signedIn: Possible = state.mode === 'signedIn' || 'Sign in first.';
    const free = (possible: Possible): Possible => (this.#modal ? 'A dialog is open.' : possible);
    const of = (action: SessionAction): Possible => {
      if (signedIn !== true) return free(signedIn);
      return free(actionOf(session, action));
    };
    const sessions: readonly SessionAction[] = ['open', 'invite', 'close', 'terminate', 'remove'];
    return {
      host: free(state.mode === 'signedIn' ? state.mayHost : signedIn),
      takePart: free(state.mode === 'signedIn' ? state.mayJoin : signedIn),
      signOut: free(signedIn),
      ...(Object.fromEntries(sessions.map((action) => [action, of(action)])) as Record<
        SessionAction,
        Possible
      >),
    } satisfies Readonly<Record<HostedAction, Possible>>;
  }

  #table(): WindowTable {
    const hosted = this.#hosted;
    const { account } = hosted;
    const nothing = (_done?: unknown) => null;
    return {
      'hosted/state': () => {
        this.#push.begin();
        return hosted.state;
      },
      'hosted/reach': ({ hub, fingerprint }) => account.reach(hub, fingerprint).then(nothing),
      'hosted/leave': () => nothing(account.leave()),
      'hosted/signIn': ({ email, password }) => account.signIn(email, password).then(nothing),
      'hosted/signInByBrowser': () => account.signInByBrowser().then(nothing),
      'hosted/cancel': () => nothing(hosted.cancel()),
      'hosted/signOut': () => account.signOut().then(nothing),
      'hosted/select': ({ session }) => {
        this.#selected = session;
        this.showMenu();
        return null;
      },
      'hosted/debuggers': () => offeredDebuggers(),
      'hosted/direct': (given) => isDirect(given.arguments),
      'hosted/host': async (wanted) => ({ session: await hosted.host(wanted) }),
      'hosted/open': ({ session }) => hosted.open(session).then(nothing),
      'hosted/close': ({ session }) => nothing(hosted.close(session)),
      'hosted/terminate': ({ session }) => hosted.terminate(session).then(nothing),
      'hosted/remove': ({ session }) => hosted.remove(session).then(nothing),
      'hosted/find': ({ session, email }) =>
        account.connection.request('invite/find', { session, email: email.trim() }),
      'hosted/invite': ({ session, emails }) => hosted.invite(session, emails),
      'hosted/uninvite': ({ session, email }) =>
        account.connection.request('invite/remove', { session, email }).then(nothing),
      'hosted/takePart': async ({ link }) => ({ session: await hosted.takePart(link) }),
      'hosted/unlock': ({ session, link }) => hosted.unlock(session, link).then(nothing),
      'dialog/chooseFile': ({ title, kind }) => chooseFile(this.window, title, kind),
      'clipboard/write': ({ text }) => nothing(clipboard.writeText(text)),
      'ui/modal': ({ open }) => {
        this.#modal = open;
        this.showMenu();
        return null;
      },
    };
  }
}

const actionOf = (session: ListedSession | null, action: SessionAction): Possible =>
  session ? session.actions[action] : 'Select a session first.';
