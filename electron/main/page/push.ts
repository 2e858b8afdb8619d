import type { WebContents } from 'electron';
import { PUSH_CHANNEL } from '../../ipc/channels.ts';
import type { PushEvents, PushName } from '../../ipc/contract.ts';

/** Events for the page. What comes before it listens waits for it: a key pressed while it loads is not lost. */
export class Push {
  readonly #contents: WebContents;
  #waiting: (() => void)[] | null = [];

  constructor(contents: WebContents) {
    this.#contents = contents;
  }

  send<N extends PushName>(name: N, event: PushEvents[N]): void {
    if (this.#waiting) this.#waiting.push(() => this.#send(name, event));
    else this.#send(name, event);
  }

  /** The page listens from now on. */
  begin(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const send of waiting) send();
  }

  /** The page is about to be another one. */
  hold(): void {
    this.#waiting ??= [];
  }

  #send<N extends PushName>(name: N, event: PushEvents[N]): void {
    if (!this.#contents.isDestroyed()) this.#contents.send(PUSH_CHANNEL, name, event);
  }
}
