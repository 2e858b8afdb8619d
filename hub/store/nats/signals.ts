import { randomUUID } from 'node:crypto';
import { createInbox, type Msg } from '@nats-io/transport-node';
import { storeErrors } from '../../errors.ts';
import type { Signals } from '../store.ts';
import { type Envelope, InOrder } from './in-order.ts';
import type { Layout } from './layout.ts';
import type { NatsLink } from './link.ts';

type Listener = (message: unknown) => boolean | Promise<boolean>;

/** Other servers hear of a new listener a moment later: sent again after these times, and taken by each listener once. */
const AGAIN_MS = [20, 80, 300] as const;
/** One that has not come by then is lost: well after it was sent for the last time. */
const LOST_MS = 2000;
/** NATS's answer where nobody listens. */
const NOBODY = 503;

/** Requests of core NATS: to whoever listens at this moment. */
export class NatsSignals implements Signals {
  readonly #link: NatsLink;
  readonly #layout: Layout;
  readonly #sender = randomUUID();
  #count = 0;
  /** The last message on each subject, while it is sent. */
  readonly #sending = new Map<string, number>();

  constructor(link: NatsLink, layout: Layout) {
    this.#link = link;
    this.#layout = layout;
  }

  async send(subject: string, message: unknown, wait: number): Promise<boolean> {
    const name = this.#layout.signal(subject);
    if (this.#link.closed) throw storeErrors.closed();
    const n = ++this.#count;
    const after = this.#sending.get(name) ?? null;
    this.#sending.set(name, n);
    const text = JSON.stringify({ from: this.#sender, n, after, message } satisfies Envelope);
    const sent = () => {
      if (this.#sending.get(name) === n) this.#sending.delete(name);
    };
    return this.#ask(name, text, wait, sent);
  }

  async listen(subject: string, listener: Listener): Promise<() => void> {
    const inOrder = new InOrder<Msg>(LOST_MS, (message, arrived) => void answer(arrived, message, listener));
    const subscription = this.#link.nc.subscribe(this.#layout.signal(subject), {
      callback: (error, arrived) => {
        if (!error) inOrder.take(arrived.json<Envelope>(), arrived);
      },
    });
    await this.#link.read('listen for signals', () => this.#link.nc.flush());
    return () => {
      subscription.unsubscribe();
      inOrder.end();
    };
  }

  /** All who listen may answer; the first yes counts, and nobody knows how many there are. */
  #ask(name: string, text: string, wait: number, done: () => void): Promise<boolean> {
    const { nc } = this.#link;
    return new Promise((resolve) => {
      const reply = createInbox();
      const timers: NodeJS.Timeout[] = [];
      let sent = 0;
      const finish = (taken: boolean) => {
        // What is still to be sent again is sent: a yes is one listener's, and every one is to get it.
        clearTimeout(timers[0]);
        subscription.unsubscribe();
        resolve(taken);
      };
      const subscription = nc.subscribe(reply, {
        callback: (error, message) => {
          if (error) return finish(false);
          if (message.string() === 'yes') return finish(true);
          // Nobody, and nobody has come meanwhile.
          if (message.headers?.code === NOBODY && sent > AGAIN_MS.length) finish(false);
        },
      });
      const publish = () => {
        sent++;
        if (sent > AGAIN_MS.length) done();
        // While the connection is made anew it waits in the client.
        if (!nc.isClosed()) nc.publish(name, text, { reply });
        else finish(false);
      };
      publish();
      timers.push(
        setTimeout(() => finish(false), wait),
        ...AGAIN_MS.map((ms) => setTimeout(publish, ms)),
      );
    });
  }
}

async function answer(arrived: Msg, message: unknown, listener: Listener): Promise<void> {
  let took = false;
  try {
    took = (await listener(message)) === true;
  } catch {
    // As one that did not take it.
  }
  if (took) arrived.respond('yes');
}
