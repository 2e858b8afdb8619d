import {
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  type Rectangle,
  type Session,
  screen,
} from 'electron';
import type { SettingsStore } from '../stores/settings.ts';
import type { PageLook } from './look.ts';

const DEFAULT_SIZE = { width: 1200, height: 800 };

/** The bounds kept, if some screen that is there now still shows enough of them to take hold of. */
function usableBounds(kept: Rectangle | null): Rectangle | null {
  if (!kept) return null;
  const visible = screen.getAllDisplays().some(({ workArea: area }) => {
    const width = Math.min(kept.x + kept.width, area.x + area.width) - Math.max(kept.x, area.x);
    const height = Math.min(kept.y + kept.height, area.y + area.height) - Math.max(kept.y, area.y);
    return width >= 100 && height >= 50;
  });
  return visible ? kept : null;
}

export interface PageOptions {
  readonly session: Session;
  readonly preload: string;
  readonly devTools: boolean;
  readonly look: PageLook;
}

/** A window for one of our pages: shut in, and with a title that the page has no say in. */
export function pageWindow(options: PageOptions, more: BrowserWindowConstructorOptions): BrowserWindow {
  const window = new BrowserWindow({
    minWidth: 480,
    minHeight: 320,
    ...more,
    show: false,
    backgroundColor: options.look.background,
    webPreferences: {
      session: options.session,
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      // A target that runs on while the window is covered still prints.
      backgroundThrottling: false,
      devTools: options.devTools,
      navigateOnDragDrop: false,
      autoplayPolicy: 'document-user-activation-required',
    },
  });
  options.look.serve(window.webContents);
  const show = () => {
    if (!window.isVisible()) window.show();
  };
  window.once('ready-to-show', show);
  // A hidden window whose zoom is set may never draw the frame that makes it ready.
  window.webContents.once('did-finish-load', show);
  window.on('page-title-updated', (event) => event.preventDefault());
  return window;
}

export function createWindow(options: PageOptions, settings: SettingsStore): BrowserWindow {
  const bounds = usableBounds(settings.value.bounds) ?? DEFAULT_SIZE;
  const window = pageWindow(options, { ...bounds, title: 'Hawser' });
  if (settings.value.maximized) window.maximize();
  window.on('close', () =>
    settings.set({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }),
  );
  return window;
}
