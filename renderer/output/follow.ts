import type { EditorView } from '@codemirror/view';
import { createStore } from '../lib/store.ts';

/** How long after a wheel turn, key or drag a scroll counts as the user's own. */
const INTENT_MS = 700;
const AT_END_PX = 8;

/**
 * Keeps the end of the output in view until the user scrolls up, and again once they are back at the end.
 * Scrolling that the document causes itself (it grows, or is cut at the front) is not the user's.
 */
export class Follow {
  /** Read by the button that leads back to the end. */
  readonly following = createStore(true);
  readonly #view: EditorView;
  #intentAt = -INTENT_MS;
  #pointerDown = false;

  constructor(view: EditorView) {
    this.#view = view;
    const scroller = view.scrollDOM;
    const intent = () => {
      this.#intentAt = performance.now();
    };
    for (const type of ['wheel', 'touchmove', 'keydown'] as const) {
      scroller.addEventListener(type, intent, { passive: true });
    }
    scroller.addEventListener('pointerdown', () => {
      this.#pointerDown = true;
    });
    window.addEventListener('pointerup', () => {
      this.#pointerDown = false;
      intent();
    });
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
  }

  /** After text was added. */
  settle(): void {
    if (!this.following.get() || this.#pointerDown) return;
    const scroller = this.#view.scrollDOM;
    scroller.scrollTop = scroller.scrollHeight;
  }

  toEnd(): void {
    this.following.set(true);
    this.settle();
  }

  /** Something further up is to be looked at: a match that was found. */
  stay(): void {
    this.following.set(false);
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#view.scrollDOM;
    const atEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
    const byUser = this.#pointerDown || performance.now() - this.#intentAt < INTENT_MS;
    if (atEnd && byUser) this.following.set(true);
    else if (byUser) this.following.set(false);
  }
}
