import { app, type BrowserWindowConstructorOptions, type Session, type WebContents } from 'electron';
import { isPopout } from './popouts.ts';
import { HOSTED_URL, PAGE_URL, POPOUT_URL, VIEW_URL } from './protocol.ts';

const pages: readonly string[] = [PAGE_URL, HOSTED_URL, VIEW_URL];

interface SecurityLog {
  warn(message: string): void;
}

/** Nothing that the page could ask of the browser is given: no permission, no download, no other address. */
export function lockDownSession(session: Session, log: SecurityLog): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn(`refused to the page: permission ${permission}`);
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

/** For every page of the program, whoever makes it. */
export function lockDownContents(log: SecurityLog, popout: () => BrowserWindowConstructorOptions): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.setWindowOpenHandler(({ url }) => {
      if (isPopout(contents, url)) return { action: 'allow', overrideBrowserWindowOptions: popout() };
      log.warn(`refused to the page: a window for ${url}`);
      return { action: 'deny' };
    });
    const stay = (event: Electron.Event<{ url: string }>) => {
      // A page may load itself anew, and become no other one.
      if (pages.includes(event.url) && event.url === contents.getURL()) return;
      // A window that was let open, on its way to its first page.
      if (event.url === POPOUT_URL && contents.getURL() === '') return;
      log.warn(`refused to the page: going to ${event.url}`);
      event.preventDefault();
    };
    contents.on('will-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-frame-navigate', stay);
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}
