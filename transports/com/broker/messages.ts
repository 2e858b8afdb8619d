/** What processes say to the one that holds the port, and it to them. One byte, then what the name says. */
export const ToBroker = {
  /** JSON {@link Joining}. */
  join: 1,
  /** Channel: calls on it are mine. */
  listen: 2,
  unlisten: 3,
  /** Side (0 initiator, 1 acceptor), channel, id (2 bytes): frames of this connection are mine. */
  claim: 4,
  release: 5,
  /** A frame for the line. Only against a credit, each. */
  frame: 6,
} as const;

export const FromBroker = {
  joined: 16,
  /** JSON error: not joined. */
  rejected: 17,
  /** Channel. */
  listening: 18,
  channelTaken: 19,
  /** As in `claim`: another process's. */
  claimTaken: 20,
  frame: 21,
  /** Frames more that may be sent, 2 bytes. */
  credit: 22,
  /** 1 the port is there, 0 it is not. */
  line: 23,
  /** Bytes of garbage heard, sound frames heard: 4 bytes each, counting on. */
  heard: 24,
} as const;

/** Of the messages above: raised when they change. A process of another version cannot share the port. */
export const BROKER_VERSION = 1;

export interface Joining {
  readonly version: number;
  readonly baud: number;
}

export function message(op: number, ...bytes: number[]): Buffer {
  return Buffer.from([op, ...bytes]);
}

export function jsonMessage(op: number, value: unknown): Buffer {
  return Buffer.concat([Buffer.of(op), Buffer.from(JSON.stringify(value))]);
}

export function withOp(op: number, rest: Buffer): Buffer {
  const out = Buffer.allocUnsafe(1 + rest.length);
  out[0] = op;
  rest.copy(out, 1);
  return out;
}

/** A connection's place among all of a port: side, channel, id. */
export function keyOf(side: 'initiator' | 'acceptor', channel: number, id: number): number {
  return (side === 'acceptor' ? 1 << 24 : 0) | (channel << 16) | id;
}

export function keyMessage(op: number, key: number): Buffer {
  return message(op, key >>> 24, (key >>> 16) & 0xff, (key >>> 8) & 0xff, key & 0xff);
}

export function readKey(received: Buffer): number {
  return received.length >= 5 ? received.readUInt32BE(1) : -1;
}
