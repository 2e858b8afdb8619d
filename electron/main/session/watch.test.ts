import { describe, expect, it } from 'vitest';
import type { ClientInfo } from '../../../engine/protocol/session.ts';
import { afterEvent, noFacts } from './watch.ts';

const client = (id: number, role: ClientInfo['role'] = 'controller'): ClientInfo => ({
  id,
  host: 'h',
  user: 'u',
  via: 'tcp 192.0.2.5:1',
  role,
  lastActive: 0,
  connectedAt: 0,
});

describe('afterEvent', () => {
  it('knows who is here', () => {
    let facts = afterEvent(noFacts, { type: 'clientJoined', client: client(1) });
    facts = afterEvent(facts, { type: 'clientJoined', client: client(2) });
    facts = afterEvent(facts, { type: 'clientJoined', client: client(2) });
    expect(facts.clients.map(({ id }) => id)).toEqual([1, 2]);
    facts = afterEvent(facts, { type: 'clientLeft', client: client(1), reason: 'left' });
    expect(facts.clients.map(({ id }) => id)).toEqual([2]);
  });

  it('follows a change of our own role, and of nobody else’s', () => {
    const facts = { ...noFacts, you: client(1), clients: [client(1), client(2)] };
    expect(afterEvent(facts, { type: 'clientChanged', client: client(1, 'viewer') }).you?.role).toBe(
      'viewer',
    );
    expect(afterEvent(facts, { type: 'clientChanged', client: client(2, 'viewer') }).you?.role).toBe(
      'controller',
    );
  });

  it('is the same object after output', () => {
    expect(afterEvent(noFacts, { type: 'output', kind: 'normal', text: 'x' })).toBe(noFacts);
  });
});
