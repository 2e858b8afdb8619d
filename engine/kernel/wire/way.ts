import type { ConnectStubOptions, StubStatus } from '../../stub/stub.ts';
import { completeWire } from './environment.ts';
import { hintFor, type OpenWire, type OpenWireOptions, openWire } from './open.ts';
import { formatWire, type PlainWire } from './wire-string.ts';

/** A wire that was opened, and what is known of it. */
export interface WayOpen extends OpenWire {
  /** With what the environment gave. */
  readonly trans: string;
  /** What to look at when nothing comes back. */
  readonly hint: string;
}

/** How the stub in front of a kernel is reached, again and again. */
export interface Way {
  readonly wire: PlainWire;
  /** The connection string without password, as it is shown. */
  readonly connection: string;
  /** The KD connection server; null: the wire is this machine's. */
  readonly server: string | null;
  /** Of the link to the server; a wire of this machine has none, and is always up. */
  readonly status: StubStatus;
  onStatus(listener: (status: StubStatus) => void): () => void;
  /** @throws HawserError the way there, `WIRE_TAKEN`, `CANCELLED` */
  open(signal: AbortSignal): Promise<WayOpen>;
  endServer: (() => Promise<void>) | null;
  /**
   * The same way, anew, to a server that was started again: this one has ended with what it lent. Null: there is no server.
   * @throws HawserError as the first time
   */
  again: ((signal: AbortSignal) => Promise<Way>) | null;
  close(): Promise<void>;
}

/** By a wire of this machine. */
export function localWay(
  wire: PlainWire,
  options: Pick<ConnectStubOptions, 'notice'> & Pick<OpenWireOptions, 'lineBreak'>,
  variables: NodeJS.ProcessEnv = process.env,
): Way {
  const whole = completeWire(wire, { variables, machine: '' });
  const { notice, lineBreak } = options;
  return {
    wire: whole,
    connection: formatWire(whole),
    server: null,
    status: { state: 'up' },
    onStatus: () => () => undefined,
    async open(signal) {
      const opened = await openWire(whole, {
        signal,
        ...(notice && { notice }),
        ...(lineBreak && { lineBreak }),
      });
      return { ...opened, trans: formatWire(whole), hint: hintFor(whole) };
    },
    endServer: null,
    again: null,
    close: async () => undefined,
  };
}
