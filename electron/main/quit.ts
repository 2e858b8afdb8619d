import { app } from 'electron';
import type { Application } from './application.ts';
import { askBeforeClosing, type ClosingAnswer } from './dialogs.ts';

/** How long a session may take to end before the program goes without it, milliseconds. */
const PATIENCE = 5000;

/** The window does not take a session with it that somebody else may want, and the target is not left behind. */
export function quitInGoodOrder(application: Application): void {
  const { window, debugging, log } = application;
  let answer: Exclude<ClosingAnswer, 'cancel'> | null = null;
  let asking = false;
  /** A signal: there is nobody to ask. */
  let forced = false;

  const others = () => debugging.facts.clients.filter(({ via }) => via !== 'local').length;
  const mustAsk = () => {
    const { local } = debugging;
    if (answer !== null || forced || !local) return false;
    return others() > 0 || (local.ending === null && (local.attached || local.through !== null));
  };

  window.on('close', (event) => {
    if (!mustAsk()) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    const { attached = false, through = null } = debugging.local ?? {};
    void askBeforeClosing(window, { others: others(), attached, through }).then((given) => {
      asking = false;
      if (given === 'cancel') return;
      answer = given;
      window.close();
    });
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      forced = true;
      app.quit();
    });
  }

  // The windows of hosted sessions go with it; the sessions go on.
  window.on('closed', () => app.quit());

  let done = false;
  app.on('will-quit', (event) => {
    if (done) return;
    event.preventDefault();
    application.hosted.end();
    const { local } = debugging;
    const how = answer ?? local?.ending ?? (local?.attached ? 'detach' : 'kill');
    const patience = new Promise<void>((give) => setTimeout(give, PATIENCE));
    void Promise.race([debugging.shutDown(how), patience]).finally(() => {
      done = true;
      log.info('quit');
      // Within the event that was prevented, Electron would not hear it.
      setImmediate(() => app.quit());
    });
  });
  app.on('window-all-closed', () => app.quit());
}
