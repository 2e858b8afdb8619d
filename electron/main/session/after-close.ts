import type { HawserError } from '../../../transports/errors/error.ts';
import type { GuiState, IpcError } from '../../ipc/contract.ts';
import { guiErrors } from './errors.ts';
import type { SessionFacts } from './watch.ts';

type Next =
  | Extract<GuiState, { mode: 'linkLost' }>
  | { readonly mode: 'dormant'; readonly notice: string | null; readonly error: IpcError | null };

/** Ends that somebody wanted: connecting again would not bring the session back. */
const onPurpose: ReadonlySet<string> = new Set(['SERVER_ENDED', 'SESSION_ENDED', 'REMOVED']);

/**
 * What the window shows once the link to a session is closed.
 * @param connection null for a session of this program
 */
export function afterClose(connection: string | null, facts: SessionFacts, reason: HawserError | null): Next {
  const dormant = { mode: 'dormant', notice: null, error: null } as const;
  if (facts.ended) return { ...dormant, notice: facts.ended.text };
  if (reason && onPurpose.has(reason.code)) return { ...dormant, notice: reason.text };
  if (connection === null) return { ...dormant, error: reason?.toWire() ?? null };
  const error = (reason ?? guiErrors.closedByPeer()).toWire();
  return { mode: 'linkLost', connection, error, reconnecting: false, retryIn: null };
}
