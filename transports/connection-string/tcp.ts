import { bad, type ReadValues, type Role } from './parameter.ts';
import type { ProtocolRow, Written } from './protocol-row.ts';
import {
  clientOfSocket,
  finishSocket,
  isOnNetwork,
  type SocketClient,
  type SocketServer,
  socketParameters,
  writeSocket,
} from './sockets.ts';
import { icfenable } from './values.ts';

/** `tcp:port=5005[,hidden][,password=…][,ipversion=6][,IcfEnable][,bind=ADDRESS]`, or with `clicon=CLIENT` */
export interface TcpServerString extends SocketServer {
  readonly protocol: 'tcp';
  readonly icfEnable?: true;
}

/** `tcp:server=HOST,port=5005[,password=…][,ipversion=6]`, or `clicon=SERVER` in the place of `server=` */
export interface TcpClientString extends SocketClient {
  readonly protocol: 'tcp';
}

const parameters = { ...socketParameters, icfenable };

function finish(read: ReadValues<typeof parameters>, role: Role): TcpServerString | TcpClientString {
  const { values, spans } = read;
  if (spans.clicon && spans.icfenable)
    throw bad(spans.icfenable, 'A server that calls its client (clicon=) opens no port: no IcfEnable.');
  const value = finishSocket(read, role);
  if (value.role === 'client') return { protocol: 'tcp', ...value };
  return { protocol: 'tcp', ...value, ...(values.icfenable && { icfEnable: true }) };
}

function write(value: TcpServerString | TcpClientString): Written[] {
  const flags: Written[] = value.role === 'server' && value.icfEnable ? [['IcfEnable', null]] : [];
  return [...writeSocket(value), ...flags];
}

export const tcpRow: ProtocolRow<typeof parameters, TcpServerString, TcpClientString> = {
  protocol: 'tcp',
  parameters,
  finish,
  write,
  notes(value) {
    return value.role === 'server' && value.icfEnable
      ? ['IcfEnable: Hawser leaves the firewall as it is; if one is active, open the port in it.']
      : [];
  },
  clientOf: (bound, host) => ({ protocol: 'tcp', ...clientOfSocket(bound, host) }),
  listed({ bind: _bind, hidden: _hidden, grants: _grants, icfEnable: _icf, ...listed }) {
    return listed;
  },
  exposed: isOnNetwork,
};
