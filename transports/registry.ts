import { com } from './com/com.ts';
import type { ClientString, Protocol, ServerString } from './connection-string.ts';
import { gdb } from './gdb.ts';
import { npipe } from './npipe.ts';
import { spipe } from './spipe.ts';
import { ssl } from './ssl.ts';
import { tcp } from './tcp.ts';
import type { Connection, ConnectOptions, Listener, ListenOptions, Transport } from './transport.ts';

/** Every transport of this build. The table of connection strings has a row for each, by the type. */
const transports: { readonly [P in Protocol]: Transport<P> } = { com, gdb, npipe, spipe, ssl, tcp };

/** The transport of a string's own protocol, which alone takes that string. */
const of = (protocol: Protocol) => transports[protocol] as unknown as Transport<never>;

/** Reaches a server by whatever protocol the string names. See {@link Transport.connect}. */
export function connect(target: ClientString, options: ConnectOptions): Promise<Connection> {
  return of(target.protocol).connect(target as never, options);
}

/** Opens a server by whatever protocol the string names. See {@link Transport.listen}. */
export function listen(
  target: ServerString,
  accept: (connection: Connection) => void,
  options?: ListenOptions,
): Promise<Listener> {
  return of(target.protocol).listen(target as never, accept, options);
}
