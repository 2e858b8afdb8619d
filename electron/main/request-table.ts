import { type BrowserWindow, clipboard } from 'electron';
import type { Identity } from '../../transports/hello/messages.ts';
import { Browse } from './browse.ts';
import { chooseFile } from './dialogs.ts';
import type { RequestTable } from './page/requests.ts';
import { checkConnection } from './session/check.ts';
import type { Debugging } from './session/debugging.ts';
import { guiErrors } from './session/errors.ts';
import type { SessionPort } from './session/port.ts';
import type { StartActions } from './start-actions.ts';
import type { Stores } from './stores/stores.ts';

export interface RequestContext {
  readonly identity: Identity;
  readonly window: BrowserWindow;
  readonly stores: Stores;
  readonly debugging: Debugging;
  readonly start: StartActions;
  readonly port: SessionPort;
  setModal(open: boolean): void;
}

/** What the page can ask for, and who does it. */
export function requestTable(app: RequestContext): RequestTable {
  const { debugging, start, stores, identity } = app;
  const browse = new Browse(stores.settings);
  const nothing = (_done?: unknown) => null;
  return {
    'app/info': () => ({
      version: identity.version,
      host: identity.host,
      user: identity.user,
      platform: process.platform,
    }),
    'app/state': () => debugging.state,
    'connection/check': ({ text }) => checkConnection(text),
    'remote/connect': ({ connection, password }) =>
      start.remote(connection, password, 'refuse').then(nothing),
    'directory/list': ({ machine }) => browse.list(machine),
    'directory/cancel': () => nothing(browse.cancel()),
    'directory/machines': () => browse.known,
    'directory/found': () => browse.found(),
    'directory/announce': ({ on }) => nothing(browse.announce(on)),
    'start/cancel': () => nothing(debugging.cancel()),
    'executable/open': ({ program, args, cwd }) => start.executable(program, args, cwd).then(nothing),
    'process/attach': ({ pid, noninvasive }) => start.attach(pid, noninvasive).then(nothing),
    'core/open': ({ core, program }) => start.core(core, program).then(nothing),
    'dialog/chooseFile': ({ title, kind }) => chooseFile(app.window, title, kind),
    'session/stop': ({ how }) => debugging.stop(how).then(nothing),
    'session/reconnect': () => debugging.reconnect().then(nothing),
    'session/giveUp': () => {
      if (debugging.state.mode === 'session') throw guiErrors.noLostLink();
      return nothing(debugging.giveUp());
    },
    'recent/list': () => stores.recent.list(),
    'recent/clear': () => nothing(stores.recent.clear()),
    'history/load': () => stores.history.list(),
    'history/append': ({ command }) => nothing(stores.history.append(command)),
    'clipboard/write': ({ text }) => nothing(clipboard.writeText(text)),
    'session/wantPort': () => nothing(app.port.wanted()),
    'ui/modal': ({ open }) => nothing(app.setModal(open)),
  };
}
