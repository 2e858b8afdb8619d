import type { Duplex } from 'node:stream';
import type { ClientString, ServerString } from './connection-string.ts';
import { toHawserError } from './errors/error.ts';
import { connect, listen } from './registry.ts';
import type { Connection, Notice } from './transport.ts';

export interface RepeaterOptions {
  /** How clients reach the repeater. */
  readonly server: ServerString;
  /** How the repeater reaches the server. */
  readonly client: ClientString;
  /** Goes on when the last connection has ended. */
  readonly stay: boolean;
  readonly notice?: Notice;
}

export interface Repeater {
  readonly bound: ServerString;
  /** Resolves when it has ended: by `close`, or when the last connection has and it was not to stay. */
  readonly ended: Promise<void>;
  /** Ends it and what it relays. */
  close(): Promise<void>;
}

/** What the slower end may take for the rest when the other has closed. */
const LINGER_MS = 30_000;

/**
 * Relays bytes between whoever comes and a server, one connection there for each here. It understands nothing of them:
 * hello, password and everything else is between the two ends.
 * @throws HawserError why it cannot listen
 */
export async function openRepeater(options: RepeaterOptions): Promise<Repeater> {
  const { server, client, stay, notice = () => {} } = options;
  const closing = new AbortController();
  const streams = new Set<Duplex>();
  let relays = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const welcome = async (here: Connection) => {
    const gone = new AbortController();
    here.stream.once('close', () => gone.abort());
    keep(streams, here.stream);
    let there: Connection;
    try {
      const signal = AbortSignal.any([closing.signal, gone.signal]);
      there = await connect(client, { signal, notice });
    } catch (error) {
      here.stream.destroy();
      if (!closing.signal.aborted && !gone.signal.aborted)
        notice(`${here.peer} was turned away. ${toHawserError(error).message}`);
      return;
    }
    keep(streams, there.stream);
    relays++;
    notice(`Relaying between ${here.peer} and ${there.peer}.`);
    await splice(here.stream, there.stream);
    relays--;
    notice(`The connection between ${here.peer} and ${there.peer} has ended.`);
    if (relays === 0 && !stay) finish();
  };

  const listener = await listen(server, (here) => void welcome(here), { notice });
  const ended = finished.then(async () => {
    closing.abort();
    await listener.close();
    for (const stream of streams) stream.destroy();
  });
  return {
    bound: listener.bound,
    ended,
    close: () => {
      finish();
      return ended;
    },
  };
}

function keep(streams: Set<Duplex>, stream: Duplex): void {
  streams.add(stream);
  stream.once('close', () => streams.delete(stream));
}

/** Both ways, each with the other's pace, until both are closed. An end is passed on as an end, a cut as a cut. */
function splice(a: Duplex, b: Duplex): Promise<void> {
  const follow = (from: Duplex, to: Duplex) =>
    new Promise<void>((resolve) => {
      const over = () => {
        if (from.readableEnded) to.end();
        else to.destroy();
        const timer = setTimeout(() => to.destroy(), LINGER_MS);
        if (to.closed) clearTimeout(timer);
        else to.once('close', () => clearTimeout(timer));
        resolve();
      };
      // Somebody who reset the connection is gone for both.
      from.on('error', () => to.destroy());
      if (from.closed) over();
      else from.once('close', over);
      from.pipe(to);
    });
  return Promise.all([follow(a, b), follow(b, a)]).then(() => undefined);
}
