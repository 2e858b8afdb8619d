import type { Duplex } from 'node:stream';
import { HawserError } from '../../../transports/errors/error.ts';
import { connect } from '../../../transports/registry.ts';
import type { ConnectOptions } from '../../../transports/transport.ts';
import type { WholeWire } from './environment.ts';
import { wireErrors } from './errors.ts';
import { openWirePipe } from './pipe.ts';
import { formatWire } from './wire-string.ts';

/** An open wire: a stub's bytes, and how it is broken into. */
export interface OpenWire {
  readonly stream: Duplex;
  /** As it is named in errors: `birch:1234`, `/dev/ttyUSB0`. */
  readonly peer: string;
  /** Name of the machine at its other end, as far as the string tells. */
  readonly host: string;
  /** It loses nothing. */
  readonly reliable: boolean;
  /**
   * The serial break, with the SysRq key that enters KGDB after it; false: this wire has none, and 0x03 among the bytes
   * is what breaks in.
   */
  breakIn(): Promise<boolean>;
}

export interface OpenWireOptions extends Pick<ConnectOptions, 'signal' | 'lineBreak' | 'notice'> {}

/** Linux takes the key that follows a break for five seconds: SysRq-g enters the kernel's debugger. */
const SYSRQ_G = Buffer.from('g');

/** @throws HawserError the way there, `CANCELLED` */
export async function openWire(wire: WholeWire, options: OpenWireOptions): Promise<OpenWire> {
  switch (wire.kind) {
    case 'gdb': {
      const { place } = wire;
      const { stream } = await connect(place, options);
      if ('device' in place) return { stream, ...names(place.device), reliable: false, breakIn: none };
      const host = place.server ?? 'localhost';
      return { stream, peer: `${host}:${place.port}`, host, reliable: true, breakIn: none };
    }
    case 'com': {
      const { device, baud } = wire;
      const { stream, sendBreak } = await connect({ protocol: 'gdb', role: 'client', device, baud }, options);
      return { stream, ...names(device), reliable: false, breakIn: () => breakAndKey(stream, sendBreak) };
    }
    case 'pipe': {
      const waiting = () => options.notice?.(`Waiting for the pipe ${wire.path}`);
      const stream = await openWirePipe(wire, options.signal, waiting);
      stream.on('error', () => undefined);
      return { stream, ...names(wire.path), reliable: true, breakIn: none };
    }
  }
}

const none = async (): Promise<boolean> => false;
const names = (device: string) => ({ peer: device, host: device });

/** A pseudo-terminal has no line to hold low: what is behind it hears 0x03. */
async function breakAndKey(stream: Duplex, sendBreak: (() => Promise<void>) | undefined): Promise<boolean> {
  if (!sendBreak) return false;
  try {
    await sendBreak();
  } catch {
    return false;
  }
  stream.write(SYSRQ_G);
  return true;
}

/** Why an open wire ended, told apart. `cause`: the stream's own error. */
export function wireEnd(peer: string, cause: Error | null): HawserError {
  if (cause instanceof HawserError) return cause;
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  if (code === 'ECONNRESET' || code === 'EPIPE') return wireErrors.wireReset(peer);
  return wireErrors.wireClosed(peer);
}

/** What to look at when nothing, or nonsense, comes back. */
export function hintFor(wire: WholeWire): string {
  switch (wire.kind) {
    case 'com':
      return `Check cable and baud rate (${formatWire(wire)}). KGDB has to be on: kgdboc=ttyS0,${wire.baud} on the kernel's command line, and kernel.sysrq=1 for the break.`;
    case 'pipe':
      return 'Check that the virtual machine runs, and that its kernel or its monitor (gdbserver chardev:…) has a stub on this port.';
    case 'gdb':
      return 'It may serve another debugger already (most stubs serve one at a time), or be no stub at all.';
  }
}
