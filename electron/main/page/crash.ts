import type { BrowserWindow } from 'electron';

const MOST = 3;
const WITHIN = 60_000;

interface CrashLog {
  error(message: string): void;
}

/** The page's process ended by itself: the session lives here, so the page comes back and shows it again. */
export function reloadAfterCrash(window: BrowserWindow, log: CrashLog): void {
  let recent: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    log.error(`the page's process is gone: ${reason} (${exitCode})`);
    recent = [...recent.filter((time) => Date.now() - time < WITHIN), Date.now()];
    // Within the event itself a reload takes Electron down too.
    if (recent.length <= MOST) setImmediate(() => window.isDestroyed() || window.webContents.reload());
    else throw new Error(`The window's page has ended ${recent.length} times within a minute: ${reason}.`);
  });
}
