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
  readonly following = createStore(true);
  /** Text was added below what is on screen. */
  readonly more = createStore(false);
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
  settle(added: boolean): void {
    if (!this.following.get()) {
      if (added) this.more.set(true);
      return;
    }
    if (this.#pointerDown) return;
    const scroller = this.#view.scrollDOM;
    scroller.scrollTop = scroller.scrollHeight;
  }

  toEnd(): void {
    this.#set(true);
    this.settle(false);
  }

  /** Something is to be looked at, a match that was found: followed on only where that is at the end. */
  stay(): void {
    this.#set(false);
    this.#view.requestMeasure({ read: () => this.#atEnd(), write: (atEnd) => this.#set(atEnd) });
  }

  #set(following: boolean): void {
    this.following.set(following);
    if (following) this.more.set(false);
  }

  #atEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.#view.scrollDOM;
    return scrollHeight - scrollTop - clientHeight < AT_END_PX;
  }

  #scrolled(): void {
    const byUser = this.#pointerDown || performance.now() - this.#intentAt < INTENT_MS;
    if (byUser) this.#set(this.#atEnd());
  }
}
