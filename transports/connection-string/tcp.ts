import { isIPv4 } from 'node:net';
import { connectionErrors } from '../errors/connection-errors.ts';
import { bad, type ReadValues, type Role } from './parameter.ts';
import type { ProtocolRow, Written } from './protocol-row.ts';
import {
  bind,
  clicon,
  hidden,
  icfenable,
  ipversion,
  type Password,
  type PortRange,
  password,
  port,
  server,
} from './values.ts';

/** `tcp:port=5005[,hidden][,password=…][,ipversion=6][,IcfEnable][,bind=ADDRESS]` */
export interface TcpServerString {
  readonly protocol: 'tcp';
  readonly role: 'server';
  /** `low` 0: the system chooses. Once bound, `low` is the port in use. */
  readonly port: PortRange;
  /** Absent: every address. */
  readonly bind?: string;
  readonly password?: Password;
  /** True: IPv6 only. */
  readonly ipv6?: true;
  readonly hidden?: true;
  readonly icfEnable?: true;
}

/** `tcp:server=HOST,port=5005[,password=…][,ipversion=6]` */
export interface TcpClientString {
  readonly protocol: 'tcp';
  readonly role: 'client';
  /** Absent: this machine, as in strings pasted from a listing. */
  readonly server?: string;
  readonly port: number;
  readonly password?: Password;
  /** True: IPv6 only. */
  readonly ipv6?: true;
}

const parameters = { port, server, clicon, bind, ipversion, hidden, icfenable, password };

function finish(read: ReadValues<typeof parameters>, role: Role): TcpServerString | TcpClientString {
  const { values, spans, end } = read;
  if (values.server !== undefined && values.clicon !== undefined && spans.clicon)
    throw bad(spans.clicon, 'Use server= or clicon=, never both.');
  if (spans.clicon && (spans.hidden ?? spans.icfenable))
    throw bad(
      spans.clicon,
      'A server that calls its client is never listed and opens no port: no hidden, no IcfEnable.',
    );
  if (spans.clicon) {
    const { offset, length } = spans.clicon;
    throw connectionErrors.unsupportedParameter(
      { offset, length, word: 'clicon=' },
      'Use server= at the client and a server that listens.',
    );
  }
  const literal = values.server ?? values.bind;
  if (values.ipversion && literal !== undefined && isIPv4(literal))
    throw bad(spans.server ?? spans.bind ?? end, 'It is an IPv4 address, and ipversion=6 asks for IPv6.');
  if (values.port === undefined) throw bad(end, 'port= is missing, as in port=5005.');
  const common = {
    protocol: 'tcp',
    ...(values.password !== undefined && { password: values.password }),
    ...(values.ipversion && { ipv6: true as const }),
  } as const;
  if (role === 'client') {
    // A range comes from a pasted listing (`53:60`): the server took the first.
    return {
      ...common,
      role,
      port: values.port.low,
      ...(values.server !== undefined && { server: values.server }),
    };
  }
  return {
    ...common,
    role,
    port: values.port,
    ...(values.bind !== undefined && { bind: values.bind }),
    ...(values.hidden && { hidden: true }),
    ...(values.icfenable && { icfEnable: true }),
  };
}

function write(value: TcpServerString | TcpClientString): Written[] {
  const { low, high } = value.role === 'client' ? { low: value.port, high: value.port } : value.port;
  const out: Written[] = [['Port', low === high ? `${low}` : `${low}:${high}`]];
  if (value.role === 'client' && value.server !== undefined) out.push(['Server', value.server]);
  if (value.role === 'server' && value.bind !== undefined) out.push(['Bind', value.bind]);
  if (value.ipv6) out.push(['IPVersion', '6']);
  if (value.role === 'server' && value.hidden) out.push(['Hidden', null]);
  if (value.role === 'server' && value.icfEnable) out.push(['IcfEnable', null]);
  return out;
}

export const tcpRow: ProtocolRow<typeof parameters, TcpServerString | TcpClientString> = {
  protocol: 'tcp',
  parameters,
  finish,
  write,
  notes(value) {
    return value.role === 'server' && value.icfEnable
      ? ['IcfEnable: Hawser leaves the firewall as it is; if one is active, open the port in it.']
      : [];
  },
};
