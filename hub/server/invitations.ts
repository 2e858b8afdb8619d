import { INVITATION_LIFETIME, MAX_INVITED, type Person } from '../protocol/hub.ts';
import type { HubStore, Records } from '../store/store.ts';
import { type Accounts, normalized } from './accounts.ts';
import { invitationErrors, sessionErrors } from './errors.ts';
import type { AccountRecord, InvitationRecord, InvitedRecord, SessionRecord } from './records.ts';
import { hashOf, newToken } from './secrets.ts';
import { personOf, type Role, type Sessions } from './sessions.ts';

export interface Invitation extends Person {
  readonly token: string;
}

/** Removed people kept in a session's record, so that their links say what became of them. */
const MOST_REMOVED = 50;

/**
 * Invitations: a token leads to a session and an address; the session's record says whether it still counts. So everything
 * that decides is in one record, and changes at one instant.
 */
export class Invitations {
  readonly #records: Records<InvitationRecord>;
  readonly #accounts: Accounts;
  readonly #sessions: Sessions;
  readonly #now: () => number;
  readonly #contact: string;

  constructor(
    store: HubStore,
    accounts: Accounts,
    sessions: Sessions,
    settings: { readonly now: () => number; readonly contact: string },
  ) {
    this.#records = store.records<InvitationRecord>('invitations');
    this.#accounts = accounts;
    this.#sessions = sessions;
    this.#now = settings.now;
    this.#contact = settings.contact;
  }

  /** @throws HawserError `PERSON_NOT_ELIGIBLE` */
  async find(email: string): Promise<Person> {
    const address = normalized(email);
    const account = await this.#accounts.find(address);
    if (!account)
      throw invitationErrors.notEligible(address, 'there is no account with this address', this.#contact);
    if (!account.mayJoin)
      throw invitationErrors.notEligible(address, 'the account may not join sessions', this.#contact);
    return personOf(account);
  }

  /**
   * Invites all of them, or none. Who was invited before and has not come yet gets a new invitation in the old one's place.
   * @throws HawserError `PERSON_NOT_ELIGIBLE`, `TOO_MANY_INVITED`, `ALREADY_JOINED`, `SESSION_TERMINATED`
   */
  async send(
    session: string,
    emails: readonly string[],
  ): Promise<{
    readonly people: readonly Invitation[];
    readonly host: Invitation;
    readonly record: SessionRecord;
  }> {
    const record = await this.#sessions.find(session);
    if (!record) throw sessionErrors.notFound();
    const hostToken = newToken();
    const host = { ...record.host, token: hostToken };
    const people: Invitation[] = [];
    for (const email of new Set(emails.map(normalized)))
      people.push({ ...(await this.find(email)), token: email === host.email ? hostToken : newToken() });
    this.#invite(record, people, hostToken);
    // First what leads to the session: without the session's word it is worth nothing.
    for (const { email, token } of people.filter((each) => each.token !== hostToken))
      await this.#records.put(hashOf(token), { session, email, role: 'client' }, 0);
    await this.#records.put(hashOf(hostToken), { session, email: host.email, role: 'host' }, 0);
    const changed = await this.#sessions.change(session, (now) => this.#invite(now, people, hostToken));
    return { people, host, record: changed };
  }

  /** @throws HawserError `NOT_INVITED` */
  async remove(session: string, email: string): Promise<SessionRecord> {
    const address = normalized(email);
    const record = await this.#sessions.change(session, (now) => {
      if (!now.invited.some((each) => each.email === address && each.state !== 'removed'))
        throw invitationErrors.notInvited(address);
      return {
        ...now,
        invited: now.invited.map((each) =>
          each.email === address ? { ...each, state: 'removed' as const } : each,
        ),
      };
    });
    if (record.host.email !== address) await this.#sessions.removeMember(address, session);
    return record;
  }

