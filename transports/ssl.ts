import { connectSocket, listenSocket } from './tcp.ts';
import { connectSecure, listenSecure } from './tls/transport.ts';
import type { Transport } from './transport.ts';

/** TLS over tcp. */
export const ssl: Transport<'ssl'> = {
  protocol: 'ssl',
  connect: (target, options) => connectSecure('ssl', target, options, connectSocket),
  listen: (target, accept, options = {}) => listenSecure('ssl', target, accept, options, listenSocket),
};
