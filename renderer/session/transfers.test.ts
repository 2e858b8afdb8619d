import { beforeEach, describe, expect, it } from 'vitest';
import type { Transfer } from '../../engine/protocol/session.ts';
import { dismissFailures, forgetTransfers, progressOf, takeTransfer, transfers } from './transfers.ts';

const transfer = (id: number, more: Partial<Transfer> = {}): Transfer => ({
  id,
  what: `lib${id}.so from birch`,
  done: 3_100_000,
  total: 12_000_000,
  state: 'running',
  ...more,
});

beforeEach(forgetTransfers);

describe('transfers', () => {
  it('says what comes from where, and how far it is', () => {
    expect(progressOf([transfer(1, { what: 'libc.so.6 from birch' })])).toEqual({
      text: 'Fetching libc.so.6 from birch: 3.1 of 12 MB',
      part: 3.1 / 12,
    });
    expect(progressOf([transfer(1, { total: null })])).toEqual({
      text: 'Fetching lib1.so from birch: 3.1 MB',
      part: null,
    });
    expect(progressOf([])).toBeNull();
  });

  it('sums up several', () => {
    expect(progressOf([transfer(1), transfer(2)])?.text).toBe('Fetching 2 files from birch: 6.2 of 24 MB');
    expect(progressOf([transfer(1), transfer(2, { what: 'x from elm', total: null })])).toEqual({
      text: 'Fetching 2 files: 6.2 MB',
      part: null,
    });
  });

  it('forgets what has come or was cancelled, and keeps what failed until it is dismissed', () => {
    for (const id of [1, 2, 3]) takeTransfer(transfer(id));
    takeTransfer(transfer(2, { done: 5 }));
    expect(transfers.get().running.map(({ id }) => id)).toEqual([1, 3, 2]);
    takeTransfer(transfer(1, { state: 'done' }));
    takeTransfer(transfer(2, { state: 'cancelled' }));
    takeTransfer(transfer(3, { state: 'failed', error: 'the link was lost' }));
    expect(transfers.get()).toMatchObject({ running: [], failed: [{ id: 3, error: 'the link was lost' }] });
    dismissFailures();
    expect(transfers.get().failed).toEqual([]);
  });
});
