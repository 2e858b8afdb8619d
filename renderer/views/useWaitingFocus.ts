import { type RefObject, useLayoutEffect } from 'react';

/** The window was chosen before it had anything to show: what it shows first takes the focus from its frame. */
export function useWaitingFocus(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const frame = element.current?.closest('[data-window]');
    if (frame && frame === document.activeElement) element.current?.focus();
  }, [element]);
}
