import { join } from 'node:path';
import { type BrowserWindow, shell } from 'electron';
import type { Log } from '../diagnostics/log.ts';
import { reloadAfterCrash } from '../page/crash.ts';
import { HOSTED_URL, VIEW_URL } from '../page/protocol.ts';
import { type PageOptions, pageWindow } from '../page/window.ts';
import { refuseWhereSecure } from '../secure-requests.ts';
import { Hosted } from './hosted.ts';
import { Place } from './place.ts';

interface Options {
  readonly page: PageOptions;
  readonly log: Log;
  readonly version: string;
  /** The program's folder of settings. */
  readonly folder: string;
}

/** The windows of hosted sessions. */
export class HostedWindows {
  readonly #options: Options;
  /** Whether secure mode is on. */
  secure: () => boolean = () => false;
  #wasSecure = false;
  #hosted: Hosted | null = null;
  #place: Place | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The window of hosted sessions, in front. */
  show(): void {
    if (this.#place && !this.#place.window.isDestroyed()) {
      if (this.#place.window.isMinimized()) this.#place.window.restore();
      this.#place.window.focus();
      return;
    }
    this.#hosted ??= this.#begin();
    const { page, log } = this.#options;
    const window = pageWindow(page, { width: 1060, height: 700, minWidth: 640, minHeight: 420 });
    this.#place = new Place(window, this.#hosted, log, (name) => refuseWhereSecure(this.secure(), name));
    this.#load(window, HOSTED_URL);
    this.#hosted.account.resume();
  }

  /** Again, after the main window's menu was given to all of them. */
  showMenus(): void {
    if (this.#place && !this.#place.window.isDestroyed()) this.#place.showMenu();
    this.#hosted?.showMenus();
  }

  /** Secure mode may have begun. */
  lookWhetherSecure(): void {
    if (this.#wasSecure === this.secure()) return;
    this.#wasSecure = this.secure();
    this.#hosted?.secureChanged();
  }

  end(): void {
    this.#hosted?.end();
  }

  #begin(): Hosted {
    const { page, log, version, folder } = this.#options;
    return new Hosted({
      log,
      version,
      store: join(folder, 'hosted.json'),
      openExternal: (url) => shell.openExternal(url),
      newWindow: () => pageWindow(page, { width: 1000, height: 680 }),
      load: (window) => this.#load(window, VIEW_URL),
      secure: () => this.secure(),
      changed: () => this.#place?.changed(),
    });
  }

  #load(window: BrowserWindow, url: string): void {
    reloadAfterCrash(window, this.#options.log);
    window.loadURL(url).catch((error: unknown) => {
      // Closed before it was there.
      if (!window.isDestroyed()) this.#options.log.error(`${url}: ${String(error)}`);
    });
  }
}
