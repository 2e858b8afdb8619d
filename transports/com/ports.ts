import type { ComLine } from '../errors/com-errors.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import { Member } from './broker/member.ts';
import { Link } from './link/link.ts';
import { shapeOf } from './link/rate.ts';
import { devicePath } from './port-name.ts';
import { SILENCE_MS, silent } from './silence.ts';
import { LINE_VERSION, Refusal } from './wire/frame.ts';
import { readOpening, refuseFrame } from './wire/messages.ts';

/** A port in use by this process. */
interface Port {
  readonly member: Member;
  readonly started: Promise<void>;
  /** Who takes calls, by channel. */
  readonly accepting: Map<number, (link: Link) => void>;
}

export interface UsedPort extends Omit<Port, 'started'> {
  /** The port is let go when this was called and nothing else uses it. Idempotent. */
  done(): void;
}

/** By device. */
const ports = new Map<string, Port>();

/** Opens a port, or shares the one that is open. @throws HawserError */
export async function openPort(line: ComLine): Promise<UsedPort> {
  const device = devicePath(line.port);
  let port = ports.get(device);
  if (port && port.member.shape.baud !== line.baud)
    throw connectionErrors.comBaudDiffers(line, port.member.shape.baud, false);
  port ??= newPort(line.port, device, line.baud);
  const done = port.member.use();
  try {
    await port.started;
  } catch (error) {
    done();
    throw error;
  }
  return { ...port, done };
}

function newPort(name: string, device: string, baud: number): Port {
  const shape = shapeOf(baud);
  const accepting: Port['accepting'] = new Map();
  const member = new Member({
    name,
    device,
    shape,
    called: (channel, id, frame) => {
      const opening = readOpening(frame);
      const accept = accepting.get(channel);
      if (!opening || !accept) return null;
      const refuse = (reason: number) => {
        member.post(refuseFrame({ kind: 0, fromAcceptor: true, channel, id }, reason, baud));
        return null;
      };
      if (opening.version !== LINE_VERSION) return refuse(Refusal.version);
      if (opening.baud !== baud) return refuse(Refusal.baud);
      const link = new Link({
        channel,
        id,
        side: 'acceptor',
        shape,
        host: member,
        window: opening.window,
        silenceMs: SILENCE_MS,
        silent: silent({ port: name, baud, channel }),
      });
      // When the port knows of it, for it may be closed at once.
      queueMicrotask(() => accept(link));
      return link;
    },
    idle: () => {
      if (ports.get(device)?.member === member) ports.delete(device);
    },
  });
  const port = { member, started: member.start(), accepting };
  ports.set(device, port);
  return port;
}
