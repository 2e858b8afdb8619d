import type { Duplex } from 'node:stream';
import type { GdbClientString } from '../../../transports/connection-string.ts';
import type { HawserError } from '../../../transports/errors/error.ts';
import { connect } from '../../../transports/registry.ts';
import type { LineTrouble } from '../rsp/stub-line.ts';

export interface Reached {
  readonly stream: Duplex;
  /** As it is named in errors: `birch:1234`. */
  readonly peer: string;
  /** The host's name, or this machine's for a line. */
  readonly host: string;
  /** It loses nothing. */
  readonly reliable: boolean;
  /** How it is broken into, where 0x03 is not the way; false: not this time. */
  readonly breakIn?: () => Promise<boolean>;
  /** Of a wire to a kernel, which tells its troubles apart. */
  readonly trouble?: WireTrouble;
}

export interface WireTrouble extends LineTrouble {
  /** How often a target that does not answer at first is asked again, each time broken into before; 0: until it does. */
  readonly resets: number;
  /** The way there is open, and nothing comes back. */
  readonly waiting?: () => void;
  /** Why it ended; `cause`: the stream's own error. */
  ended(cause: Error | null): HawserError;
}

/** @throws HawserError the way there, `CANCELLED` */
export async function reach(place: GdbClientString, signal: AbortSignal): Promise<Reached> {
  const { stream } = await connect(place, { signal });
  if ('device' in place) return { stream, peer: place.device, host: place.device, reliable: false };
  const host = place.server ?? 'localhost';
  return { stream, peer: `${host}:${place.port}`, host, reliable: true };
}
