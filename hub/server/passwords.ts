import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { callerErrors } from './errors.ts';

/** As stored: with its parameters, so that they can be raised and old ones still checked. */
export interface PasswordHash {
  readonly scheme: 'scrypt';
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** Base64. */
  readonly salt: string;
  readonly hash: string;
}

export interface ScryptParameters {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP's password storage cheat sheet: 128 MiB for one. */
export const OWASP: ScryptParameters = { n: 2 ** 17, r: 8, p: 1 };

const LENGTH = 32;
/** At work at once, each with its memory; and waiting for that. */
const AT_ONCE = 2;
const MOST_WAITING = 100;

/** Checks and makes password hashes, a few at a time: a flood of attempts costs its senders time and the hub no more memory. */
export class Passwords {
  readonly #parameters: ScryptParameters;
  readonly #nobody: PasswordHash;
  #working = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(parameters: ScryptParameters = OWASP) {
    this.#parameters = parameters;
    this.#nobody = {
      scheme: 'scrypt',
      ...parameters,
      salt: randomBytes(16).toString('base64'),
      hash: randomBytes(LENGTH).toString('base64'),
    };
  }

  /** @throws HawserError `BAD_PASSWORD`, `TOO_MUCH` */
  async hash(password: string): Promise<PasswordHash> {
    checkNewPassword(password);
    const salt = randomBytes(16);
    const hash = await this.#derive(password, salt, this.#parameters);
    return {
      scheme: 'scrypt',
      ...this.#parameters,
      salt: salt.toString('base64'),
      hash: hash.toString('base64'),
    };
  }

  /** Takes as long for an account that there is not (`stored` null) as for one there is. @throws HawserError `TOO_MUCH` */
  async verify(password: string, stored: PasswordHash | null): Promise<boolean> {
    const against = stored ?? this.#nobody;
    const hash = await this.#derive(password, Buffer.from(against.salt, 'base64'), against);
    return timingSafeEqual(hash, Buffer.from(against.hash, 'base64')) && stored !== null;
  }

  /** Made with lesser parameters than are used now: to be made anew when the password is known. */
  isOld(stored: PasswordHash): boolean {
    const { n, r, p } = this.#parameters;
    return stored.n !== n || stored.r !== r || stored.p !== p;
  }

  async #derive(password: string, salt: Buffer, { n, r, p }: ScryptParameters): Promise<Buffer> {
    await this.#turn();
    try {
      // Composed the same way on every keyboard.
      const text = password.normalize('NFKC');
      return await new Promise((resolve, reject) =>
        scrypt(text, salt, LENGTH, { N: n, r, p, maxmem: 256 * n * r }, (error, key) =>
          error ? reject(error) : resolve(key),
        ),
      );
    } finally {
      this.#working--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING)
      throw callerErrors.tooMuch('many people sign in at this moment');
    if (this.#working >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#working++;
  }
}

/** @throws HawserError `BAD_PASSWORD` */
export function checkNewPassword(password: string): void {
  if ([...password].length < 12) throw callerErrors.badPassword('it is shorter than 12 characters');
  if (password.length > 128) throw callerErrors.badPassword('it is longer than 128 characters');
  if (/\p{Cc}/u.test(password)) throw callerErrors.badPassword('it has characters that cannot be typed');
}
