import type { TargetState } from '../../../engine/protocol/session.ts';
import { type ActionId, actionIds, actions, type Condition } from '../../ipc/actions.ts';
import type { GuiState } from '../../ipc/contract.ts';

export interface Situation {
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

export type Conditions = Readonly<Record<Condition, boolean>>;

/** What holds now. */
export function conditions(now: Situation): Conditions {
  const { mode } = now.gui;
  const free = !now.modal;
  const dormant = mode === 'dormant' && free;
  const stub = now.gui.mode === 'stub' && free ? now.gui.stub : null;
  const inSession = mode === 'session';
  const run = inSession && !now.viewer ? (now.target?.run ?? null) : null;
  return {
    always: true,
    free,
    dormant,
    openProgram: !now.secure && (dormant || stub?.launch === true),
    openCore: dormant && !now.secure,
    attach: !now.secure && (dormant || stub?.attach === true),
    stub: stub !== null,
    recent: dormant && now.hasRecent,
    share: inSession && !now.viewer && free,
    text: (inSession || mode === 'linkLost') && free,
    session: inSession && free,
    commands: run === 'stopped' && free,
    run: run === 'stopped' && now.target?.kind === 'live' && free,
    // Whatever dialog is open: a target that must be stopped must be stopped now.
    break: run === 'running' || run === 'busy',
    detach: run === 'stopped' && now.target?.kind === 'live' && free && !now.secure,
    restart:
      free &&
      run !== null &&
      run !== 'busy' &&
      now.target?.kind !== 'core' &&
      !now.target?.kernel &&
      !now.secure,
    stop: (inSession || mode === 'linkLost' || mode === 'starting') && free && !(now.secure && run !== null),
  };
}

/** What can be used now. */
export function enablement(now: Situation): Readonly<Record<ActionId, boolean>> {
  const holds = conditions(now);
  return Object.fromEntries(actionIds.map((id) => [id, holds[actions[id].when]])) as Record<
    ActionId,
    boolean
  >;
}
