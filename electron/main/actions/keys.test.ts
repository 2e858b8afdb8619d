import { describe, expect, it } from 'vitest';
import { canBeShortcut, keysOf } from './keys.ts';

const none = { type: 'keyDown', control: false, alt: false, shift: false, meta: false } as const;

describe('keysOf', () => {
  it.each([
    // As Chromium reports the X11 keys Break, Cancel and Delete.
    ['Ctrl+Break', { key: 'Pause', code: 'Pause', control: true }],
    ['Ctrl+Break', { key: 'Cancel', code: 'BrowserStop', control: true }],
    ['Ctrl+Break', { key: 'Cancel', code: 'Pause', control: true }],
    ['Alt+Delete', { key: 'Delete', code: 'Delete', alt: true }],
    ['F8', { key: 'F8', code: 'F8' }],
    ['Pause', { key: 'Pause', code: 'Pause' }],
    ['Ctrl+Alt+Delete', { key: 'Delete', code: 'Delete', alt: true, control: true }],
    ['Ctrl+Shift+F5', { key: 'F5', code: 'F5', control: true, shift: true }],
    ['Ctrl+Shift+P', { key: 'P', code: 'KeyP', control: true, shift: true }],
    ['Ctrl+P', { key: 'з', code: 'KeyP', control: true }],
    ['Alt+Shift+1', { key: '!', code: 'Digit1', alt: true, shift: true }],
    ['Alt+5', { key: '5', code: 'Numpad5', alt: true }],
    ['Alt+Shift+Left', { key: 'ArrowLeft', code: 'ArrowLeft', alt: true, shift: true }],
    ['Ctrl+Plus', { key: '+', code: 'Equal', control: true, shift: true }],
    ['Ctrl+=', { key: '=', code: 'Equal', control: true }],
    ['Ctrl+,', { key: ',', code: 'Comma', control: true }],
    [null, { key: 'Shift', code: 'ShiftLeft', shift: true }],
    [null, { key: 'Pause', code: 'Pause', control: true, type: 'keyUp' as const }],
  ])('%s for %o', (keys, press) => {
    expect(keysOf({ ...none, ...press })).toBe(keys);
  });
});

it('takes for a shortcut what is neither text nor a way about', () => {
  for (const keys of ['F5', 'Shift+F11', 'Ctrl+P', 'Alt+1', 'Ctrl+Alt+S', 'Ctrl+Break'])
    expect([keys, canBeShortcut(keys)]).toEqual([keys, true]);
  for (const keys of ['A', 'Shift+A', 'Tab', 'Up', 'Enter', 'Shift+Tab', 'Esc', '5'])
    expect([keys, canBeShortcut(keys)]).toEqual([keys, false]);
});
