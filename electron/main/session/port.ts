import { MessageChannelMain, type WebContents } from 'electron';
import { SESSION_PORT_MESSAGE } from '../../ipc/channels.ts';
import type { Push } from '../page/push.ts';
import type { Debugging } from './debugging.ts';
import type { SessionFacts } from './watch.ts';

/** Gives the page its end of the session. A page that has not said that it listens would lose it. */
export class SessionPort {
  readonly #contents: WebContents;
  readonly #debugging: Debugging;
  readonly #push: Pick<Push, 'begin' | 'hold'>;
  #pageListens = false;
  #waiting: (() => void)[] = [];

  constructor(contents: WebContents, debugging: Debugging, push: Pick<Push, 'begin' | 'hold'>) {
    this.#contents = contents;
    this.#debugging = debugging;
    this.#push = push;
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (!isMainFrame || isSameDocument) return;
      this.#pageListens = false;
      this.#push.hold();
    });
  }

  /** The page listens, and wants the session that runs, if any. */
  wanted(): void {
    this.#pageListens = true;
    this.#push.begin();
    this.offer();
  }

  /** There is a new link. */
  offer(): void {
    if (!this.#pageListens || this.#contents.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    if (this.#debugging.attachPort(port1)) this.#contents.postMessage(SESSION_PORT_MESSAGE, null, [port2]);
    else port1.close();
  }

  /** Once the page sees what happens. */
  afterAttach(then: () => void): void {
    this.#waiting.push(then);
    this.factsChanged(this.#debugging.facts);
  }

  factsChanged(facts: SessionFacts): void {
    if (!facts.you) return;
    const ready = this.#waiting;
    this.#waiting = [];
    for (const then of ready) then();
  }
}