  /**
   * Uses an invitation up. @throws HawserError `INVITATION_UNKNOWN`, `…_OF_ANOTHER`, `…_REMOVED`, `…_REPLACED`, `…_USED`, `…_EXPIRED`,
   * `SESSION_TERMINATED`, `SESSION_HISTORY_GONE`
   */
  async accept(
    token: string,
    account: AccountRecord,
  ): Promise<{ readonly record: SessionRecord; readonly role: Role }> {
    const hash = hashOf(token);
    const invitation = (await this.#records.get(hash))?.value;
    if (!invitation) throw invitationErrors.unknown();
    const { session, email } = invitation;
    if (email !== account.email) throw invitationErrors.ofAnother();
    const found = await this.#sessions.find(session);
    if (!found) throw invitationErrors.unknown();
    if (!this.#sessions.isReadable(found)) throw sessionErrors.historyGone(found.name);
    const role = found.host.email === email ? 'host' : 'client';
    // Into the list first: a session that does not know the person is not shown there.
    await this.#sessions.addMember(email, session, role);
    const record = await this.#sessions.change(session, (now) =>
      invitation.role === 'host' ? this.#takeHostLink(now, hash) : this.#use(now, email, hash),
    );
    return { record, role };
  }

  /** Takes out all that lead to a session. */
  async removeAll(session: string): Promise<void> {
    for await (const [hash, invitation] of this.#records.list())
      if (invitation.session === session) await this.#records.delete(hash);
  }

  #invite(record: SessionRecord, people: readonly Invitation[], hostToken: string): SessionRecord {
    if (record.end) throw sessionErrors.terminated(record.name);
    const before = new Map(record.invited.map((each) => [each.email, each]));
    const counts = (email: string) => email !== record.host.email;
    const already = record.invited.filter(({ email, state }) => counts(email) && state !== 'removed').length;
    const more = people.filter(({ email }) => {
      const old = before.get(email);
      return counts(email) && (!old || old.state === 'removed');
    }).length;
    for (const { email } of people)
      if (counts(email) && before.get(email)?.state === 'joined') throw invitationErrors.alreadyJoined(email);
    if (already + more > MAX_INVITED) throw invitationErrors.tooMany(already, more);
    const now = this.#now();
    const expires = now + INVITATION_LIFETIME;
    for (const { email, name, token } of people)
      before.set(email, { email, name, state: 'invited', invitedAt: now, expires, token: hashOf(token) });
    return {
      ...record,
      invited: bounded([...before.values()]),
      hostLink: { token: hashOf(hostToken), expires, used: false },
    };
  }

  #use(record: SessionRecord, email: string, hash: string): SessionRecord {
    const mine = record.invited.find((each) => each.email === email);
    if (!mine) throw invitationErrors.removed();
    if (mine.state === 'removed') throw invitationErrors.removed();
    if (mine.token !== hash) throw invitationErrors.replaced();
    if (mine.state === 'joined') throw invitationErrors.used();
    if (mine.expires <= this.#now()) throw invitationErrors.expired();
    return {
      ...record,
      invited: record.invited.map((each) => (each === mine ? { ...mine, state: 'joined' as const } : each)),
    };
  }

  #takeHostLink(record: SessionRecord, hash: string): SessionRecord {
    const { hostLink } = record;
    if (hostLink?.token !== hash) throw invitationErrors.replaced();
    if (hostLink.used) throw invitationErrors.used();
    if (hostLink.expires <= this.#now()) throw invitationErrors.expired();
    return {
      ...record,
      hostLink: { ...hostLink, used: true },
      // Where the host was among those invited, it was by this link.
      invited: record.invited.map((each) =>
        each.token === hostLink.token && each.state === 'invited'
          ? { ...each, state: 'joined' as const }
          : each,
      ),
    };
  }
}

/** Those removed longest ago are forgotten; their links lead nowhere then. */
function bounded(invited: readonly InvitedRecord[]): readonly InvitedRecord[] {
  const removed = invited.filter(({ state }) => state === 'removed');
  const forgotten = new Set(removed.slice(0, Math.max(0, removed.length - MOST_REMOVED)));
  return invited.filter((each) => !forgotten.has(each));
}
