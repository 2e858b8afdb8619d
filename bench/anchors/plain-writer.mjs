// The anchor of the output budgets: writes the same bytes to everybody who has connected, each at its own pace.
// Arguments: files of a certificate and its key, for TLS.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const CHUNK = Buffer.alloc(
  64 * 1024,
  'plain text of a plain server, to be read by everybody who wants it.\n',
);

/** @type {Set<import('node:net').Socket>} */
const sockets = new Set();

/** @param {import('node:net').Socket} socket */
function met(socket) {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
}

const [certificate, key] = process.argv.slice(2);
const server =
  certificate && key
    ? createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key), noDelay: true }, met)
    : createServer({ noDelay: true }, met);

/** @param {import('node:net').Socket} socket @param {number} bytes */
function feed(socket, bytes) {
  let left = bytes;
  const more = () => {
    while (left > 0 && !socket.destroyed) {
      const size = Math.min(left, CHUNK.length);
      left -= size;
      if (!socket.write(size === CHUNK.length ? CHUNK : CHUNK.subarray(0, size))) {
        socket.once('drain', more);
        return;
      }
    }
  };
  more();
}

process.on('message', (/** @type {{ bytes: number }} */ { bytes }) => {
  for (const socket of sockets) feed(socket, bytes);
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : 0);
});
