import type { Input } from 'electron';

type KeyPress = Pick<Input, 'type' | 'key' | 'code' | 'control' | 'alt' | 'shift' | 'meta'>;

/** As Electron's accelerators call them. */
const names: Readonly<Record<string, string>> = {
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ' ': 'Space',
  '+': 'Plus',
  Escape: 'Esc',
};
const modifiers = new Set([
  'Control',
  'Alt',
  'Shift',
  'Meta',
  'AltGraph',
  'CapsLock',
  'NumLock',
  'Super',
  'Hyper',
]);

/** The key itself; null: a modifier, or a part of a letter to come. */
function keyName({ key, code, control }: KeyPress): string | null {
  // With Ctrl the key is Cancel on some layouts and Pause on others; X11's Break has no code of its own.
  if (code === 'Pause' || key === 'Pause' || key === 'Cancel') return control ? 'Break' : 'Pause';
  if (modifiers.has(key) || key === 'Dead' || key === 'Process' || key === 'Unidentified') return null;
  // Alt+Shift+1 is Alt+! on one layout, something else on others: what is printed on the key is meant.
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return digit;
  if (names[key] !== undefined) return names[key];
  if (key.length > 1) return key;
  if (/[a-z]/i.test(key)) return key.toUpperCase();
  // Of a layout without Latin letters.
  return /^Key([A-Z])$/.exec(code)?.[1] ?? key.toUpperCase();
}

/** What was pressed, in the words of the table of actions (`Ctrl+Shift+F5`); null: nothing that could be a shortcut. */
export function keysOf(input: KeyPress): string | null {
  if (input.type !== 'keyDown') return null;
  const name = keyName(input);
  if (name === null) return null;
  const shift = input.shift && name !== 'Plus';
  return [
    ...(input.control ? ['Ctrl'] : []),
    ...(input.alt ? ['Alt'] : []),
    ...(shift ? ['Shift'] : []),
    ...(input.meta ? ['Super'] : []),
    name,
  ].join('+');
}

/** A letter alone is text that is typed, and some keys are for moving about: those cannot be shortcuts. */
export function canBeShortcut(keys: string): boolean {
  return /^(?:Shift\+)?F\d+$/.test(keys) || /^(?:Ctrl|Alt|Super)\+/.test(keys) || keys === 'Pause';
}
