import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Transfer } from '../../engine/protocol/session.ts';
import { TransferLines } from './transfer-lines.ts';

const transfer = (state: Transfer['state'], more: Partial<Transfer> = {}): Transfer => ({
  id: 1,
  what: 'libc.so.6 from birch',
  done: 0,
  total: null,
  state,
  ...more,
});

describe('what a console says of transfers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function shown() {
    const said: string[] = [];
    return { said, lines: new TransferLines((line) => void said.push(line)) };
  }

  it('is nothing when they are quick', () => {
    const { said, lines } = shown();
    lines.take(transfer('running'));
    vi.advanceTimersByTime(499);
    lines.take(transfer('done', { done: 5 }));
    vi.advanceTimersByTime(1000);
    expect(said).toEqual([]);
  });

  it('is a line when they take long, and one at the end', () => {
    const { said, lines } = shown();
    lines.take(transfer('running'));
    vi.advanceTimersByTime(300);
    lines.take(transfer('running', { done: 5, total: 3 * 1024 * 1024 }));
    vi.advanceTimersByTime(300);
    lines.take(transfer('running', { done: 99, total: 3 * 1024 * 1024 }));
    vi.advanceTimersByTime(3000);
    lines.take(transfer('done', { done: 3 * 1024 * 1024 }));
    expect(said).toEqual([
      'Fetching libc.so.6 from birch (3.0 MB); commands go on meanwhile.',
      'Fetched libc.so.6 from birch (3.0 MB).',
    ]);
  });

  it('is why they failed, always, and that they were given up', () => {
    const { said, lines } = shown();
    lines.take(transfer('failed', { error: 'the link was lost' }));
    lines.take(transfer('running', { id: 2 }));
    lines.take(transfer('cancelled', { id: 2 }));
    lines.take(transfer('running', { id: 3 }));
    vi.advanceTimersByTime(600);
    lines.take(transfer('cancelled', { id: 3 }));
    expect(said).toEqual([
      'Fetching libc.so.6 from birch failed: the link was lost',
      'Fetching libc.so.6 from birch; commands go on meanwhile.',
      'Gave up fetching libc.so.6 from birch.',
    ]);
  });
});
