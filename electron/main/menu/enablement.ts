import type { TargetState } from '../../../engine/protocol/session.ts';
import type { GuiState } from '../../ipc/contract.ts';
import { type EntryId, type WindowEntry, windowEntries } from './entries.ts';

export interface MenuSituation {
  readonly gui: GuiState;
  readonly target: TargetState | null;
  /** A viewer looks on: nothing of the Debug menu but leaving. */
  readonly viewer: boolean;
  /** A dialog of the page is open. */
  readonly modal: boolean;
  readonly hasRecent: boolean;
  /** Nothing of this machine is touched. */
  readonly secure?: boolean;
}

/** What can be used now. */
export function enablement(now: MenuSituation): Readonly<Record<EntryId, boolean>> {
  const { mode } = now.gui;
  const free = !now.modal;
  const canStart = mode === 'dormant' && free;
  const stub = now.gui.mode === 'stub' && free ? now.gui.stub : null;
  const inSession = mode === 'session';
  const hasText = (inSession || mode === 'linkLost') && free;
  const run = inSession && !now.viewer ? (now.target?.run ?? null) : null;
  const canRun = run === 'stopped' && now.target?.kind === 'live' && free;
  return {
    openExecutable: !now.secure && (canStart || stub?.launch === true),
    attachProcess: !now.secure && (canStart || stub?.attach === true),
    openCore: canStart && !now.secure,
    connectRemote: canStart,
    connectStub: canStart,
    kernelDebug: canStart,
    disconnectStub: stub !== null,
    recent: canStart && now.hasRecent,
    shareSession: inSession && !now.viewer && free,
    copyAll: hasText,
    find: hasText,
    findNext: hasText,
    clearCommandWindow: hasText,
    ...(Object.fromEntries(windowEntries.map((id) => [id, hasText])) as Record<WindowEntry, boolean>),
    servers: inSession && free,
    clients: inSession && free,
    commandHelp: inSession && free,
    go: canRun,
    stepInto: canRun,
    stepOver: canRun,
    stepOut: canRun,
    // Whatever dialog is open: a target that must be stopped must be stopped now.
    break: run === 'running' || run === 'busy',
    restart:
      free &&
      run !== null &&
      run !== 'busy' &&
      now.target?.kind !== 'core' &&
      !now.target?.kernel &&
      !now.secure,
    stopDebugging:
      (inSession || mode === 'linkLost' || mode === 'starting') && free && !(now.secure && run !== null),
  };
}
