import type { z } from '../../transports/zod.ts';
import type { Account, SessionInfo, SessionState, TerminatedBy } from '../protocol/hub.ts';
import type { AuditLine } from '../store/store.ts';
import { type AccountChange, accountOf, type NewAccount } from './accounts.ts';
import { terminateSession } from './agents.ts';
import type { HubContext } from './context.ts';
import { callerErrors, sessionErrors } from './errors.ts';
import { emailSchema, nameSchema } from './schemas.ts';

export interface SessionLine {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly computer: string;
  readonly created: number;
  readonly state: SessionState;
  readonly agent: boolean;
  readonly end: { readonly at: number; readonly by: TerminatedBy; readonly detail: string } | null;
  readonly last: number;
  readonly invited: number;
}

/** What the administrator does, from the hub's own console. */
export interface Administration {
  addAccount(account: NewAccount): Promise<Account>;
  listAccounts(): Promise<readonly (Account & { readonly hasPassword: boolean })[]>;
  changeAccount(email: string, change: AccountChange): Promise<Account>;
  setPassword(email: string, password: string): Promise<Account>;
  /** Sessions that they host are terminated. */
  removeAccount(email: string): Promise<null>;
  listSessions(): Promise<readonly SessionLine[]>;
  terminate(session: string): Promise<Pick<SessionInfo, 'id' | 'name'>>;
  /** At most `count` lines, oldest first; `from` and `to` are instants, inclusive. */
  audit(
    from: number | undefined,
    to: number | undefined,
    skip: number,
    count: number,
  ): Promise<readonly AuditLine[]>;
}

const CONSOLE = { who: 'console', from: '' };

type Parts = Pick<HubContext, 'accounts' | 'sessions' | 'audit' | 'store' | 'settings'>;

/** On a hub's parts: those of a running one, or of one made for the purpose over a store that many share. */
export function administer(hub: Parts): Administration {
  return {
    async addAccount(account) {
      const checked = {
        ...account,
        email: check(emailSchema, account.email),
        name: check(nameSchema, account.name),
      };
      const record = await hub.accounts.add(checked);
      const { email, mayHost, mayJoin, administrator } = record;
      await hub.audit.write(CONSOLE, 'account.add', { email, mayHost, mayJoin, administrator });
      return accountOf(record);
    },

    async listAccounts() {
      const list: (Account & { hasPassword: boolean })[] = [];
      for await (const [, record] of hub.accounts.records.list())
        list.push({ ...accountOf(record), hasPassword: record.password !== null });
      return list;
    },

    async changeAccount(email, change) {
      const name = change.name === undefined ? {} : { name: check(nameSchema, change.name) };
      const record = await hub.accounts.change(email, { ...change, ...name });
      const { mayHost, mayJoin, administrator } = record;
      await hub.audit.write(CONSOLE, 'account.change', {
        email: record.email,
        mayHost,
        mayJoin,
        administrator,
      });
      return accountOf(record);
    },

    async setPassword(email, password) {
      const record = await hub.accounts.setPassword(email, password);
      await hub.audit.write(CONSOLE, 'account.password', { email: record.email });
      return accountOf(record);
    },

    async removeAccount(email) {
      const record = await hub.accounts.find(email);
      await hub.accounts.remove(email);
      await hub.audit.write(CONSOLE, 'account.remove', { email });
      for (const { record: session, role } of record ? await hub.sessions.listOf(record.email) : [])
        if (role === 'host' && !session.end) await terminateSession(hub, session.id, 'administrator');
      return null;
    },

    async listSessions() {
      const list: SessionLine[] = [];
      for await (const [, record] of hub.sessions.records.list()) {
        const { id, name, host, computer, created, state, end, invited } = record;
        const { agent, last } = await hub.sessions.info(record, 'client');
        const count = invited.filter((each) => each.state !== 'removed').length;
        list.push({ id, name, host: host.email, computer, created, state, agent, end, last, invited: count });
      }
      return list.sort((a, b) => a.created - b.created);
    },

    async terminate(session) {
      const before = await hub.sessions.find(session);
      if (!before) throw sessionErrors.notFound();
      if (before.end) throw sessionErrors.terminated(before.name);
      const { id, name } = await terminateSession(hub, session, 'administrator');
      await hub.audit.write(CONSOLE, 'session.terminate', { session: id });
      return { id, name };
    },

    async audit(from, to, skip, count) {
      const lines: AuditLine[] = [];
      let seen = 0;
      for await (const line of hub.store.audit.list(from, to)) {
        if (seen++ < skip) continue;
        lines.push(line);
        if (lines.length >= count) break;
      }
      return lines;
    },
  };
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw callerErrors.badRequest('account', `'${value}' ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}
