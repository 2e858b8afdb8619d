import { createSocket, type Socket } from 'node:dgram';
import { hostname } from 'node:os';
import { RateLimiter } from '../rate.ts';
import { GROUP, isNear, MDNS_PORT, ownAddresses } from './network.ts';
import { decode, encodeAnswer } from './packet.ts';

/** Off unless somebody wants it: it tells a whole network that there is something to debug here. */
export const MDNS_VARIABLE = 'HAWSER_MDNS';

let wanted = false;

/** Of a program with settings. */
export function wantAnnouncing(on: boolean): void {
  wanted = on;
}

export function isAnnouncing(): boolean {
  return wanted || process.env[MDNS_VARIABLE]?.toLowerCase() === 'on';
}

/** Tells who asks on the local network that this machine has a directory. It says nothing unasked. */
export class Announcer {
  readonly #socket: Socket;
  readonly #limiter = new RateLimiter(20, 5);

  /** @param port the directory's */
  constructor(port: number) {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    this.#socket = socket;
    socket.unref();
    // Such as a port that another program does not share: then this machine is not offered.
    socket.on('error', () => {});
    socket.on('message', (bytes, { address, port: from }) => {
      const query = decode(bytes);
      if (!query || query.response || !query.asks) return;
      if (!isNear(address) || !this.#limiter.allows(address)) return;
      const answer = encodeAnswer(query.id, hostname(), port);
      socket.send(answer, from, from === MDNS_PORT ? GROUP : address, () => {});
    });
    socket.bind(MDNS_PORT, () => {
      for (const own of ownAddresses()) {
        try {
          socket.addMembership(GROUP, own);
        } catch {
          // A network without multicast.
        }
      }
    });
  }

  close(): void {
    try {
      this.#socket.close();
    } catch {
      // It never opened.
    }
  }
}
