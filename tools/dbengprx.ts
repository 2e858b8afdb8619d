import { hostname } from 'node:os';
import {
  type ClientString,
  clientStringFor,
  formatConnectionString,
  parseConnectionString,
  type ServerString,
} from '../transports/connection-string.ts';
import { openRepeater } from '../transports/repeater.ts';
import { type OptionSpec, optionLines, parseOptions, UsageError } from './cli/options.ts';
import type { Tool } from './cli/tool.ts';

const options: readonly OptionSpec[] = [
  {
    names: ['c'],
    value: 'CONNECTION',
    help: 'how the repeater reaches the server: tcp:server=HOST,port=PORT, npipe:, com:',
  },
  { names: ['s'], value: 'CONNECTION', help: 'how clients reach the repeater: tcp:port=PORT, npipe:, com:' },
  { names: ['p'], help: 'go on when the last connection has ended' },
];

/** The repeater: between a client and a server of which neither can reach the other. */
export const dbengprx: Tool = {
  name: 'dbengprx',
  summary: 'the repeater between a client and a server that cannot reach each other',

  help: () => `hawser dbengprx: the repeater between a client and a server that cannot reach each other

Usage:
  hawser dbengprx [-p] -c CONNECTION -s CONNECTION

Options:
${optionLines(options)}

It relays bytes and understands none of them: the server asks the client for the password, and ends that use ssl:
or spipe: reach each other through tcp: or npipe:, with TLS from end to end. Start the server first, then the repeater, then
the client. With ssl:, clicon= is at both ends or at neither. It is never listed. Without -p it ends with the last connection.

  hawser dbengprx -p -c tcp:server=10.1.1.10,port=5005 -s tcp:port=5006
  hawser dbengprx -p -c tcp:clicon=10.1.1.10,port=5005 -s npipe:pipe=lab`,

  async run(argv) {
    const { values, rest } = parseOptions(argv, options);
    if (rest.length > 0) throw new UsageError(`Nothing may follow the options: '${rest[0]}'.`);
    const [toServer, fromClients] = [values.get('c'), values.get('s')];
    if (toServer === undefined || fromClients === undefined)
      throw new UsageError('Give both -c (how to reach the server) and -s (how clients reach the repeater).');
    const client = parseConnectionString(toServer, { role: 'client', backslashes: 'strip' });
    const server = parseConnectionString(fromClients, { role: 'server', backslashes: 'strip' });
    check(client, server);
    const notice = (text: string) => void process.stderr.write(`${text}\n`);
    const repeater = await openRepeater({ client, server, stay: values.has('p'), notice });
    const reachedAt = formatConnectionString(clientStringFor(repeater.bound, hostname()), {
      password: 'omit',
    });
    process.stdout.write(
      `Repeater started.  Client can connect with this command line\n0: <debugger> -remote ${reachedAt}\n`,
    );
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => void repeater.close());
    await repeater.ended;
    return 0;
  },
};

/** @throws UsageError */
function check(client: ClientString, server: ServerString): void {
  for (const { protocol } of [client, server]) {
    const plain = protocol === 'ssl' ? 'tcp' : protocol === 'spipe' ? 'npipe' : null;
    if (plain)
      throw new UsageError(
        `A repeater is no end of an encrypted connection: give it ${plain}:, and ${protocol}: at the two ends.`,
      );
  }
  if (client.protocol === 'com' && server.protocol === 'com' && client.device === server.device)
    throw new UsageError('A repeater cannot use the same COM port on both sides.');
  if (client.password !== undefined || server.password !== undefined)
    process.stderr.write('password= does nothing at a repeater: the server asks the client for it.\n');
}
