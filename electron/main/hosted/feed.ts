import { StringDecoder } from 'node:string_decoder';
import { HostedView, type OpenedEntry } from '../../../hub/client/hosted-view.ts';
import type { HubConnection } from '../../../hub/client/hub-connection.ts';
import type { SessionKeys } from '../../../hub/client/keys.ts';
import type { NewOrder } from '../../../hub/client/seal.ts';
import type { SessionInfo } from '../../../hub/protocol/hub.ts';
import type { HawserError } from '../../../transports/errors/error.ts';
import type { ViewEntry } from '../../ipc/hosted.ts';

export interface FeedOptions {
  readonly connection: HubConnection;
  readonly session: string;
  readonly keys: SessionKeys;
  readonly show: (entries: readonly ViewEntry[]) => void;
  readonly changed: (info: SessionInfo) => void;
  /** The person is not in the session any more: no more of it comes. */
  readonly gone: () => void;
  readonly failed: (error: HawserError) => void;
}

/** A session's history on its way into a page: as fast as the page takes it, and again from the first line for each page. */
export class Feed {
  readonly #options: FeedOptions;
  #view: HostedView | null = null;
  #run = 0;
  #taken: { readonly seq: number; readonly done: () => void } | null = null;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** @throws HawserError as HostedView.open */
  async start(): Promise<void> {
    const run = ++this.#run;
    await this.stop();
    const { connection, session, keys, changed, gone, failed } = this.#options;
    const decoder = new StringDecoder('utf8');
    const view = await HostedView.open({
      connection,
      session,
      keys,
      entries: (entries) => (run === this.#run ? this.#give(entries, decoder) : undefined),
      changed: (info) => {
        if (run !== this.#run) return;
        if (info) return changed(info);
        this.end();
        gone();
      },
      failed: (error) => run === this.#run && failed(error),
    });
    if (run !== this.#run) return view.close();
    this.#view = view;
    changed(view.info);
  }

  /** The page has everything up to `seq`. */
  taken(seq: number): void {
    if (!this.#taken || seq < this.#taken.seq) return;
    this.#taken.done();
    this.#taken = null;
  }

  /** @throws HawserError as HostedView.order */
  async order(order: NewOrder): Promise<void> {
    await this.#view?.order(order);
  }

  async stop(): Promise<void> {
    const view = this.#view;
    this.#view = null;
    this.#taken?.done();
    this.#taken = null;
    await view?.close();
  }

  end(): void {
    this.#run++;
    void this.stop();
  }

  #give(entries: readonly OpenedEntry[], decoder: StringDecoder): Promise<void> {
    const last = entries.at(-1)?.seq ?? 0;
    return new Promise((done) => {
      this.#taken = { seq: last, done };
      this.#options.show(entries.map((entry) => shown(entry, decoder)));
    });
  }
}

function shown({ seq, at, body }: OpenedEntry, decoder: StringDecoder): ViewEntry {
  switch (body.type) {
    case 'output':
      return {
        seq,
        type: 'output',
        text: decoder.write(Buffer.from(body.data, 'base64')),
      };
    case 'command':
      return { seq, type: 'command', text: body.text };
    case 'notice':
      return { seq, type: 'notice', at, text: body.text };
  }
}
