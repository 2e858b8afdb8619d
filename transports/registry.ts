import type { ClientString, Protocol, ServerString } from './connection-string.ts';
import { tcp } from './tcp.ts';
import type { Connection, ConnectOptions, Listener, Transport } from './transport.ts';

/** Every transport of this build. The table of connection strings has a row for each, by the type. */
const transports: { readonly [P in Protocol]: Transport<P> } = { tcp };

/** Reaches a server by whatever protocol the string names. See {@link Transport.connect}. */
export function connect(target: ClientString, options: ConnectOptions): Promise<Connection> {
  return transports[target.protocol].connect(target, options);
}

/** Opens a server by whatever protocol the string names. See {@link Transport.listen}. */
export function listen(target: ServerString, accept: (connection: Connection) => void): Promise<Listener> {
  return transports[target.protocol].listen(target, accept);
}
