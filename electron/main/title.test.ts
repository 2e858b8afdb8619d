import { expect, test } from 'vitest';
import type { GuiState, StubFacts } from '../ipc/contract.ts';
import { windowTitle } from './title.ts';

const stub: StubFacts = {
  kind: 'processServer',
  connection: 'tcp:Port=1,Server=birch',
  machine: 'birch',
  attach: true,
  launch: true,
  link: { state: 'up' },
};
const session = (
  kind: 'local' | 'remote',
  more: Partial<Extract<GuiState, { mode: 'session' }>>,
): GuiState => ({
  mode: 'session',
  kind,
  connection: null,
  title: 'wheel 5',
  stub: null,
  ending: null,
  ...more,
});

test('a title always says which machine the target is on', () => {
  expect(windowTitle(session('local', {}), 'rowan')).toBe('wheel 5 on rowan - Hawser');
  expect(windowTitle(session('local', { stub }), 'birch')).toBe('wheel 5 on birch - Hawser');
  // Its program has ended; another can be started there.
  expect(windowTitle(session('local', { stub }), '')).toBe('wheel 5 on birch - Hawser');
  expect(windowTitle(session('remote', { title: 'tcp:Port=2,Server=elm' }), 'birch')).toBe(
    'tcp:Port=2,Server=elm, target on birch - Hawser',
  );
  expect(windowTitle(session('local', { title: '/tmp/core' }), '')).toBe('/tmp/core - Hawser');
});

test('without a target it says what the window is connected to', () => {
  const rest = { notice: null, error: null, ending: null };
  expect(windowTitle({ mode: 'dormant', ...rest }, '')).toBe('Hawser');
  expect(windowTitle({ mode: 'stub', stub, ...rest }, '')).toBe(
    'birch through tcp:Port=1,Server=birch - Hawser',
  );
});
