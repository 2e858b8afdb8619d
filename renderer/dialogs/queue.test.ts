import { beforeEach, expect, test } from 'vitest';
import { closeDialog, closeUnfitting, dialogs, openDialog } from './queue.ts';

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
  closeUnfitting('starting');
  expect(kinds()).toEqual(['connect', 'about']);
  closeUnfitting('session');
  expect(kinds()).toEqual(['about']);
  openDialog({ kind: 'stop' });
  closeUnfitting('linkLost');
  expect(kinds()).toEqual(['about']);
});
