import { READABLE_AFTER_END } from '../protocol/hub.ts';
import type { HubContext } from './context.ts';
import type { SessionRecord } from './records.ts';

const EVERY_MS = 10 * 60_000;
/** After its end a session whose history is gone stays in the host's list for so long. */
const LISTED_AFTER_END = 90 * 24 * 60 * 60_000;
const HUB = { who: 'hub', from: '' };

/**
 * Deletes what has had its time: histories seven days after the end of their session, with the invitations to it; sessions
 * from their host's list after ninety; sign-ins that are over. Any number of hubs may do so at once: each step may be done twice.
 */
export async function sweep(hub: HubContext): Promise<void> {
  for await (const [, record] of hub.sessions.records.list()) await sweepSession(hub, record);
  await hub.accounts.removeExpiredTokens();
}

/** Sweeps now and again. @returns what ends it, when it is at rest */
export function keepSwept(hub: HubContext, every = EVERY_MS): () => Promise<void> {
  let working: Promise<void> | null = null;
  const work = () => {
    working ??= sweep(hub)
      // Tried again the next time.
      .catch(() => undefined)
      .finally(() => {
        working = null;
      });
  };
  const timer = setInterval(work, every);
  work();
  return async () => {
    clearInterval(timer);
    await working;
  };
}

async function sweepSession(hub: HubContext, record: SessionRecord): Promise<void> {
  const { id, end, swept, host, invited, agentToken } = record;
  if (!end) return;
  const over = hub.settings.now() - end.at;
  if (over < READABLE_AFTER_END) return;
  if (!swept) {
    await hub.store.histories.remove(id);
    await hub.invitations.removeAll(id);
    await hub.accounts.removeToken(agentToken);
    for (const { email } of invited) if (email !== host.email) await hub.sessions.removeMember(email, id);
    // Last: whoever comes in between finds it unfinished and does it again.
    await hub.sessions.change(id, (now) => (now.swept ? now : { ...now, swept: true }));
    await hub.audit.write(HUB, 'session.deleted', { session: id });
  }
  const listed = await hub.sessions.isListed(host.email, id);
  if (listed && over < LISTED_AFTER_END) return;
  await hub.sessions.removeMember(host.email, id);
  await hub.sessions.records.delete(id);
}
