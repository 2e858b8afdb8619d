import { connectPipe, listenPipe } from './npipe.ts';
import { connectSecure, listenSecure } from './tls/transport.ts';
import type { Transport } from './transport.ts';

/** TLS over a named pipe. */
export const spipe: Transport<'spipe'> = {
  protocol: 'spipe',
  connect: (target, options) => connectSecure('spipe', target, options, connectPipe),
  listen: (target, accept, options = {}) => listenSecure('spipe', target, accept, options, listenPipe),
};
