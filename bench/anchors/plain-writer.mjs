// The anchor of the output budget: writes the same bytes to everybody who has connected, each at its own pace.
import { createServer } from 'node:net';

const CHUNK = Buffer.alloc(
  64 * 1024,
  'plain text of a plain server, to be read by everybody who wants it.\n',
);

/** @type {Set<import('node:net').Socket>} */
const sockets = new Set();
const server = createServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
});

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
