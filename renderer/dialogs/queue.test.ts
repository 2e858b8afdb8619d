import { beforeEach, expect, test } from 'vitest';
import type { GuiState, StubFacts } from '../../electron/ipc/contract.ts';
import { closeDialog, closeUnfitting, dialogs, openDialog } from './queue.ts';

const dormant: GuiState = { mode: 'dormant', notice: null, error: null, ending: null };
const facts: StubFacts = {
  kind: 'processServer',
  connection: 'tcp:Port=1,Server=birch',
  machine: 'birch',
  attach: true,
  launch: true,
  link: { state: 'up' },
};
const stub: GuiState = { mode: 'stub', stub: facts, notice: null, error: null, ending: null };
const starting = (through: StubFacts | null): GuiState => ({ mode: 'starting', what: 'x', stub: through });
const session: GuiState = {
  mode: 'session',
  kind: 'local',
  connection: null,
  title: 'x',
  stub: null,
  ending: null,
};
const lost: GuiState = {
  mode: 'linkLost',
  connection: 'x',
  error: { code: 'LINK_LOST', message: '', action: '', data: {} },
  reconnecting: false,
  retryIn: null,
};

const kinds = () => dialogs.get().map(({ kind }) => kind);

beforeEach(() => dialogs.set([]));

test('the first is shown, the others wait, none twice', () => {
  openDialog({ kind: 'about' });
  openDialog({ kind: 'help' });
  openDialog({ kind: 'about' });
  expect(kinds()).toEqual(['about', 'help']);
  closeDialog('about');
  expect(kinds()).toEqual(['help']);
});

test('when a session begins or ends, dialogs that need the other go', () => {
  openDialog({ kind: 'connect' });
  openDialog({ kind: 'about' });
  closeUnfitting(starting(null));
  expect(kinds()).toEqual(['connect', 'about']);
  closeUnfitting(session);
  expect(kinds()).toEqual(['about']);
  openDialog({ kind: 'stop' });
  closeUnfitting(lost);
  expect(kinds()).toEqual(['about']);
});

test('a dialog that chooses from a machine goes when that machine does', () => {
  openDialog({ kind: 'attach', machine: 'stub' });
  closeUnfitting(stub);
  closeUnfitting(starting(facts));
  expect(kinds()).toEqual(['attach']);
  closeUnfitting(dormant);
  expect(kinds()).toEqual([]);
  openDialog({ kind: 'executable', machine: 'local' });
  closeUnfitting(starting(null));
  expect(kinds()).toEqual(['executable']);
  closeUnfitting(stub);
  expect(kinds()).toEqual([]);
});

test('connected to a stub one connects to nothing else', () => {
  openDialog({ kind: 'connectStub' });
  closeUnfitting(stub);
  expect(kinds()).toEqual([]);
});
