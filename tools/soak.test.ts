import { describe, expect, it } from 'vitest';
import { soak } from './testing/soak/soak.ts';

describe('a session with a hundred clients on all transports', () => {
  it('gives all of them the same bytes while they join, leave, stall and lose their links, and keeps no file handle', async () => {
    const seconds = process.env.HAWSER_FULL ? 120 : 8;
    const result = await soak({ seconds, clients: 100, commanders: 10 });
    expect(result.faults).toEqual([]);
    expect(result.lines).toBeGreaterThan(0);
    expect(result.commands).toBeGreaterThan(10);
    const { joined, left, stalled, cut, resumed } = result.counts;
    for (const count of [joined - 100, left, stalled, cut]) expect(count).toBeGreaterThan(0);
    expect(resumed).toBe(cut);
  });
});
