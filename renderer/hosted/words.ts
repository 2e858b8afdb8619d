import type { EndedBy, InvitedPerson, ListedSession } from '../../electron/ipc/hosted.ts';

/** `14:02` today, else with the day, and in another year with that. */
export function timeWords(at: number, now = Date.now()): string {
  const date = new Date(at);
  const today = new Date(now);
  const clock = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (today.toDateString() === date.toDateString()) return clock;
  const year = today.getFullYear() === date.getFullYear() ? {} : { year: 'numeric' as const };
  return `${date.toLocaleDateString([], { day: 'numeric', month: 'short', ...year })}, ${clock}`;
}

/** By what a session ended, in a list. */
export function shortBy(by: EndedBy, detail: string): string {
  switch (by) {
    case 'menu':
      return 'by Terminate Session';
    case 'command':
      return detail === '' ? 'by a command' : `by ${detail}`;
    case 'debugger':
      return `debugger ended${detail === '' ? '' : ` (${detail})`}`;
    case 'agent':
      return detail === 'HISTORY_FULL' ? 'history full' : 'agent stopped';
    case 'administrator':
      return 'by an administrator';
  }
}

/** By what a session ended, to be read after "terminated". */
export function byWords(by: EndedBy, detail: string): string {
  switch (by) {
    case 'menu':
      return 'by its host, with Terminate Session';
    case 'command':
      return detail === '' ? 'by a command of its host' : `by its host, with ${detail}`;
    case 'debugger':
      return `when its debugger ended${detail === '' ? '' : ` (${detail})`}`;
    case 'agent':
      return detail === 'HISTORY_FULL'
        ? 'when its history was full: the hub keeps no more of one session (host a new one to go on)'
        : 'when its agent was stopped on the host’s computer';
    case 'administrator':
      return 'by an administrator of the hub';
  }
}

export function stateWords(session: ListedSession): string {
  if (session.end) return `Terminated ${timeWords(session.end.at)}`;
  return session.agent ? 'Open' : 'Open, agent away';
}

export function endWords({ end, readableUntil }: Pick<ListedSession, 'end' | 'readableUntil'>): string {
  if (!end) return '';
  const until = readableUntil === null ? '' : ` You can read it until ${timeWords(readableUntil)}.`;
  return `Terminated ${timeWords(end.at)}, ${byWords(end.by, end.detail)}.${until}`;
}

export function peopleWords({ role, invited }: Pick<ListedSession, 'role' | 'invited'>): string {
  if (role === 'client') return '';
  const counted = invited.filter(({ state }) => state !== 'removed');
  if (counted.length === 0) return 'Nobody invited';
  const here = counted.filter(({ present }) => present).length;
  return here === 0 ? `${counted.length} invited` : `${counted.length} invited, ${here} here`;
}

export function invitedWords({ state, present, invitedAt }: InvitedPerson): string {
  switch (state) {
    case 'invited':
      return `invited ${timeWords(invitedAt)}, has not joined yet`;
    case 'joined':
      return present ? 'has the session open' : 'has joined, is away';
    case 'expired':
      return 'did not use the invitation in time; invite again';
    case 'removed':
      return 'removed';
  }
}

/** Every word typed must be somewhere in what is shown of it. */
export function fits(session: ListedSession, filter: string): boolean {
  const { name, description, host, computer, invited } = session;
  const people = [host, ...invited].flatMap((person) => [person.name, person.email]);
  const text = [name, description, computer, stateWords(session), ...people].join('\n').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
