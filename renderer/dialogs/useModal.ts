import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { tell } from '../lib/hawser.ts';

/** How many are shown, one above the other. */
let shown = 0;

/** Where the keyboard goes when what opened the dialog is not there any more, or was a menu. */
function fallbackFocus(): void {
  const place = document.querySelector<HTMLElement>('[data-main-focus]');
  place?.focus();
}

/** Modal: the browser keeps the focus inside and everything else inert; closing gives the focus back. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const ref = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus();
      else fallbackFocus();
    };
  }, []);

  useEffect(() => {
    tell('ui/modal', { open: true });
    shown++;
    return () => {
      shown--;
      // Of two, one above the other, the lower one is still there.
      if (shown === 0) tell('ui/modal', { open: false });
    };
  }, []);

  // What had the keyboard may have gone: a list's button with its row, say.
  useEffect(() => {
    if (document.activeElement === document.body)
      ref.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
  });
  return ref;
}
