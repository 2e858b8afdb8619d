import { randomInt } from 'node:crypto';
import type { ComClientString, ComServerString } from '../connection-string/com.ts';
import type { ComHeard, ComLine } from '../errors/com-errors.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import { CONNECT_TIMEOUT_MS, type Connection, type ConnectOptions } from '../transport.ts';
import type { Heard } from './broker/member.ts';
import { Link } from './link/link.ts';
import { openPort, type UsedPort } from './ports.ts';
import { SILENCE_MS, silent } from './silence.ts';
import { Refusal } from './wire/frame.ts';
import type { RefusalNote } from './wire/messages.ts';

export function lineOf({ device, baud, channel }: ComServerString | ComClientString): ComLine {
  return { port: device, baud, channel };
}

export function connectionOf(stream: Link, { port, channel }: ComLine): Connection {
  // Whoever is at the other end of the wire is one address, whatever the channel.
  return { stream, peer: `com ${port} channel ${channel}`, peerAddress: `com ${port}` };
}

export async function connect(target: ComClientString, options: ConnectOptions): Promise<Connection> {
  const { signal, timeoutMs = CONNECT_TIMEOUT_MS } = options;
  if (signal.aborted) throw connectionErrors.cancelled();
  const line = lineOf(target);
  const opening = openPort(line);
  let port: UsedPort | undefined;
  let before: Heard | undefined;
  let link: Link | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let cancel = () => {};
  const stopped = new Promise<never>((_, reject) => {
    cancel = () => reject(connectionErrors.cancelled());
    signal.addEventListener('abort', cancel, { once: true });
    timer = setTimeout(
      () => reject(connectionErrors.comNoAnswer(line, timeoutMs, heardSince(before, port?.member.heard))),
      timeoutMs,
    );
  });
  try {
    port = await Promise.race([opening, stopped]);
    const { member } = port;
    before = member.heard;
    const answered = new Promise<Connection>((resolve, reject) => {
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
    return await Promise.race([answered, stopped]);
  } catch (error) {
    const failed = link;
    link = undefined;
    failed?.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    opening.then(({ done }) => done()).catch(() => {});
  }
}

function heardSince(before: Heard | undefined, now: Heard | undefined): ComHeard {
  if (!before || !now) return 'nothing';
  if (now.frames > before.frames) return 'frames';
  return now.garbage > before.garbage ? 'garbage' : 'nothing';
}

function refusedBy(refusal: RefusalNote | 'reset', line: ComLine) {
  if (refusal === 'reset' || refusal.reason === Refusal.nobody)
    return connectionErrors.comChannelRefused(line);
  if (refusal.reason === Refusal.baud) return connectionErrors.comBaudDiffers(line, refusal.baud, true);
  return connectionErrors.protocolViolation(
    `it has version ${refusal.version} of the serial line's protocol`,
  );
}
