import { z } from '../../transports/zod.ts';
import type { SessionInfo } from '../protocol/hub.ts';
import { keyOf } from '../store/keys.ts';
import type { HubContext } from './context.ts';
import { sessionErrors } from './errors.ts';
import type { Peer } from './peer.ts';
import type { SessionRecord } from './records.ts';

const orderSignal = z.object({ sealed: z.string() });
const arrivedSignal = z.object({ connection: z.string() });

/** Signals that concern one session's agent, on whichever hub it is. */
export const agentSubjects = {
  order: (session: string) => keyOf('order', session),
  terminate: (session: string) => keyOf('terminate', session),
  arrived: (session: string) => keyOf('arrived', session),
};

/**
 * Makes a connection the one of a session's agent; an older one is closed. What happened while it was away it is told at once.
 * @throws HawserError `SESSION_NOT_FOUND`, `SESSION_HISTORY_GONE`
 */
export async function connectAgent(hub: HubContext, peer: Peer, session: string): Promise<SessionInfo> {
  const record = await hub.sessions.find(session);
  if (!record) throw sessionErrors.notFound();
  if (!hub.sessions.isReadable(record)) throw sessionErrors.historyGone(record.name);
  peer.identity = { kind: 'agent', session };
  await hub.audit.write(peer.actor, 'agent.connected');
  const { signals, presence } = hub.store;
  const ends = await Promise.all([
    signals.listen(agentSubjects.order(session), (message) => {
      const order = orderSignal.safeParse(message);
      return order.success && peer.ask('agent/order', order.data);
    }),
    signals.listen(agentSubjects.terminate(session), async () => {
      await tellTermination(hub, peer, session);
      return true;
    }),
    signals.listen(agentSubjects.arrived(session), (message) => {
      const arrived = arrivedSignal.safeParse(message);
      if (arrived.success && arrived.data.connection !== peer.id) peer.close(sessionErrors.agentReplaced());
      return true;
    }),
  ]);
  const held = await presence.hold(keyOf('agent', session, peer.id), peer.address);
  peer.onEnd(async () => {
    for (const end of ends) end();
    await held.release();
    await hub.audit.write(peer.actor, 'agent.disconnected');
  });
  void signals.send(agentSubjects.arrived(session), { connection: peer.id }, 1000);
  if (record.end && !record.agentDone) setImmediate(() => void tellTermination(hub, peer, session));
  return hub.sessions.info(record, 'host');
}

async function tellTermination(hub: HubContext, peer: Peer, session: string): Promise<void> {
  const end = (await hub.sessions.find(session))?.end;
  if (end) peer.tell('agent/terminate', { by: end.by, detail: end.detail });
}

/** Ends a session, wherever its agent is; one that is away learns of it when it comes back. */
export async function terminateSession(
  hub: Pick<HubContext, 'sessions' | 'store'>,
  session: string,
  by: 'menu' | 'administrator',
): Promise<SessionRecord> {
  const record = await hub.sessions.terminate(session, by, '');
  void hub.store.signals.send(agentSubjects.terminate(session), {}, 5000);
  return record;
}
