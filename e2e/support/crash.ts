import type { Gui } from './gui.ts';

interface After {
  /** What stands on the main window's page, and on that of the one beside it. */
  readonly main: string;
  readonly popout: string;
  readonly windows: number;
}

/** Kills the page's process, and waits until these texts are back, and as many windows as there were. */
export function crashPage(
  gui: Gui,
  texts: { readonly main: string; readonly popout?: string },
): Promise<After> {
  return gui.app.evaluate(async ({ BrowserWindow }, wanted) => {
    const isMain = (window: Electron.BrowserWindow) => window.webContents.getURL().endsWith('/index.html');
    const main = BrowserWindow.getAllWindows().find(isMain);
    if (!main) throw new Error('there is no page');
    const before = BrowserWindow.getAllWindows().length;
    const gone = new Promise((resolve) => main.webContents.once('render-process-gone', resolve));
    process.kill(main.webContents.getOSProcessId(), 'SIGKILL');
    await gone;
    // The pages' own text, since the driver has lost a page that crashed.
    const read = async (window: Electron.BrowserWindow | undefined): Promise<string> => {
      try {
        return (await window?.webContents.executeJavaScript('document.body.innerText')) ?? '';
      } catch {
        return '';
      }
    };
    for (;;) {
      await new Promise((next) => setTimeout(next, 50));
      const windows = BrowserWindow.getAllWindows();
      const shown = {
        main: await read(windows.find(isMain)),
        popout: await read(windows.find((window) => !isMain(window))),
        windows: windows.length,
      };
      const there = shown.main.includes(wanted.main) && shown.popout.includes(wanted.popout ?? '');
      if (there && shown.windows === before) return shown;
    }
  }, texts);
}
