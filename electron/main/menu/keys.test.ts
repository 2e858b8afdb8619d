import { describe, expect, it } from 'vitest';
import { caughtKey, isHeldStep } from './keys.ts';

const none = { type: 'keyDown', control: false, alt: false, shift: false, meta: false } as const;

describe('caughtKey', () => {
  // As Chromium reports the X11 keys Break, Cancel and Delete.
  it.each([
    ['break', { key: 'Pause', code: 'Pause', control: true }],
    ['break', { key: 'Cancel', code: 'BrowserStop', control: true }],
    ['break', { key: 'Cancel', code: 'Pause', control: true }],
    ['break', { key: 'Delete', code: 'Delete', alt: true }],
    ['stepInto', { key: 'F8', code: 'F8' }],
    [null, { key: 'Pause', code: 'Pause' }],
    [null, { key: 'Delete', code: 'Delete' }],
    [null, { key: 'Delete', code: 'Delete', alt: true, control: true }],
    [null, { key: 'F8', code: 'F8', control: true }],
    [null, { key: 'Pause', code: 'Pause', control: true, type: 'keyUp' as const }],
  ])('%s for %o', (caught, press) => {
    expect(caughtKey({ ...none, ...press })).toBe(caught);
  });
});

it.each([
  [true, { key: 'F10', isAutoRepeat: true }],
  [true, { key: 'F11', isAutoRepeat: true }],
  [false, { key: 'F10', isAutoRepeat: false }],
  [false, { key: 'F5', isAutoRepeat: true }],
  [false, { key: 'F1', isAutoRepeat: true }],
])('%s: %o is a step by a key that is held', (held, press) => {
  expect(isHeldStep({ type: 'keyDown', ...press })).toBe(held);
});
