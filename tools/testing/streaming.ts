import { createHash } from 'node:crypto';
import { Outbox } from '../../hub/agent/outbox.ts';
import { HostedView } from '../../hub/client/hosted-view.ts';
import type { HubConnection } from '../../hub/client/hub-connection.ts';
import type { HostKeys, SessionKeys } from '../../hub/client/keys.ts';
import { EntrySealer } from '../../hub/client/seal.ts';
import type { EntryBody } from '../../hub/protocol/hub.ts';

/** Of all entries of a history so far. */
class HistoryHash {
  readonly #hash = createHash('sha256');
  entries = 0;
  bytes = 0;

  add(body: EntryBody): void {
    this.entries++;
    if (body.type === 'output') this.bytes += Buffer.from(body.data, 'base64').length;
    this.#hash.update(`${JSON.stringify([this.entries, body])}\n`);
  }

  get digest(): string {
    return this.#hash.copy().digest('hex');
  }
}

/** The agent's end of a session without a debugger behind it: its own outbox, seals and connection. */
export class Streamer {
  readonly sent = new HistoryHash();
  readonly refused: string[] = [];
  readonly #connection: HubConnection;
  readonly #outbox: Outbox;
  readonly #pace: number;
  readonly #number: number;
  #lines = 0;

  /** @param pace milliseconds from line to line */
  constructor(options: {
    readonly connection: HubConnection;
    readonly session: string;
    readonly keys: HostKeys;
    readonly folder: string;
    readonly number: number;
    readonly pace: number;
  }) {
    const { connection, session, keys, folder } = options;
    this.#connection = connection;
    this.#number = options.number;
    this.#pace = options.pace;
    this.#outbox = new Outbox({
      connection,
      sealer: new EntrySealer(session, keys),
      limit: 1 << 30,
      folder,
      full: () => undefined,
      refused: ({ code }) => this.refused.push(code),
      log: () => undefined,
    });
  }

  /** Entries that the hub has confirmed. */
  get confirmed(): number {
    return this.#outbox.acknowledged;
  }

  /** Line after line, until told to stop and then `more` of them. */
  async stream(going: () => boolean, more: number): Promise<void> {
    const line = async () => {
      this.#add(++this.#lines);
      await new Promise((done) => setTimeout(done, this.#pace));
    };
    while (going()) await line();
    for (let left = more; left > 0; left--) await line();
  }

  /** All of it is delivered, and the session's end told, as an agent does. */
  async end(): Promise<void> {
    await this.#outbox.delivered();
    const ending = { by: 'debugger' as const, detail: 'exit status 0', last: this.sent.entries };
    await this.#connection.request('agent/ended', ending, { timeout: 300_000 });
    await this.#outbox.dispose();
  }

  #add(line: number): void {
    const text = `${this.#number}:${line} ${'what a debugger prints, and … more '.repeat(line % 5)}\r\n`;
    const body = { type: 'output' as const, data: Buffer.from(text).toString('base64') };
    this.sent.add(body);
    this.#outbox.add(body);
  }
}

/** Somebody's view of a session, from its first entry on, whatever becomes of the hubs. */
export class Follower {
  readonly got = new HistoryHash();
  readonly failures: string[] = [];
  text = '';
  #view: HostedView | undefined;

  static async open(connection: HubConnection, session: string, keys: SessionKeys): Promise<Follower> {
    const made = new Follower();
    made.#view = await HostedView.open({
      connection,
      session,
      keys,
      entries: (entries) => {
        for (const { body } of entries) made.#take(body);
      },
      failed: ({ code }) => made.failures.push(code),
    });
    return made;
  }

  get view(): HostedView {
    if (!this.#view) throw new Error('it is not open');
    return this.#view;
  }

  #take(body: EntryBody): void {
    this.got.add(body);
    if (body.type === 'output') this.text += Buffer.from(body.data, 'base64').toString();
  }
}
