import { join } from 'node:path';
import { app, session } from 'electron';
import { localIdentity } from '../../engine/client/local-identity.ts';
import manifest from '../../package.json' with { type: 'json' };
import { Application } from './application.ts';
import { Log, levelFrom } from './diagnostics/log.ts';
import { catchUncaught } from './diagnostics/uncaught.ts';
import { HostedWindows } from './hosted/windows.ts';
import { reloadAfterCrash } from './page/crash.ts';
import { PageLook } from './page/look.ts';
import { keepPopouts, popoutOptions } from './page/popouts.ts';
import { PAGE_URL, registerPageScheme, servePage } from './page/protocol.ts';
import { lockDownContents, lockDownSession } from './page/security.ts';
import { createWindow } from './page/window.ts';
import { quitInGoodOrder } from './quit.ts';
import { type StartRequest, takeStartRequest } from './session/start-request.ts';
import { Stores } from './stores/stores.ts';

const { HAWSER_DEV, HAWSER_LOG_LEVEL } = process.env;
const folder = app.getPath('userData');
const log = new Log(join(folder, 'logs'), levelFrom(HAWSER_LOG_LEVEL));
catchUncaught(log);

async function run(request: StartRequest | null): Promise<void> {
  await app.whenReady();
  const stores = new Stores(folder, log);
  const dist = join(import.meta.dirname, '..');
  const pageSession = session.defaultSession;
  const look = new PageLook(stores.settings);
  lockDownContents(log, () => popoutOptions(look));
  lockDownSession(pageSession, log);
  servePage(pageSession, join(dist, 'renderer'));
  const page = {
    session: pageSession,
    preload: join(dist, 'preload', 'preload.cjs'),
    devTools: Boolean(HAWSER_DEV),
    look,
  };
  const window = createWindow(page, stores.settings);
  const application = new Application({
    identity: localIdentity('hawser windbg', manifest.version),
    window,
    log,
    stores,
    hosted: new HostedWindows({ page, log, version: manifest.version, folder }),
    devTools: Boolean(HAWSER_DEV),
  });
  quitInGoodOrder(application);
  keepPopouts(window, ({ webContents }) => application.catchKeys(webContents));
  reloadAfterCrash(window, log);
  if (request) application.begin(request);
  await window.loadURL(PAGE_URL);
}

log.info(`Hawser ${manifest.version}, Electron ${process.versions.electron}`);
registerPageScheme();
// Not awaited here: Electron is not ready before this module has been evaluated.
run(takeStartRequest(process.env)).catch((error: unknown) => {
  log.error(`the program cannot start: ${error instanceof Error ? error.stack : String(error)}`);
  process.stderr.write(`Hawser cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  app.exit(1);
});
