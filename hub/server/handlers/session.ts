import type { SessionInfo } from '../../protocol/hub.ts';
import { agentSubjects, terminateSession } from '../agents.ts';
import type { HubContext } from '../context.ts';
import { callerErrors, sessionErrors } from '../errors.ts';
import type { Peer } from '../peer.ts';
import type { SessionRecord } from '../records.ts';
import { newId } from '../secrets.ts';
import { personOf, type Role } from '../sessions.ts';
import type { Handlers } from './handlers.ts';

const PAGE_BYTES = 512 * 1024;

export const sessionHandlers: Pick<
  Handlers,
  | 'session/create'
  | 'session/list'
  | 'session/open'
  | 'session/close'
  | 'session/read'
  | 'session/order'
  | 'session/terminate'
  | 'session/removeFromList'
> = {
  async 'session/create'(hub, peer, { name, description, computer, direct }) {
    const { account } = peer.person;
    if (!account.mayHost) throw callerErrors.notAllowed('host sessions', hub.settings.contact);
    const hosted = (await hub.sessions.listOf(account.email)).filter(
      ({ role, record }) => role === 'host' && !record.end,
    );
    const { maxSessionsPerHost } = hub.settings;
    if (hosted.length >= maxSessionsPerHost) throw sessionErrors.tooMany(maxSessionsPerHost);
    const id = newId();
    const { token, hash } = await hub.accounts.agentToken(id);
    const record: SessionRecord = {
      id,
      name,
      description,
      host: personOf(account),
      created: hub.settings.now(),
      state: 'open',
      end: null,
      computer,
      direct,
      invited: [],
      hostLink: null,
      agentToken: hash,
      agentDone: false,
      swept: false,
    };
    await hub.sessions.create(record);
    await hub.audit.write(peer.actor, 'session.create', { session: id, name, computer });
    return { session: await shown(hub, peer, record, 'host'), agentToken: token };
  },

  async 'session/list'(hub, peer) {
    const list = await hub.sessions.listOf(peer.person.account.email);
    return Promise.all(list.map(({ record, role }) => shown(hub, peer, record, role)));
  },

  async 'session/open'(hub, peer, { session, after, window }) {
    const { account } = peer.person;
    const { role } = await readable(hub, peer, session);
    if (!peer.open.has(session)) await hub.audit.write(peer.actor, 'session.open', { session, role });
    // Told of changes from now on, and then looked at once more: who is shut out meanwhile does not slip in.
    hub.peers.addInterest(peer, session);
    await peer.open.add(session, account.email, after, window);
    try {
      const now = await readable(hub, peer, session);
      const info = await shown(hub, peer, now.record, now.role);
      peer.open.start(session);
      return info;
    } catch (error) {
      await peer.open.close(session);
      hub.peers.dropInterest(peer, session);
      throw error;
    }
  },

  async 'session/close'(_hub, peer, { session }) {
    await peer.open.close(session);
    return null;
  },

  async 'session/read'(hub, peer, { session, from, count }) {
    await readable(hub, peer, session);
    const entries = await hub.store.histories.read(session, from, count, PAGE_BYTES);
    return { entries, last: await hub.store.histories.last(session) };
  },

  async 'session/order'(hub, peer, { session, sealed }) {
    const { account } = peer.person;
    // In the order of their coming: a look at the session must not let a later one overtake.
    return peer
      .inOrder(session, async () => {
        const record = await hub.sessions.hostedBy(session, account.email, 'run commands');
        if (record.end) throw sessionErrors.terminated(record.name);
        const answer = hub.store.signals.send(
          agentSubjects.order(session),
          { sealed },
          hub.settings.orderTimeout,
        );
        return { record, answer };
      })
      .then(async ({ record, answer }) => {
        if (!(await answer)) throw sessionErrors.agentAway(record.computer);
        return null;
      });
  },

  async 'session/terminate'(hub, peer, { session }) {
    const { account } = peer.person;
    const before = await hub.sessions.find(session);
    const isHost = before?.host.email === account.email;
    if (!before || (!isHost && !account.administrator)) {
      await hub.sessions.hostedBy(session, account.email, 'terminate the session');
      throw sessionErrors.notFound();
    }
    const record = await terminateSession(hub, session, isHost ? 'menu' : 'administrator');
    if (!before.end) await hub.audit.write(peer.actor, 'session.terminate', { session });
    return isHost ? shown(hub, peer, record, 'host') : hub.sessions.info(record, 'host');
  },

  async 'session/removeFromList'(hub, peer, { session }) {
    const { account } = peer.person;
    const record = await hub.sessions.find(session);
    if (record && !record.end) {
      await hub.sessions.of(session, account.email);
      throw sessionErrors.stillOpen(record.name);
    }
    await hub.sessions.removeMember(account.email, session);
    for (const each of hub.peers.of(account.email)) {
      hub.peers.dropInterest(each, session);
      each.tell('session/changed', { id: session, info: null });
    }
    await hub.audit.write(peer.actor, 'session.removeFromList', { session });
    return null;
  },
};

async function readable(hub: HubContext, peer: Peer, session: string) {
  const { account } = peer.person;
  const { record, role } = await hub.sessions.of(session, account.email);
  if (role === 'client' && !account.mayJoin)
    throw callerErrors.notAllowed('join sessions', hub.settings.contact);
  if (!hub.sessions.isReadable(record)) throw sessionErrors.historyGone(record.name);
  return { record, role };
}

/** What the peer sees of it; from now on it is told of changes. */
export async function shown(
  hub: HubContext,
  peer: Peer,
  record: SessionRecord,
  role: Role,
): Promise<SessionInfo> {
  hub.peers.addInterest(peer, record.id);
  return hub.sessions.info(record, role);
}
