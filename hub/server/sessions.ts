import {
  type Invited,
  type Person,
  READABLE_AFTER_END,
  type SessionInfo,
  type TerminatedBy,
} from '../protocol/hub.ts';
import { keyOf, partsOf, prefixOf } from '../store/keys.ts';
import type { HubStore, Records } from '../store/store.ts';
import { normalized } from './accounts.ts';
import { sessionErrors } from './errors.ts';
import type { InvitedRecord, MemberRecord, SessionRecord } from './records.ts';
import { update } from './update.ts';

export type Role = 'host' | 'client';

/** Sessions: who may do what in them, and what is told of them. */
export class Sessions {
  readonly records: Records<SessionRecord>;
  readonly #members: Records<MemberRecord>;
  readonly #store: HubStore;
  readonly #now: () => number;

  constructor(store: HubStore, now: () => number) {
    this.records = store.records<SessionRecord>('sessions');
    this.#members = store.records<MemberRecord>('members');
    this.#store = store;
    this.#now = now;
  }

  async find(id: string): Promise<SessionRecord | undefined> {
    return (await this.records.get(id))?.value;
  }

  /** The session and what the person is in it. @throws HawserError `SESSION_NOT_FOUND`, `SESSION_HISTORY_GONE` */
  async of(id: string, email: string): Promise<{ readonly record: SessionRecord; readonly role: Role }> {
    const record = await this.find(id);
    const role = record && roleOf(record, email);
    if (!record || !role) throw sessionErrors.notFound();
    if (role === 'client' && !this.isReadable(record)) throw sessionErrors.historyGone(record.name);
    return { record, role };
  }

  /** @throws HawserError `SESSION_NOT_FOUND`, `HOST_ONLY` */
  async hostedBy(id: string, email: string, what: string): Promise<SessionRecord> {
    const { record, role } = await this.of(id, email);
    if (role !== 'host') throw sessionErrors.hostOnly(what);
    return record;
  }

  /** @throws HawserError `SESSION_NOT_FOUND` */
  async change(id: string, change: (record: SessionRecord) => SessionRecord): Promise<SessionRecord> {
    const record = await update(this.records, id, change);
    if (!record) throw sessionErrors.notFound();
    return record;
  }

  async create(record: SessionRecord): Promise<void> {
    await this.addMember(record.host.email, record.id, 'host');
    await this.records.put(record.id, record, 0);
  }

  /** Marked with when and by what, once: who comes second changes nothing. */
  terminate(id: string, by: TerminatedBy, detail: string): Promise<SessionRecord> {
    const end = { at: this.#now(), by, detail };
    return this.change(id, (record) => (record.end ? record : { ...record, state: 'terminated', end }));
  }

  isReadable({ end, swept }: SessionRecord): boolean {
    return !swept && (!end || this.#now() < end.at + READABLE_AFTER_END);
  }

  async addMember(email: string, session: string, role: Role): Promise<void> {
    await this.#members.put(keyOf(normalized(email), session), { role });
  }

  async removeMember(email: string, session: string): Promise<void> {
    await this.#members.delete(keyOf(normalized(email), session));
  }

  async isListed(email: string, session: string): Promise<boolean> {
    return (await this.#members.get(keyOf(normalized(email), session))) !== undefined;
  }

  /** Those in the person's list. */
  async listOf(email: string): Promise<readonly { readonly record: SessionRecord; readonly role: Role }[]> {
    const found: { record: SessionRecord; role: Role }[] = [];
    for await (const [key] of this.#members.list(prefixOf(normalized(email)))) {
      const record = await this.find(partsOf(key).at(-1) ?? '');
      const role = record && roleOf(record, email);
      if (record && role && (role === 'host' || this.isReadable(record))) found.push({ record, role });
    }
    return found.sort((a, b) => a.record.created - b.record.created);
  }

  async info(record: SessionRecord, role: Role): Promise<SessionInfo> {
    const { id, name, description, host, created, state, end, computer, direct } = record;
    const [agents, last, people] = await Promise.all([
      this.#store.presence.list(prefixOf('agent', id)),
      this.#store.histories.last(id),
      role === 'host' ? this.#store.presence.list(prefixOf('person', id)) : [],
    ]);
    const present = new Set(people.map(([, email]) => email));
    const invited = role === 'host' ? record.invited.map((each) => this.#invited(each, present)) : [];
    const agent = agents.length > 0;
    return { id, name, description, host, created, state, agent, end, last, computer, direct, invited, role };
  }

  #invited({ email, name, state, invitedAt, expires }: InvitedRecord, present: ReadonlySet<string>): Invited {
    const late = state === 'invited' && expires <= this.#now();
    return { email, name, state: late ? 'expired' : state, invitedAt, present: present.has(email) };
  }
}

export function roleOf({ host, invited }: SessionRecord, email: string): Role | undefined {
  if (host.email === email) return 'host';
  return invited.some((each) => each.email === email && each.state === 'joined') ? 'client' : undefined;
}

export function personOf({ email, name }: Person): Person {
  return { email, name };
}
