import type { BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import type { PageLook } from './look.ts';
import { PAGE_URL, POPOUT_URL } from './protocol.ts';

/**
 * Windows of the workbench that stand by themselves, on another screen say. The page opens them and fills them with what it has: they
 * have no script, no preload and no requests of their own.
 */
export function isPopout(opener: WebContents, url: string): boolean {
  return opener.getURL() === PAGE_URL && url === POPOUT_URL;
}

export function popoutOptions(look: PageLook): BrowserWindowConstructorOptions {
  return {
    backgroundColor: look.background,
    minWidth: 240,
    minHeight: 160,
    autoHideMenuBar: true,
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      backgroundThrottling: false,
      navigateOnDragDrop: false,
    },
  };
}

/** They belong to the page that opened them: with its process they are gone. */
export function keepPopouts(window: BrowserWindow, opened: (popout: BrowserWindow) => void): void {
  const open = new Set<BrowserWindow>();
  window.webContents.on('did-create-window', (popout) => {
    popout.removeMenu();
    open.add(popout);
    popout.once('closed', () => open.delete(popout));
    opened(popout);
  });
  window.webContents.on('render-process-gone', () => {
    for (const popout of open) if (!popout.isDestroyed()) popout.destroy();
  });
  window.once('closed', () => {
    for (const popout of open) if (!popout.isDestroyed()) popout.destroy();
  });
}
