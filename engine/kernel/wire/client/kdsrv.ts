import { type ClientString, formatConnectionString } from '../../../../transports/connection-string.ts';
import { HawserError, toHawserError } from '../../../../transports/errors/error.ts';
import { openStubLink } from '../../../stub/client/connect.ts';
import type { StubLink } from '../../../stub/client/link.ts';
import type { WireOffer } from '../../../stub/protocol.ts';
import type { ConnectStubOptions } from '../../../stub/stub.ts';
import { completeWire } from '../environment.ts';
import { hintFor } from '../open.ts';
import type { Way, WayOpen } from '../way.ts';
import { formatWire, type PlainWire, parsePlainWire } from '../wire-string.ts';

/** A KD connection server, from the smart client's end. */
export class KdServerLink {
  readonly #link: StubLink;
  /** To the same server, another time. */
  readonly #again: (signal: AbortSignal) => Promise<KdServerLink>;
  /** Without password. */
  readonly connection: string;

  private constructor(
    link: StubLink,
    connection: string,
    again: (signal: AbortSignal) => Promise<KdServerLink>,
  ) {
    this.#link = link;
    this.#again = again;
    this.connection = connection;
  }

  /** @throws HawserError the way there, the peer, the password, `WRONG_KIND`, `CANCELLED` */
  static async connect(server: ClientString, options: ConnectStubOptions): Promise<KdServerLink> {
    // What a person typed is kept for the next time.
    let typed: Promise<string> | null = null;
    const getPassword = (signal: AbortSignal) => {
      typed ??= options.getPassword(signal);
      return typed;
    };
    const kept = { ...options, getPassword };
    const link = await openStubLink('kd', server, kept);
    return new KdServerLink(link, formatConnectionString(server, { password: 'omit' }), (signal) =>
      KdServerLink.connect(server, { ...kept, signal }),
    );
  }

  get machineName(): string {
    return this.#link.welcome.machine.host;
  }

  /** Wires that its machine seems to have. */
  async offers(): Promise<readonly WireOffer[]> {
    return (await this.#link.request('stub/wires', {})).wires;
  }

  async endServer(): Promise<void> {
    try {
      await this.#link.request('stub/endServer', {});
    } catch (error) {
      // It may have gone before its answer came.
      if (toHawserError(error).code !== 'SERVER_ENDED') throw error;
    }
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** By a wire of its machine. Closing it closes the link. */
  way(wire: PlainWire): Way {
    const link = this.#link;
    const trans = formatWire(wire);
    return {
      wire,
      connection: `KdSrv:Server=@{${this.connection}},Trans=@{${trans}}`,
      server: this.connection,
      get status() {
        return link.status;
      },
      onStatus: (listener) => link.onStatus(listener),
      open: (signal) => this.#open(trans, signal),
      endServer: () => this.endServer(),
      again: async (signal) => (await this.#again(signal)).way(wire),
      close: () => link.close(),
    };
  }

  async #open(trans: string, signal: AbortSignal): Promise<WayOpen> {
    const link = this.#link;
    const { id, stream } = link.openChannel();
    // Until somebody takes it.
    stream.on('error', () => undefined);
    const forget = link.onNotification(({ method, params }) => {
      if (method === 'stub/channelFailed' && params.channel === id)
        stream.destroy(HawserError.fromWire(params.error));
    });
    stream.once('close', () => {
      forget();
      link.request('stub/closeChannel', { channel: id }).catch(() => undefined);
    });
    const cancel = () => stream.destroy();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const facts = await link.request('stub/openWire', { channel: id, trans }, [id]);
      const whole = completeWire(parsePlainWire(facts.trans, { backslashes: 'strip' }), {
        variables: {},
        machine: this.machineName,
      });
      return {
        ...facts,
        stream,
        hint: hintFor(whole),
        breakIn: async () => (await link.request('stub/breakIn', { channel: id })).sent,
      };
    } catch (error) {
      stream.destroy();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}
