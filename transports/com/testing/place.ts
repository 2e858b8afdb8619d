import { parseConnectionString } from '../../connection-string.ts';
import type { Place } from '../../testing/contract.ts';
import type { Listener } from '../../transport.ts';
import { com } from '../com.ts';
import { ptyPair } from './pty-pair.ts';

/** A rate that holds no pseudo-terminal back. */
export const FASTEST = 1_000_000_000;

/** For the contract suite: both ends of a cable in this process. */
export async function comPlace(): Promise<Place> {
  const { ends, close } = await ptyPair();
  const line = (end: string, channel: number) => `com:port=${end},baud=${FASTEST},channel=${channel}`;
  const server = (channel: number) =>
    parseConnectionString(line(ends[0], channel), { role: 'server', backslashes: 'strip' });
  const client = parseConnectionString(line(ends[1], 1), { role: 'client', backslashes: 'strip' });
  if (client.protocol !== 'com') throw new Error('not com');
  const open = async (channel: number, accept: Parameters<typeof com.listen>[1]) => {
    const target = server(channel);
    if (target.protocol !== 'com') throw new Error('not com');
    return com.listen(target, accept);
  };
  // Somebody is at the other end, or nobody could tell that no server is on the channel.
  const listeners: Listener[] = [await open(254, ({ stream }) => stream.destroy())];
  return {
    whenNobodyListens: 'COM_CHANNEL_REFUSED',
    async listen(accept) {
      listeners.push(await open(1, accept));
    },
    connect: (signal) => com.connect(client, { signal }),
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
      close();
    },
  };
}
