import { hostname } from 'node:os';
import { toHawserError } from '../../../../transports/errors/error.ts';
import { engineErrors } from '../../../errors.ts';
import type { StubRequests, WireFacts } from '../../../stub/protocol.ts';
import {
  type Handlers,
  ServedClient,
  type ServedHost,
  type StubPeer,
} from '../../../stub/server/served-client.ts';
import { completeWire } from '../environment.ts';
import { type OpenWireOptions, openWire } from '../open.ts';
import { formatWire, parsePlainWire } from '../wire-string.ts';
import { HeldWire } from './held-wire.ts';
import { findOffers } from './offers.ts';
import type { WiresInUse } from './wires.ts';

/** What a client needs of the KD connection server around it. */
export interface KdHost extends ServedHost {
  readonly wires: WiresInUse;
  readonly variables: NodeJS.ProcessEnv;
  readonly lineBreak?: OpenWireOptions['lineBreak'];
}

/** A person debugs one kernel, or a few. */
const MAX_WIRES = 16;

interface Held {
  readonly wire: HeldWire;
  readonly giveBack: () => void;
}

/** One smart client of a KD connection server, at the server's end. */
export class KdClient extends ServedClient {
  readonly #host: KdHost;
  readonly #held = new Map<number, Held>();
  /** Of wires that are being opened. */
  readonly #opening = new Map<number, AbortController>();

  constructor(peer: StubPeer, host: KdHost) {
    super(peer, host);
    this.#host = host;
  }

  protected readonly handlers: Partial<Handlers> = {
    'stub/openWire': (params) => this.once(params.channel, () => this.#openWire(params)),
    'stub/breakIn': async ({ channel }) => ({
      sent: (await this.#held.get(channel)?.wire.breakIn()) ?? false,
    }),
    'stub/wires': async () => ({ wires: await this.#offers() }),
  };

  protected async letGo(): Promise<void> {
    for (const opening of this.#opening.values()) opening.abort();
    await Promise.all([...this.#held.keys()].map((channel) => this.#close(channel)));
  }

  async #openWire({ channel, trans }: StubRequests['stub/openWire']['params']): Promise<WireFacts> {
    if (this.ended) throw engineErrors.badRequest('the client has left');
    if (this.#held.size + this.#opening.size >= MAX_WIRES)
      throw engineErrors.unsupported(
        'One more wire',
        `this connection has ${MAX_WIRES} already`,
        'End one of the sessions first.',
      );
    const { wires, variables, lineBreak } = this.#host;
    const machine = hostname();
    const whole = completeWire(parsePlainWire(trans, { backslashes: 'strip' }), { variables, machine });
    const giveBack = wires.take(whole, () => this.who);
    const opening = new AbortController();
    this.#opening.set(channel, opening);
    try {
      const stream = this.open(channel);
      stream.on('close', () => {
        opening.abort();
        void this.#close(channel);
      });
      const opened = await openWire(whole, { signal: opening.signal, ...(lineBreak && { lineBreak }) });
      const wire = new HeldWire(opened, stream, (error) => {
        this.tell('stub/channelFailed', { channel, error: toHawserError(error).toWire() });
        void this.#close(channel);
      });
      this.#held.set(channel, { wire, giveBack });
      // The client left, or gave it up, while it was opened.
      if (this.ended || opening.signal.aborted) await this.#close(channel);
      const { peer, host, reliable } = opened;
      return { trans: formatWire(whole), peer, host: host === 'localhost' ? machine : host, reliable };
    } catch (error) {
      giveBack();
      throw error;
    } finally {
      this.#opening.delete(channel);
    }
  }

  async #offers() {
    const offers = await findOffers();
    const { wires, variables } = this.#host;
    return offers.map(({ trans, title }) => {
      const whole = completeWire(parsePlainWire(trans, { backslashes: 'strip' }), { variables, machine: '' });
      return { trans, title, takenBy: wires.userOf(whole) };
    });
  }

  /** The wire is free for the next one when the kernel has been let go. */
  async #close(channel: number): Promise<void> {
    const held = this.#held.get(channel);
    if (!held) return;
    await held.wire.close();
    this.#held.delete(channel);
    held.giveBack();
  }
}
