import { randomInt } from 'node:crypto';
import type { ComClientString, ComServerString } from '../connection-string/com.ts';
import type { ComLine } from '../errors/com-errors.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import {
  CONNECT_TIMEOUT_MS,
  type Connection,
  type ConnectOptions,
  type Listener,
  type Transport,
} from '../transport.ts';
import { Link } from './link/link.ts';
import { openPort } from './ports.ts';
import { SILENCE_MS, silent } from './silence.ts';
import { Refusal } from './wire/frame.ts';
import type { RefusalNote } from './wire/messages.ts';

/** Serial lines. */
export const com: Transport<'com'> = { protocol: 'com', connect, listen };

function lineOf({ device, baud, channel }: ComServerString | ComClientString): ComLine {
  return { port: device, baud, channel };
}

function connectionOf(stream: Link, { port, channel }: ComLine): Connection {
  // Whoever is at the other end of the wire is one address, whatever the channel.
  return { stream, peer: `com ${port} channel ${channel}`, peerAddress: `com ${port}` };
}

async function connect(target: ComClientString, options: ConnectOptions): Promise<Connection> {
  const { signal, timeoutMs = CONNECT_TIMEOUT_MS } = options;
  if (signal.aborted) throw connectionErrors.cancelled();
  const line = lineOf(target);
  const { member, done } = await openPort(line);
  const before = member.heard;
  let link: Link | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let cancel = () => {};
  try {
    return await new Promise<Connection>((resolve, reject) => {
      cancel = () => reject(connectionErrors.cancelled());
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
      timer = setTimeout(() => {
        const { garbage, frames } = member.heard;
        const heard = frames > before.frames ? 'frames' : garbage > before.garbage ? 'garbage' : 'nothing';
        reject(connectionErrors.comNoAnswer(line, timeoutMs, heard));
      }, timeoutMs);
      const call = () => {
        let id = randomInt(0x10000);
        while (member.has('initiator', line.channel, id)) id = (id + 1) & 0xffff;
        let answered = false;
        const calling = new Link({
          channel: line.channel,
          id,
          side: 'initiator',
          shape: member.shape,
          host: member,
          silenceMs: SILENCE_MS,
          silent: silent(line),
          answered: (refusal) => {
            answered = true;
            if (refusal === null) resolve(connectionOf(calling, line));
            else reject(refusedBy(refusal, line));
          },
        });
        link = calling;
        // Another process of this machine has the same number under way: with another one, then.
        calling.once('close', () => {
          if (!answered && link === calling) call();
        });
        member.add(calling);
      };
      call();
    });
  } catch (error) {
    const failed = link;
    link = undefined;
    failed?.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    done();
  }
}

function refusedBy(refusal: RefusalNote | 'reset', line: ComLine) {
  if (refusal === 'reset' || refusal.reason === Refusal.nobody)
    return connectionErrors.comChannelRefused(line);
  if (refusal.reason === Refusal.baud) return connectionErrors.comBaudDiffers(line, refusal.baud, true);
  return connectionErrors.protocolViolation(
    `it has version ${refusal.version} of the serial line's protocol`,
  );
}

async function listen(
  target: ComServerString,
  accept: (connection: Connection) => void,
): Promise<Listener<ComServerString>> {
  const line = lineOf(target);
  const { member, done, accepting } = await openPort(line);
  try {
    if (!(await member.listen(line.channel))) throw connectionErrors.comChannelInUse(line);
    accepting.set(line.channel, (link) => accept(connectionOf(link, line)));
  } finally {
    done();
  }
  let closed = false;
  return {
    bound: target,
    close: async () => {
      if (closed) return;
      closed = true;
      accepting.delete(line.channel);
      member.unlisten(line.channel);
    },
  };
}
