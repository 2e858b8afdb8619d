import type { Account } from '../../hub/protocol/hub.ts';
import type { SessionLine } from '../../hub/server/administration.ts';
import type { AuditLine } from '../../hub/store/store.ts';
import { UsageError } from '../cli/options.ts';

export const time = (at: number) => new Date(at).toISOString().replace('T', ' ').slice(0, 19);

/** What people named things goes to a terminal: without what would steer it. */
const shown = (text: string) => text.replace(/\p{Cc}/gu, ' ');

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows.map((row) => row.map(shown))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const rights = ({ mayHost, mayJoin, administrator }: Account) =>
  [mayHost && 'may host', mayJoin && 'may join', administrator && 'administrator']
    .filter(Boolean)
    .join(', ') || 'nothing yet';

export const accountLine = (account: Account): string =>
  `${account.email} (${shown(account.name)}): ${rights(account)}`;

export function accountTable(accounts: readonly (Account & { readonly hasPassword: boolean })[]): string {
  const row = (each: Account & { readonly hasPassword: boolean }) => [
    each.email,
    each.name,
    rights(each),
    each.hasPassword ? 'password' : 'provider only',
  ];
  return table(['E-mail', 'Name', 'Rights', 'Signs in by'], accounts.map(row));
}

export function sessionTable(sessions: readonly SessionLine[]): string {
  if (sessions.length === 0) return 'There are no sessions.';
  const state = ({ end, agent }: SessionLine) =>
    end
      ? `terminated ${time(end.at)} by ${end.by}${end.detail && ` (${end.detail})`}`
      : agent
        ? 'open'
        : 'open, agent away';
  return table(
    ['Session', 'Name', 'Host', 'Computer', 'Created', 'Invited', 'Entries', 'State'],
    sessions.map((each) => [
      each.id,
      each.name,
      each.host,
      each.computer,
      time(each.created),
      String(each.invited),
      String(each.last),
      state(each),
    ]),
  );
}

export function auditText({ at, who, what, about }: AuditLine): string {
  const facts = Object.entries(about).map(([name, value]) => `${name}=${value}`);
  return shown([`${time(at)}Z`, who, what, ...facts].join('  '));
}

/** @throws UsageError */
export function instant(text: string | undefined, option: 'from' | 'to'): number | undefined {
  if (text === undefined) return undefined;
  const day = /^\d{4}-\d\d-\d\d$/.test(text);
  const at = Date.parse(day && option === 'to' ? `${text}T23:59:59.999Z` : text);
  if (Number.isNaN(at))
    throw new UsageError(`-${option} takes a time such as 2026-05-01 or 2026-05-01T12:30, not '${text}'.`);
  return at;
}
