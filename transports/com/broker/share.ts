import { comErrors } from '../../errors/com-errors.ts';
import { connectionErrors } from '../../errors/connection-errors.ts';
import { Keeper } from '../line/keeper.ts';
import { lineError } from '../line/line-error.ts';
import type { LineShape } from '../link/rate.ts';
import { Broker } from './broker.ts';
import { BROKER_VERSION } from './messages.ts';
import { memoryPipe, type Pipe, socketPipe } from './pipe.ts';
import { BrokerPlace } from './place.ts';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A way to a port, through whichever process holds it. */
export interface Share {
  readonly pipe: Pipe;
  /** Whether it is to keep this program running. */
  keep(kept: boolean): void;
}

/**
 * Reaches the process that holds a port, or becomes it.
 * @param first Whether the port must be there now; else it is waited for.
 * @throws HawserError why the port cannot be used
 */
export async function sharePort(
  name: string,
  device: string,
  shape: LineShape,
  first: boolean,
): Promise<Share> {
  try {
    const place = new BrokerPlace(device);
    for (;;) {
      const socket = await place.connect();
      if (socket) {
        const pipe = socketPipe(socket);
        return { pipe, keep: (kept) => (kept ? socket.ref() : socket.unref()) };
      }
      const elected = await place.elect();
      // Whoever was quicker opens its doors in a moment.
      if (!elected) await pause(10);
      else {
        const share = await holdPort(name, device, shape, first, elected);
        if (share) return share;
      }
    }
  } catch (error) {
    throw lineError(error, name, device);
  }
}

async function holdPort(
  name: string,
  device: string,
  shape: LineShape,
  first: boolean,
  elected: NonNullable<Awaited<ReturnType<BrokerPlace['elect']>>>,
): Promise<Share | null> {
  const keeper = new Keeper(device, shape.baud);
  let server: Awaited<ReturnType<typeof elected.open>> = null;
  const end = () => {
    server?.close();
    elected.close();
  };
  const broker = new Broker({
    shape,
    keeper,
    otherBaud: (wanted) =>
      comErrors.comBaudDiffers({ port: name, baud: wanted, channel: -1 }, shape.baud, false),
    otherVersion: () => connectionErrors.versionMismatch(BROKER_VERSION, BROKER_VERSION),
    idle: () => {
      broker.close();
      end();
    },
  });
  try {
    if (first) await keeper.open();
    else keeper.reopen();
    server = await elected.open();
  } catch (error) {
    broker.close();
    end();
    throw error;
  }
  if (!server) {
    broker.close();
    end();
    return null;
  }
  server.on('connection', (socket) => {
    // The connections' own process is kept running by them, not by others'.
    socket.unref();
    broker.add(socketPipe(socket));
  });
  const [ours, theirs] = memoryPipe();
  broker.add(theirs);
  return {
    pipe: ours,
    keep: (kept) => {
      keeper.kept = kept;
    },
  };
}
