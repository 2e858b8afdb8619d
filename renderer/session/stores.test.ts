import { beforeEach, expect, test } from 'vitest';
import type { ClientInfo, ServerInfo } from '../../engine/protocol/session.ts';
import { applyEvent, clients, forget, servers } from './stores.ts';

const client = (id: number): ClientInfo => ({
  id,
  host: 'H',
  user: `u${id}`,
  via: 'local',
  role: 'controller',
  lastActive: 0,
  connectedAt: 0,
});
const server: ServerInfo = {
  id: 0,
  connection: 'tcp:Port=5005,Server=H',
  listing: 'tcp:Port=5005',
  state: 'listening',
};

beforeEach(forget);

test('who is here follows the events', () => {
  applyEvent({ type: 'clientJoined', client: client(1) });
  applyEvent({ type: 'clientJoined', client: client(2) });
  applyEvent({ type: 'clientJoined', client: { ...client(2), user: 'again' } });
  applyEvent({ type: 'clientLeft', client: client(1), reason: 'left' });
  expect(clients.get().map((c) => c.user)).toEqual(['again']);
});

test('so do the servers', () => {
  applyEvent({ type: 'serverStarted', server });
  expect(servers.get()).toEqual([server]);
  applyEvent({ type: 'serverEnded', server });
  expect(servers.get()).toEqual([]);
});
