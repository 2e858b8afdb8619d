import { expect, test } from 'vitest';
import type { ClientInfo, TargetState } from '../../engine/protocol/session.ts';
import { canBreak, canRun, othersHere, processAndThread } from './words.ts';

const client = (id: number): ClientInfo => ({
  id,
  host: 'BIRCH',
  user: `u${id}`,
  via: 'tcp 192.0.2.5:50001',
  role: 'controller',
  lastActive: 0,
  connectedAt: 0,
});
const state = (change: Partial<TargetState>): TargetState => ({
  run: 'stopped',
  prompt: '0:000> ',
  process: { index: 0, pid: 12, name: 'a' },
  thread: { index: 1, tid: 13, name: 'b' },
  kind: 'live',
  machine: 'birch',
  description: 'a',
  queued: 0,
  ...change,
});

test('who else is here', () => {
  expect(othersHere([client(1)], 1).text).toBe('Nobody else here');
  expect(othersHere([client(1), client(2)], 1)).toEqual({
    text: '1 other here',
    names: 'BIRCH\\u2 (tcp 192.0.2.5:50001)',
  });
  expect(othersHere([client(1), client(2), client(3)], 1).text).toBe('2 others here');
});

test('where the target stands', () => {
  expect(processAndThread(state({}))).toEqual({
    short: 'Thread 1 (13)',
    full: 'Process 0 (12, a), thread 1 (13, b)',
  });
  expect(processAndThread(state({ kernel: true }))).toEqual({
    short: 'Processor 1',
    full: 'Kernel, processor 1',
  });
  expect(processAndThread(state({ kernel: true, thread: null }))).toBeNull();
  expect(processAndThread(state({ thread: null }))?.short).toBe('Process 0 (12)');
  expect(processAndThread(state({ process: null }))).toBeNull();
});

test('a dump cannot run; what runs can be broken into', () => {
  expect(canRun(state({}))).toBe(true);
  expect(canRun(state({ kind: 'core' }))).toBe(false);
  expect(canBreak(state({ run: 'running' }))).toBe(true);
  expect(canBreak(state({}))).toBe(false);
  expect(canRun(null)).toBe(false);
});
