import type { WindowId } from '../../electron/ipc/contract.ts';

/** Windows with a cursor on a line of code. */
const codeWindows: readonly WindowId[] = ['source', 'disassembly'];

const frameOf = (element: Element | null): HTMLElement | null =>
  element?.closest<HTMLElement>('[data-window]') ?? null;

/** The element that has the keyboard, also inside of an editor's shadow tree. */
function focused(doc: Document): Element | null {
  let element = doc.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** The window of the workbench that has the keyboard; '' where none has. */
export function windowWithFocus(doc: Document = document): string {
  return frameOf(doc.activeElement)?.dataset.window ?? '';
}

export const isCodeWindow = (id: string): boolean => (codeWindows as readonly string[]).includes(id);

/**
 * Gives a key to the element that has the keyboard, in words of the DOM: what the windows do by their own keys can be
 * chosen from menus, and by other keys, too.
 * @returns false: the keyboard is in no window of code
 */
export function pressInCode(key: string, more: KeyboardEventInit = {}): boolean {
  if (!isCodeWindow(windowWithFocus())) return false;
  focused(document)?.dispatchEvent(
    new KeyboardEvent('keydown', {
      key,
      code: key,
      bubbles: true,
      composed: true,
      cancelable: true,
      ...more,
    }),
  );
  return true;
}
