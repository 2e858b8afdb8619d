import { type BrowserWindow, clipboard } from 'electron';
import type { Identity } from '../../transports/hello/messages.ts';
import { type ActionId, isActionId } from '../ipc/actions.ts';
import type { ListedAction, RecentEntry, RequestName } from '../ipc/contract.ts';
import { Browse } from './browse.ts';
import { carrier, licenceText } from './diagnostics/papers.ts';
import { chooseFile, saveText } from './dialogs.ts';
import type { Machines } from './machines/machines.ts';
import type { RequestTable } from './page/requests.ts';
import { checkConnection } from './session/check.ts';
import type { Debugging } from './session/debugging.ts';
import { guiErrors } from './session/errors.ts';
import type { SessionPort } from './session/port.ts';
import { machineWires } from './session/remote.ts';
import type { Workspace } from './session/workspace.ts';
import { exportSettings, importSettings } from './settings-files.ts';
import type { StartActions } from './start-actions.ts';
import type { Stores } from './stores/stores.ts';

export interface RequestContext {
  readonly identity: Identity;
  readonly window: BrowserWindow;
  readonly stores: Stores;
  readonly debugging: Debugging;
  readonly start: StartActions;
  readonly machines: Machines;
  readonly port: SessionPort;
  readonly workspace: Workspace;
  listActions(): readonly ListedAction[];
  doFromPalette(id: ActionId): void;
  record(on: boolean): void;
  openRecent(entry: RecentEntry): void;
  setModal(open: boolean): void;
  setOwnTitle(title: string): void;
  showHosted(): void;
}

/** A KD connection server answers what its machine has within that, or is given up, ms. */
const WIRES_MS = 20_000;

/** Those of the hosted sessions' windows are answered there. */
type MainTable = Omit<RequestTable, Extract<RequestName, `hosted/${string}` | `view/${string}`>> &
  Pick<RequestTable, 'hosted/show'>;

/** What the main window's page can ask for, and who does it. */
export function requestTable(app: RequestContext): MainTable {
  const { debugging, start, stores, identity, machines } = app;
  const browse = new Browse(stores.settings);
  const nothing = (_done?: unknown) => null;
  return {
    'app/info': () => ({
      version: identity.version,
      host: identity.host,
      user: identity.user,
      platform: process.platform,
      carrier: carrier(),
    }),
    'app/licences': licenceText,
    'app/state': () => debugging.state,
    'connection/check': ({ text, to }) => checkConnection(text, to),
    'remote/connect': ({ connection, password }) =>
      start.remote(connection, password, 'refuse').then(nothing),
    'stub/connect': ({ connection, password }) => start.stub(connection, password, 'refuse').then(nothing),
    'kernel/connect': (wanted) => start.kernelDialog(wanted).then(nothing),
    'kernel/wires': (wanted) => machineWires(identity, wanted, AbortSignal.timeout(WIRES_MS)),
    'stub/disconnect': () => nothing(debugging.disconnect()),
    'process/known': ({ machine }) => machines.view(machine).knownProcesses,
    'process/list': ({ machine }) => machines.view(machine).processes(),
    'folder/known': ({ machine, path }) => machines.view(machine).knownFolder(path),
    'folder/list': ({ machine, path }) => machines.view(machine).folder(path),
    'directory/list': ({ machine }) => browse.list(machine),
    'directory/cancel': () => nothing(browse.cancel()),
    'directory/machines': () => browse.known,
    'directory/found': () => browse.found(),
    'directory/announce': ({ on }) => nothing(browse.announce(on)),
    'start/cancel': () => nothing(debugging.cancel()),
    'executable/open': (wanted) => start.executable(wanted).then(nothing),
    'process/attach': (wanted) => start.attach(wanted).then(nothing),
    'core/open': ({ core, program }) => start.core(core, program).then(nothing),
    'dialog/chooseFile': ({ title, kind }) => chooseFile(app.window, title, kind),
    'session/stop': ({ how, remember }) => debugging.stop(how, remember).then(nothing),
    'session/askEnding': () => nothing(debugging.askEnding()),
    'session/reconnect': () => debugging.reconnect().then(nothing),
    'session/giveUp': () => {
      if (debugging.state.mode === 'session') throw guiErrors.noLostLink();
      return nothing(debugging.giveUp());
    },
    'recent/list': () => stores.recent.list(),
    'recent/clear': () => nothing(stores.recent.clear()),
    'recent/open': ({ index }) => {
      const entry = stores.recent.list()[index];
      if (entry && debugging.state.mode === 'dormant') app.openRecent(entry);
      return null;
    },
    'history/load': () => stores.history.list(),
    'history/append': ({ command }) => nothing(stores.history.append(command)),
    'workspace/load': () => app.workspace.load(),
    'workspace/save': (content) => ({ name: app.workspace.save(content) }),
    'workspace/clear': () => app.workspace.clear(),
    'layout/save': ({ kind, layout }) => nothing(app.workspace.keepLayout(kind, layout)),
    'settings/load': () => stores.settings.state,
    'settings/set': (change) => {
      stores.settings.set(change);
      return stores.settings.state;
    },
    'settings/reset': () => {
      stores.settings.reset();
      return stores.settings.state;
    },
    'settings/import': () => importSettings(app.window, stores.settings),
    'settings/export': () => exportSettings(app.window, stores.settings),
    'window/title': ({ title }) => nothing(app.setOwnTitle(title)),
    'file/saveText': (wanted) => saveText(app.window, wanted),
    'clipboard/write': ({ text }) => nothing(clipboard.writeText(text)),
    'session/wantPort': () => nothing(app.port.wanted()),
    'actions/list': () => app.listActions(),
    'actions/run': ({ id }) => nothing(isActionId(id) && app.doFromPalette(id)),
    'actions/record': ({ on }) => nothing(app.record(on)),
    'ui/modal': ({ open }) => nothing(app.setModal(open)),
    'hosted/show': () => nothing(app.showHosted()),
  };
}
