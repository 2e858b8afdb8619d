import { partsOf } from '../store/keys.ts';
import { Queues } from '../store/local/queue.ts';
import type { HubContext } from './context.ts';
import { callerErrors } from './errors.ts';
import type { Peer } from './peer.ts';
import type { SessionRecord } from './records.ts';
import { roleOf } from './sessions.ts';

/** Presence comes and goes in bursts, as when a hub starts. */
const TOGETHER_MS = 30;

/** Tells the connections of this hub what changes, on whichever hub it was changed. @returns what ends it */
export async function watchChanges(hub: HubContext): Promise<() => void> {
  const queues = new Queues();
  const waiting = new Map<string, NodeJS.Timeout>();
  const inOrder = (session: string, work: () => Promise<void>) =>
    void queues.run(session, work).catch(() => undefined);

  const presence = (key: string) => {
    const session = partsOf(key)[1];
    if (session === undefined || waiting.has(session) || hub.peers.interestedIn(session).length === 0) return;
    const timer = setTimeout(() => {
      waiting.delete(session);
      inOrder(session, () => tellAll(hub, session));
    }, TOGETHER_MS);
    waiting.set(session, timer);
  };
  const ends = await Promise.all([
    hub.sessions.records.watch((session, record) => inOrder(session, () => tellAll(hub, session, record))),
    hub.accounts.records.watch(
      (_key, record) => void checkSignIns(hub, record?.email).catch(() => undefined),
    ),
    hub.store.presence.watch('agent.', presence),
    hub.store.presence.watch('person.', presence),
  ]);
  return () => {
    for (const end of ends) end();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}

async function tellAll(hub: HubContext, session: string, known?: SessionRecord): Promise<void> {
  const record = known ?? (await hub.sessions.find(session));
  const peers = new Set(hub.peers.interestedIn(session));
  // Whoever has just been let in does not know of it yet.
  const people = record ? [record.host, ...record.invited.filter(({ state }) => state === 'joined')] : [];
  for (const { email } of people) for (const peer of hub.peers.of(email)) peers.add(peer);
  await Promise.all([...peers].map((peer) => tell(hub, peer, session, record)));
}

async function tell(hub: HubContext, peer: Peer, session: string, record: SessionRecord | undefined) {
  if (peer.identity?.kind !== 'person') return;
  const { email } = peer.identity.account;
  const role = record && roleOf(record, email);
  if (!record || !role || (role === 'client' && !hub.sessions.isReadable(record))) {
    await peer.open.close(session);
    if (peer.interest.has(session)) peer.tell('session/changed', { id: session, info: null });
    return hub.peers.dropInterest(peer, session);
  }
  // Taken out of the list: it stays so.
  if (record.end && !(await hub.sessions.isListed(email, session))) return;
  hub.peers.addInterest(peer, session);
  peer.tell('session/changed', { id: session, info: await hub.sessions.info(record, role) });
}

/** After a change of accounts: whose sign-in is no longer good is disconnected. */
async function checkSignIns(hub: HubContext, email: string | undefined): Promise<void> {
  const peers = email === undefined ? [...hub.peers.all] : hub.peers.of(email);
  for (const peer of peers) {
    const { identity } = peer;
    if (identity?.kind !== 'person') continue;
    const now = await hub.accounts.resume(identity.token).catch(() => null);
    if (peer.identity !== identity) continue;
    if (now?.kind !== 'person') {
      peer.close(callerErrors.signInExpired());
      continue;
    }
    const lost = identity.account.mayJoin && !now.record.mayJoin;
    peer.identity = { ...identity, account: now.record };
    // What it may no longer see must not go on; it may come back and ask for the rest.
    if (lost) peer.close();
  }
}
