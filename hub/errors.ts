import { HawserError } from '../transports/errors/error.ts';
import type { HubErrorCode } from './protocol/errors.ts';

/** A HawserError whose code is of a hub's closed set. */
export function hubError(
  code: HubErrorCode,
  message: string,
  action: string,
  data: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): HawserError {
  return new HawserError(code, message, action, data, cause === undefined ? undefined : { cause });
}

/** What a store refuses or fails with. */
export const storeErrors = {
  /** `expected`: the number that would follow on what is there. */
  historyGap: (session: string, expected: number, got: number) =>
    hubError(
      'HISTORY_GAP',
      `Entry ${got} does not follow on the history: ${expected} is next.`,
      'Send the entries from there on.',
      { session, expected, got },
    ),
  badKey: (key: string) =>
    hubError(
      'STORE_FAILED',
      `'${key.slice(0, 80)}' cannot be a key.`,
      'This is a defect in Hawser; please report it.',
      {
        key,
      },
    ),
  failed: (what: string, cause?: unknown) =>
    hubError(
      'STORE_FAILED',
      `The hub could not ${what}: ${cause instanceof Error ? cause.message : String(cause ?? 'no reason given')}.`,
      'Look at its disk and its log; nothing that was confirmed is lost.',
      { what },
      cause,
    ),
  inUse: (folder: string, cause?: unknown) =>
    hubError(
      'STORE_IN_USE',
      `Another hub is at work on ${folder}.`,
      'One hub owns a folder: stop the other, or give this one a folder of its own.',
      { folder },
      cause,
    ),
  closed: () => hubError('STORE_FAILED', 'The hub is stopping.', 'Try again when it is back.'),
} as const;
