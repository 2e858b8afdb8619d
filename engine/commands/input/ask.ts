import { engineErrors } from '../../errors.ts';
import type { CommandContext } from '../entry.ts';
import type { PendingInput } from './pending.ts';

/**
 * Asks whoever typed the command, once the rest of the line is done; an empty line, or a break-in, ends it.
 * @throws HawserError `BAD_ARGUMENT` where nobody typed it, or another command of the line asks already
 */
export function askForInput({ state, caller }: CommandContext, take: PendingInput['take'], at: number): void {
  if (caller.client === null || state.pendingInput !== null) throw engineErrors.nobodyToAsk(at);
  state.pendingInput = { client: caller.client.id, take };
}
