import { randomInt } from 'node:crypto';
import type { Account } from '../protocol/hub.ts';
import { keyOf } from '../store/keys.ts';
import type { HubStore, Records } from '../store/store.ts';
import { administrationErrors, callerErrors } from './errors.ts';
import type { Passwords } from './passwords.ts';
import type { AccountRecord, TokenRecord } from './records.ts';
import { hashOf, newToken } from './secrets.ts';
import { update } from './update.ts';

/** Addresses are compared without regard to case; so are those of all mail systems in use. */
export function normalized(email: string): string {
  return email.trim().toLowerCase();
}

export function accountOf(record: AccountRecord): Account {
  const { email, name, mayHost, mayJoin, administrator, password } = record;
  return { email, name, mayHost, mayJoin, administrator, signIn: password ? 'password' : 'oidc' };
}

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly mayHost: boolean;
  readonly mayJoin: boolean;
  readonly administrator: boolean;
}

export type AccountChange = Partial<Omit<NewAccount, 'email'>>;

/** Accounts and the tokens that stand for a sign-in. */
export class Accounts {
  readonly records: Records<AccountRecord>;
  readonly #tokens: Records<TokenRecord>;
  readonly #passwords: Passwords;
  readonly #now: () => number;
  readonly #lifetime: number;

  constructor(store: HubStore, passwords: Passwords, now: () => number, lifetime: number) {
    this.records = store.records<AccountRecord>('accounts');
    this.#tokens = store.records<TokenRecord>('tokens');
    this.#passwords = passwords;
    this.#now = now;
    this.#lifetime = lifetime;
  }

  async find(email: string): Promise<AccountRecord | undefined> {
    return (await this.records.get(keyOf(normalized(email))))?.value;
  }

  /** @throws HawserError `ACCOUNT_EXISTS` */
  async add(account: NewAccount): Promise<AccountRecord> {
    const email = normalized(account.email);
    // Not what an account with this address had before: its sign-ins stay worthless.
    const generation = randomInt(1, 2 ** 47);
    const record = { ...account, email, password: null, generation, created: this.#now() };
    if ((await this.records.put(keyOf(email), record, 0)) === undefined)
      throw administrationErrors.accountExists(email);
    return record;
  }

  /** @throws HawserError `ACCOUNT_NOT_FOUND`, `LAST_ADMINISTRATOR` */
  async change(email: string, change: AccountChange): Promise<AccountRecord> {
    if (change.administrator === false) await this.#keepOne(normalized(email));
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    return this.#update(email, (record) => ({ ...record, ...given }));
  }

  /** Ends every sign-in so far, but that of the token `keep`. @throws HawserError `BAD_PASSWORD`, `ACCOUNT_NOT_FOUND` */
  async setPassword(email: string, password: string, keep?: string): Promise<AccountRecord> {
    const hash = await this.#passwords.hash(password);
    const now = await this.find(email);
    // The token first: it must be good when others hear of the new password.
    if (now && keep !== undefined)
      await update(this.#tokens, hashOf(keep), (token) =>
        token.kind === 'person' ? { ...token, generation: now.generation + 1 } : token,
      );
    return this.#update(email, (record) => ({
      ...record,
      password: hash,
      generation: record.generation + 1,
    }));
  }

  /** @throws HawserError `ACCOUNT_NOT_FOUND`, `LAST_ADMINISTRATOR` */
  async remove(email: string): Promise<void> {
    const address = normalized(email);
    if (!(await this.find(address))) throw administrationErrors.accountNotFound(address);
    await this.#keepOne(address);
    await this.records.delete(keyOf(address));
  }

  /** The account, or undefined: whether it is there or not, after the same time. */
  async check(email: string, password: string): Promise<AccountRecord | undefined> {
    const record = await this.find(email);
    if (!(await this.#passwords.verify(password, record?.password ?? null)) || !record?.password)
      return undefined;
    if (this.#passwords.isOld(record.password)) await this.#renew(record, password);
    return record;
  }

  /** A new sign-in. */
  async signIn({
    email,
    generation,
  }: AccountRecord): Promise<{ readonly token: string; readonly expires: number }> {
    const token = newToken();
    const expires = this.#now() + this.#lifetime;
    await this.#tokens.put(hashOf(token), { kind: 'person', email, generation, expires }, 0);
    return { token, expires };
  }

  /** Who a token stands for. @throws HawserError `SIGN_IN_EXPIRED` */
  async resume(
    token: string,
  ): Promise<
    | { readonly kind: 'person'; readonly record: AccountRecord; readonly expires: number }
    | { readonly kind: 'agent'; readonly session: string }
  > {
    const found = (await this.#tokens.get(hashOf(token)))?.value;
    if (!found) throw callerErrors.signInExpired();
    if (found.kind === 'agent') return found;
    if (found.kind !== 'person') throw callerErrors.signInExpired();
    const record = await this.find(found.email);
    const good = record?.generation === found.generation && found.expires > this.#now();
    if (!record || !good) throw callerErrors.signInExpired();
    return { kind: 'person', record, expires: found.expires };
  }

  async signOut(token: string): Promise<void> {
    await this.#tokens.delete(hashOf(token));
  }

  /** A token that only stands for the agent of a session. */
  async agentToken(session: string): Promise<{ readonly token: string; readonly hash: string }> {
    const token = newToken();
    const hash = hashOf(token);
    await this.#tokens.put(hash, { kind: 'agent', session }, 0);
    return { token, hash };
  }

  async removeToken(hash: string): Promise<void> {
    await this.#tokens.delete(hash);
  }

  /** @returns how many went */
  async removeExpiredTokens(): Promise<number> {
    let count = 0;
    for await (const [hash, token] of this.#tokens.list()) {
      if (token.kind === 'agent' || token.expires > this.#now()) continue;
      await this.#tokens.delete(hash);
      count++;
    }
    return count;
  }

  async #renew(record: AccountRecord, password: string): Promise<void> {
    const hash = await this.#passwords.hash(password).catch(() => null);
    if (!hash) return;
    // Only where nobody has set another one meanwhile.
    await this.#update(record.email, (now) =>
      now.generation === record.generation ? { ...now, password: hash } : now,
    );
  }

  async #update(email: string, change: (record: AccountRecord) => AccountRecord): Promise<AccountRecord> {
    const address = normalized(email);
    const record = await update(this.records, keyOf(address), change);
    if (!record) throw administrationErrors.accountNotFound(address);
    return record;
  }

  async #keepOne(email: string): Promise<void> {
    const record = await this.find(email);
    if (!record?.administrator) return;
    for await (const [, other] of this.records.list())
      if (other.administrator && other.email !== email) return;
    throw administrationErrors.lastAdministrator(email);
  }
}
