import { formatConnectionString, parseConnectionString } from '../../transports/connection-string.ts';
import { connectBareStub } from './bare/bare-stub.ts';
import { connectProcessServer } from './client/connect.ts';
import type { ConnectStubOptions, Stub } from './stub.ts';

/**
 * Reaches a process server, or a bare stub (`gdb:`), by its connection string.
 * @throws HawserError told apart: the string, the way there, the peer, the password, `CANCELLED`
 */
export async function connectStub(text: string, options: ConnectStubOptions): Promise<Stub> {
  const { signal, backslashes = 'strip' } = options;
  const target = parseConnectionString(text, { role: 'client', backslashes });
  if (target.protocol !== 'gdb') return connectProcessServer(target, options);
  const connection = formatConnectionString(target, { password: 'omit' });
  return connectBareStub(target, { signal, connection, threadEvents: target.threadEvents ?? false });
}
