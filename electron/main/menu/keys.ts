import type { Input } from 'electron';

export type CaughtKey = 'break' | 'stepInto';

type KeyPress = Pick<Input, 'type' | 'key' | 'code' | 'control' | 'alt' | 'shift' | 'meta'>;

/**
 * Keys of the Debug menu that cannot be accelerators (Pause is none in Electron) or that stand beside one (F8).
 * The window catches them before the page does.
 */
export function caughtKey(input: KeyPress): CaughtKey | null {
  if (input.type !== 'keyDown' || input.meta || input.shift) return null;
  // With Ctrl the key is Cancel on some layouts and Pause on others; X11's Break has no code of its own.
  const pause = input.code === 'Pause' || input.key === 'Pause' || input.key === 'Cancel';
  if (pause && input.control && !input.alt) return 'break';
  if (input.key === 'Delete' && input.alt && !input.control) return 'break';
  if (input.key === 'F8' && !input.alt && !input.control) return 'stepInto';
  return null;
}

/** A key that steps, once more by itself since it is held. */
export function isHeldStep(input: Pick<Input, 'type' | 'key' | 'isAutoRepeat'>): boolean {
  return input.type === 'keyDown' && input.isAutoRepeat && /^F(?:8|10|11)$/.test(input.key);
}
