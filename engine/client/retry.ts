import { connectionErrors } from '../../transports/errors/connection-errors.ts';
import type { HawserError } from '../../transports/errors/error.ts';

/** Why a link may be lost and come back; what else closes one is meant, or will not change by waiting. */
const COMES_BACK: ReadonlySet<string> = new Set([
  'LINK_LOST',
  'CONNECTION_REFUSED',
  'CONNECT_TIMED_OUT',
  'CONNECT_FAILED',
  'NO_ROUTE',
  'HOST_NOT_FOUND',
  'NO_ANSWER',
  'TOO_MANY_ATTEMPTS',
  'TOO_MANY_CONNECTIONS',
]);

export function mayComeBack(error: HawserError): boolean {
  return COMES_BACK.has(error.code) || cutShort(error);
}

/** A connection that was cut before the server's first word looks so; the server was one when the link was made. */
function cutShort({ code, data }: HawserError): boolean {
  return code === 'NOT_A_HAWSER_SERVER' && data.looks === 'closed';
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
/** A machine that answers "nobody listens here" so often in a row has no server any more, nor the session in it. */
const REFUSALS = 3;

/** When to try again, and when not to any more. */
export class RetryPlan {
  readonly #until: number;
  #attempts = 0;
  #refusals = 0;

  /** @param patience how long in all, milliseconds */
  constructor(patience: number) {
    this.#until = performance.now() + patience;
  }

  /** Milliseconds until the next attempt; null: give up. */
  next(failure: HawserError): number | null {
    this.#refusals = failure.code === 'CONNECTION_REFUSED' ? this.#refusals + 1 : 0;
    if (!mayComeBack(failure) || this.#refusals >= REFUSALS) return null;
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#attempts++, LONGEST_PAUSE);
    return performance.now() + pause > this.#until ? null : pause;
  }
}

/** Lost, and not to be had again: both reasons, in the words of the first. */
export function gone(lost: HawserError, last: HawserError): HawserError {
  if (!mayComeBack(last)) return last;
  return connectionErrors.linkLost(
    `${String(lost.data.reason ?? lost.message)}; connecting again failed: ${last.message.replace(/\.$/, '')}`,
    last,
  );
}
