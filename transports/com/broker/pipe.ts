import type { Socket } from 'node:net';

/** Messages between a process's connections and the one that holds the port, which may be the same process. */
export interface Pipe {
  /** The message is the receiver's from then on. */
  send(message: Buffer): void;
  close(): void;
  /** Set once, before anything can come. */
  onMessage: (message: Buffer) => void;
  onClose: () => void;
}

/** Longer than any message of ours. */
const MAX_MESSAGE = 64 << 10;

class MemoryPipe implements Pipe {
  other: MemoryPipe | null = null;
  onMessage: (message: Buffer) => void = () => {};
  onClose: () => void = () => {};

  send(message: Buffer): void {
    this.other?.onMessage(message);
  }

  close(): void {
    const { other } = this;
    this.other = null;
    if (!other) return;
    other.other = null;
    queueMicrotask(() => other.onClose());
  }
}

/** Within one process. */
export function memoryPipe(): [Pipe, Pipe] {
  const a = new MemoryPipe();
  const b = new MemoryPipe();
  a.other = b;
  b.other = a;
  return [a, b];
}

/** Between processes: each message behind its length, 4 bytes. */
export function socketPipe(socket: Socket): Pipe {
  let held: Buffer = Buffer.alloc(0);
  const pipe: Pipe = {
    send(message) {
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(message.length);
      socket.cork();
      socket.write(length);
      socket.write(message);
      process.nextTick(() => socket.uncork());
    },
    close: () => socket.destroy(),
    onMessage: () => {},
    onClose: () => {},
  };
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    while (held.length - at >= 4) {
      const length = held.readUInt32BE(at);
      if (length > MAX_MESSAGE) {
        socket.destroy();
        return;
      }
      if (held.length - at - 4 < length) break;
      pipe.onMessage(held.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    held = held.subarray(at);
  });
  socket.on('error', () => {});
  socket.on('close', () => pipe.onClose());
  return pipe;
}
