import { dialog } from 'electron';
import type { Log } from './log.ts';
import { redact } from './redact.ts';

/** A defect is logged and said; it does not take a debugging session with it. One box at a time. */
export function catchUncaught(log: Log): void {
  let showing = false;
  const caught = (what: string) => (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error(`${what}: ${text}`);
    if (showing) return;
    showing = true;
    const message = error instanceof Error ? error.message : String(error);
    void dialog
      .showMessageBox({
        type: 'error',
        title: 'Hawser',
        message: 'Something went wrong inside Hawser.',
        detail: `${redact(message)}\n\nHawser goes on, but save what you need. The log is in ${log.folder}.`,
        buttons: ['OK'],
      })
      .finally(() => {
        showing = false;
      });
  };
  process.on('uncaughtException', caught('uncaught exception'));
  process.on('unhandledRejection', caught('unhandled rejection'));
}
