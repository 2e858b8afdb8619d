import type { DockviewApi, IDockviewPanel } from 'dockview-react';
import { dress, look } from '../lib/look.ts';
import { restyle } from '../lib/shadow-styles.ts';

/** The main process lets the page open this one, and no other (page/security.ts). */
export const POPOUT_PAGE = './popout.html';

function dressPopout({ document: page }: Window): void {
  const now = look.get();
  if (now) dress(page.documentElement, now);
  page.body.classList.add('popout');
}

/** Windows of their own look like the others, and follow when that changes. */
export function followLook(api: DockviewApi): () => void {
  const all = () => {
    for (const { window } of api.getPopouts()) dressPopout(window);
  };
  const added = api.onDidAddPopoutGroup(({ window, group }) => {
    dressPopout(window);
    window.document.title = `${group.activePanel?.title ?? 'Windows'} - Hawser`;
  });
  const stop = look.subscribe(all);
  return () => {
    added.dispose();
    stop();
  };
}

/** What styles itself in the window has lost that in another document. */
export function restyleIn(element: Element): void {
  for (const host of element.querySelectorAll('.output-host')) restyle(host);
}

/** To a window of its own, which can stand on another screen. */
export function openPopout(api: DockviewApi, panel: IDockviewPanel): Promise<boolean> {
  restyleIn(panel.view.content.element);
  return api.addPopoutGroup(panel, { popoutUrl: POPOUT_PAGE });
}
