import type { HawserError } from './error.ts';
import { make, seconds } from './make.ts';

/** A serial line's end as it was asked for. */
export interface ComLine {
  /** As users name it: `COM2`, `/dev/ttyUSB0`. */
  readonly port: string;
  /** Bits a second. */
  readonly baud: number;
  readonly channel: number;
}

/** What a line brought while nothing else answered. */
export type ComHeard = 'nothing' | 'garbage' | 'frames';

const heardText: Readonly<Record<ComHeard, string>> = {
  nothing: 'nothing came over the line',
  garbage: 'what came over the line is garbage, as from a wrong baud rate',
  frames: 'the other end is there, but nothing came for this channel',
};

const where = ({ port, baud, channel }: ComLine) => `${port} (baud=${baud}, channel=${channel})`;

/** What a server or client on this line is told to check: nothing on the wire says which of the two is wrong. */
export const COMPARE = 'Compare baud= and channel= at both ends, and check the cable.';

/** Serial lines: the port of this machine, and what is at the other end. */
export const comErrors = {
  comPortNotFound(port: string, path: string, cause?: unknown): HawserError {
    return make(
      'COM_PORT_NOT_FOUND',
      `There is no serial port ${port === path ? port : `${port} (${path})`} on this machine.`,
      'Check that the adapter is plugged in, or give the path of the device, as in port=/dev/ttyUSB0.',
      { port, path },
      cause,
    );
  },

  comPortNotPermitted(port: string, path: string, cause?: unknown): HawserError {
    return make(
      'COM_PORT_NOT_PERMITTED',
      `The system does not permit this user to open the serial port ${path}.`,
      'Add the user to the group that owns the device (on Debian: dialout), then log in anew.',
      { port, path },
      cause,
    );
  },

  /** @param holder Process number, null where it is not known */
  comPortInUse(port: string, path: string, holder: number | null, cause?: unknown): HawserError {
    return make(
      'COM_PORT_IN_USE',
      `The serial port ${path} is in use by ${holder === null ? 'another program' : `process ${holder}`}.`,
      "End that program. Hawser's own share a port when they name it in the same way and run as the same user.",
      { port, path, holder },
      cause,
    );
  },

  comPortFailed(port: string, reason: string, cause?: unknown): HawserError {
    return make(
      'COM_PORT_FAILED',
      `The serial port ${port} could not be opened: ${reason}.`,
      'Check that it is a serial port and that it supports the baud rate.',
      { port, reason },
      cause,
    );
  },

  /** `there`: said by the other end; else another program of this machine has the port open. */
  comBaudDiffers(line: ComLine, other: number, there: boolean): HawserError {
    const who = there ? 'the other end says baud=' : 'another Hawser of this machine uses the port at baud=';
    return make(
      'COM_BAUD_DIFFERS',
      `${where(line)}: ${who}${other}.`,
      'Use the same baud= at both ends, and for all channels of a port.',
      { ...line, other, there },
    );
  },

  comChannelInUse({ port, channel }: Omit<ComLine, 'baud'>): HawserError {
    return make(
      'COM_CHANNEL_IN_USE',
      `Channel ${channel} of ${port} is in use by another server of this machine.`,
      'Use another channel, from 0 to 254.',
      { port, channel },
    );
  },

  comChannelRefused(line: ComLine): HawserError {
    return make(
      'COM_CHANNEL_REFUSED',
      `The other end of ${where(line)} answers, but no server is on channel ${line.channel} there.`,
      'Compare baud= and channel= with what the server printed when it started.',
      { ...line },
    );
  },

  comNoAnswer(line: ComLine, afterMs: number, heard: ComHeard): HawserError {
    return make(
      'COM_NO_ANSWER',
      `No server answered on ${where(line)} within ${seconds(afterMs)}: ${heardText[heard]}.`,
      `${COMPARE} The server must be running.`,
      { ...line, afterMs, heard },
    );
  },
} as const;
