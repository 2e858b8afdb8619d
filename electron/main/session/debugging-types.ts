import type { Resumer } from '../../../engine/client/resumer.ts';
import type { TargetSpec } from '../../../engine/commands/host.ts';
import type { Session } from '../../../engine/session/index.ts';
import type { GuiState, IpcError } from '../../ipc/contract.ts';
import type { LocalStart } from './local.ts';
import type { SessionRelay } from './relay.ts';
import type { RemoteRequest, reachStub } from './remote.ts';
import type { StubConnection } from './stub-connection.ts';
import type { SessionFacts } from './watch.ts';

export interface DebuggingObserver {
  stateChanged(state: GuiState): void;
  factsChanged(facts: SessionFacts): void;
  /** There is a link that the page can have a port to. */
  linkChanged(): void;
  info(message: string): void;
  warn(message: string): void;
}

/** The session that the window shows. */
export interface Current {
  readonly relay: SessionRelay;
  /** For a local session. */
  readonly session: Session | null;
  /** For a remote one: mends its link. */
  readonly resumer: Resumer | null;
  /** For a remote one: kept as long as its link can be made anew, in memory only. */
  readonly request: RemoteRequest | null;
  readonly connection: string | null;
  readonly title: string;
  /** What opens it from a command line. */
  readonly commandLine: string;
  readonly attached: boolean;
  /** Through which its target is reached. */
  readonly stub: StubConnection | null;
}

/** Through the stub that the window is connected to, where there is one. */
export type WantedTarget = Exclude<TargetSpec, { kind: 'stub' }>;

/** `chosen`: another target is meant than what the stub may have already. */
export type StubStart = Omit<LocalStart, 'target' | 'secure'> & {
  readonly chosen?: boolean;
  /** The string is a wire to a kernel. */
  readonly kernel?: boolean;
  /** The file of the program, or the kernel, on this machine. */
  readonly image?: string | undefined;
};

/** How one gets to a stub; another one in tests. */
export type ReachStub = typeof reachStub;

/** Why nothing is debugged any more. */
export interface Happened {
  readonly notice?: string | null;
  readonly error?: IpcError | null;
}
