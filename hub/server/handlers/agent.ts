import { storeErrors } from '../../errors.ts';
import { sessionErrors } from '../errors.ts';
import type { Handlers } from './handlers.ts';

export const agentHandlers: Pick<Handlers, 'agent/append' | 'agent/ended'> = {
  async 'agent/append'(hub, peer, { entries }) {
    const session = peer.agentOf;
    const record = await hub.sessions.find(session);
    if (!record) throw sessionErrors.notFound();
    if (record.agentDone || !hub.sessions.isReadable(record)) throw sessionErrors.terminated(record.name);
    const { histories } = hub.store;
    const { maxEntries, maxHistoryBytes } = hub.settings;
    const lastOf = entries.at(-1)?.seq ?? 0;
    if (lastOf > maxEntries) throw sessionErrors.historyFull(`${maxEntries} entries`);
    // What it has already is not refused: the answer may have been lost.
    if ((await histories.size(session)) >= maxHistoryBytes && lastOf > (await histories.last(session)))
      throw sessionErrors.historyFull(`${maxHistoryBytes / 2 ** 20} MiB`);
    return { last: await histories.append(session, entries) };
  },

  async 'agent/ended'(hub, peer, { by, detail, last }) {
    const session = peer.agentOf;
    const kept = await hub.store.histories.last(session);
    if (kept < last) throw storeErrors.historyGap(session, kept + 1, last + 1);
    const before = await hub.sessions.find(session);
    if (before?.agentDone) return null;
    await hub.sessions.terminate(session, by, detail);
    const record = await hub.sessions.change(session, (now) => ({ ...now, agentDone: true }));
    const end = record.end ?? { by, detail };
    await hub.audit.write(peer.actor, 'session.ended', { session, by: end.by, detail: end.detail });
    return null;
  },
};
