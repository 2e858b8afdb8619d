import type { StartOptions, TargetSpec } from '../../../engine/commands/host.ts';
import { createGdbBackend } from '../../../engine/gdb/backend.ts';
import { createSession, type Session } from '../../../engine/session/index.ts';
import { connectionErrors } from '../../../transports/errors/index.ts';

export interface LocalStart {
  readonly target: TargetSpec;
  readonly options: StartOptions;
  /** `-server`. */
  readonly server?: string | undefined;
  readonly password?: string | undefined;
  readonly historyCommands?: number | undefined;
  /** Milliseconds. */
  readonly resumeWindow?: number | undefined;
  readonly secure?: boolean | undefined;
  /** Told when `.secure 1` turns it on. */
  readonly secureBegan?: (() => void) | undefined;
}

export function newSession(version: string, start: LocalStart): Session {
  return createSession({
    version,
    createBackend: (stub, file) => createGdbBackend({ stub, file }),
    historyCommands: start.historyCommands,
    resumeWindow: start.resumeWindow,
    secure: start.secure,
    secureBegan: start.secureBegan,
  });
}

/**
 * Starts the target.
 * @param shown resolves when the session has a target to show: its start may go on for long after (`-c`, `-g`)
 * @throws HawserError when it cannot be opened; `CANCELLED` when the signal fires
 */
export async function startTarget(
  session: Session,
  start: LocalStart,
  shown: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  if (start.server !== undefined) await session.startServer(start.server, start.password);
  const cancelled = new Promise<never>((_resolve, reject) => {
    const stop = () => reject(connectionErrors.cancelled());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([session.start(start.target, start.options), shown, cancelled]);
}

/** As the start page and the title show it. */
export function describeTarget(target: TargetSpec): string {
  switch (target.kind) {
    case 'stub':
      return target.stub.kernel ? `Kernel by ${target.stub.connection}` : target.stub.connection;
    case 'launch':
      return [target.program, ...target.args].join(' ');
    case 'attach':
      return `process ${target.pid}`;
    case 'core':
      return target.core;
  }
}
