import { closeSync, constants, openSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { lockPort } from './port-lock.ts';

/** Loaded only where a port is opened: its native part is no concern of those who use none. */
const loadSerialPort = async () => (await import('serialport')).SerialPort;

const settings = {
  dataBits: 8,
  parity: 'none',
  stopBits: 1,
  rtscts: false,
  xon: false,
  xoff: false,
} as const;

/** Not a serial port at all. */
export class NotATerminal extends Error {}

/**
 * Opens a port raw, 8N1, for this process alone. The stream errors or closes when the port goes; it must be destroyed.
 * @param baud Bits a second.
 * @throws the system's error with its code, `PortHeld`, `NotATerminal`, or what `serialport` says
 */
export async function openLine(path: string, baud: number): Promise<Duplex> {
  return process.platform === 'linux' ? openOnLinux(path, baud) : openElsewhere(path, baud);
}

/**
 * `serialport` sets the line up, and the data goes around it: its poller loses a wake-up when both directions are
 * saturated (4 of 50 runs hung for good), and does not notice every unplugging. Node's own terminal stream does both
 * through epoll. Reading and writing with one `ReadStream`, for `tty.WriteStream` writes blocking.
 */
async function openOnLinux(path: string, baud: number): Promise<Duplex> {
  const { O_RDWR, O_NONBLOCK, O_NOCTTY } = constants;
  const unlock = lockPort(path);
  let fd: number | undefined;
  try {
    fd = openSync(path, O_RDWR | O_NONBLOCK | O_NOCTTY);
    if (!isatty(fd)) throw new NotATerminal(path);
    // What is set stays as long as the port is open, and ours is.
    const SerialPort = await loadSerialPort();
    const port = await SerialPort.binding.open({ path, baudRate: baud, lock: false, ...settings });
    await port.close();
    const stream = new ReadStream(fd);
    fd = undefined;
    stream.once('close', unlock);
    return stream;
  } catch (error) {
    unlock();
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

async function openElsewhere(path: string, baud: number): Promise<Duplex> {
  const SerialPort = await loadSerialPort();
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false, ...settings });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  return port;
}
