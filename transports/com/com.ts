import type { ComServerString } from '../connection-string/com.ts';
import { connectionErrors } from '../errors/connection-errors.ts';
import type { Connection, Listener, Transport } from '../transport.ts';
import { connect, connectionOf, lineOf } from './connect.ts';
import { openPort } from './ports.ts';

/** Serial lines. */
export const com: Transport<'com'> = { protocol: 'com', connect, listen };

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
