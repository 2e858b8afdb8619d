import { isIPv6 } from 'node:net';
import { RateLimiter } from '../../transports/directory/rate.ts';
import { normalized } from './accounts.ts';
import { callerErrors } from './errors.ts';

const REMEMBERED = 100_000;
/** Between two lines of the log about attempts from one address that were not even looked at. */
const TOLD_EVERY_MS = 60_000;

/** An address as it is counted: of IPv6 the network, since one machine has all of it. */
export function counted(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}

/**
 * How often somebody may try: from one address, for one account, and for one account from one address. So guessing is slow,
 * and who guesses at somebody's account from elsewhere hardly keeps them from signing in.
 */
export class AttemptLimits {
  readonly #address: RateLimiter;
  readonly #account: RateLimiter;
  readonly #both: RateLimiter;
  readonly #badTokens: RateLimiter;
  readonly #lookUps: RateLimiter;

  constructor(perAddress: number, now?: () => number) {
    this.#address = new RateLimiter(perAddress, perAddress / 100, now, REMEMBERED);
    this.#account = new RateLimiter(100, 0.2, now, REMEMBERED);
    this.#both = new RateLimiter(10, 0.05, now, REMEMBERED);
    this.#badTokens = new RateLimiter(perAddress * 4, perAddress / 100, now, REMEMBERED);
    this.#lookUps = new RateLimiter(120, 0.5, now, REMEMBERED);
  }

  /** Of other people's addresses, by a host: nobody reads out who has an account. @throws HawserError `TOO_MANY_ATTEMPTS` */
  checkLookUp(email: string, count = 1): void {
    for (let each = 0; each < count; each++)
      if (!this.#lookUps.allows(email)) throw callerErrors.tooManyAttempts();
  }

  /**
   * Resuming by token, whose holders may come back all at once when a hub does: only tokens that were not good are counted, by
   * `badToken`. @throws HawserError `TOO_MANY_ATTEMPTS`
   */
  checkResume(address: string): void {
    if (!this.#badTokens.wouldAllow(counted(address))) throw callerErrors.tooManyAttempts();
  }

  badToken(address: string): void {
    this.#badTokens.allows(counted(address));
  }

  /** @throws HawserError `TOO_MANY_ATTEMPTS` */
  check(address: string, email?: string): void {
    const from = counted(address);
    const account = email === undefined ? undefined : normalized(email);
    const allowed =
      this.#address.allows(from) &&
      (account === undefined || (this.#both.allows(`${from} ${account}`) && this.#account.allows(account)));
    if (!allowed) throw callerErrors.tooManyAttempts();
  }
}

/** Attempts that were refused unseen, for the log: their sender is not to fill it. */
export class Refusals {
  readonly #now: () => number;
  readonly #addresses = new Map<string, { told: number; since: number }>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @returns how many there were from this address since the last time that was told, this one too; null: told a moment ago */
  count(address: string): number | null {
    const from = counted(address);
    const now = this.#now();
    const known = this.#addresses.get(from);
    if (known && now - known.told < TOLD_EVERY_MS) {
      known.since++;
      return null;
    }
    this.#addresses.delete(from);
    this.#addresses.set(from, { told: now, since: 0 });
    const [oldest] = this.#addresses.keys();
    if (this.#addresses.size > REMEMBERED && oldest !== undefined) this.#addresses.delete(oldest);
    return (known?.since ?? 0) + 1;
  }
}

/** How many connections an address has. */
export class ConnectionCounts {
  readonly #counts = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns what gives it back, or null where there are too many */
  take(address: string): (() => void) | null {
    const from = counted(address);
    const count = this.#counts.get(from) ?? 0;
    if (count >= this.#most) return null;
    this.#counts.set(from, count + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const now = (this.#counts.get(from) ?? 1) - 1;
      if (now === 0) this.#counts.delete(from);
      else this.#counts.set(from, now);
    };
  }
}
