import { kept } from '../state/settings.ts';

const MOST = 500;

const asTexts = (value: unknown): readonly string[] | null =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string').slice(0, MOST) : null;

/** The expressions of the Watch window, in their order. */
export const watchList = kept<readonly string[]>('watch', [], asTexts);

export function addWatch(expression: string): void {
  const text = expression.trim();
  if (text !== '') watchList.update((list) => (list.includes(text) ? list : [...list, text].slice(-MOST)));
}

export function removeWatch(expression: string): void {
  watchList.update((list) => list.filter((each) => each !== expression));
}
