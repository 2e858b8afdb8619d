import type { Look } from '../../electron/ipc/contract.ts';
import { createStore } from './store.ts';

/** How this page looks; null until the main process has told. */
export const look = createStore<Look | null>(null);

/** A family that has a blank in it needs its quotes; several are given as they are. */
const family = (font: string) => (/[,'"]/.test(font) ? font : `"${font}"`);

/** On a document: the style sheets go by it (theme.css). */
export function dress(root: HTMLElement, { theme, monoFont, monoSize, uiFont, motion }: Look): void {
  root.dataset.theme = theme;
  root.dataset.motion = motion;
  root.style.setProperty('--mono-size', `${monoSize}px`);
  const fonts = [
    ['--mono', monoFont, 'monospace'],
    ['--sans', uiFont, 'sans-serif'],
  ] as const;
  for (const [name, font, generic] of fonts) {
    if (font === '') root.style.removeProperty(name);
    else root.style.setProperty(name, `${family(font)}, ${generic}`);
  }
}

export function startLook(): void {
  window.hawser.on('look', (now) => {
    dress(document.documentElement, now);
    look.set(now);
  });
}
