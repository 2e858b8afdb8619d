import { isIPv4 } from 'node:net';
import { isLoopback, isWildcard } from './hosts.ts';
import { bad, type ReadValues, type Role } from './parameter.ts';
import type { Written } from './protocol-row.ts';
import {
  bind,
  clicon,
  granted,
  hidden,
  ipversion,
  type Password,
  type PortRange,
  password,
  port,
  server,
} from './values.ts';

/** What tcp and ssl have in common: ports, addresses, and who calls whom. */
export interface SocketServer {
  readonly role: 'server';
  /** `low` 0: the system chooses. Once bound, `low` is the port in use. With `clicon` the one port to call. */
  readonly port: PortRange;
  /** The machine of the client that this server calls, instead of listening. */
  readonly clicon?: string;
  /** Absent: every address. */
  readonly bind?: string;
  readonly password?: Password;
  /** True: IPv6 only. */
  readonly ipv6?: true;
  readonly hidden?: true;
  /** Those who join through it only look. */
  readonly grants?: 'viewer';
}

export interface SocketClient {
  readonly role: 'client';
  /** Absent: this machine, as in strings pasted from a listing; or `clicon` says who calls. */
  readonly server?: string;
  /** The machine of the server that calls this client, which listens for it. */
  readonly clicon?: string;
  /** With `clicon` the first port to try to listen on. */
  readonly port: number;
  /** With `clicon`: the last port to try, when it is not the first. */
  readonly lastPort?: number;
  readonly password?: Password;
  /** True: IPv6 only. */
  readonly ipv6?: true;
}

export const socketParameters = { port, server, clicon, bind, ipversion, hidden, role: granted, password };

export function finishSocket(
  read: ReadValues<typeof socketParameters>,
  role: Role,
): SocketServer | SocketClient {
  const { values, spans, end } = read;
  if (spans.server && spans.clicon) throw bad(spans.clicon, 'Use server= or clicon=, never both.');
  if (spans.clicon && spans.hidden)
    throw bad(
      spans.hidden,
      'A server that calls its client (clicon=) is never listed: hidden is not for it.',
    );
  if (spans.clicon && spans.bind)
    throw bad(spans.bind, 'A server that calls its client (clicon=) does not listen: bind= is not for it.');
  const literal = values.server ?? values.clicon ?? values.bind;
  if (values.ipversion && literal !== undefined && isIPv4(literal))
    throw bad(
      spans.server ?? spans.clicon ?? spans.bind ?? end,
      'It is an IPv4 address, and ipversion=6 asks for IPv6.',
    );
  if (values.port === undefined) throw bad(end, 'port= is missing, as in port=5005.');
  const { low, high } = values.port;
  const common = {
    ...(values.clicon !== undefined && { clicon: values.clicon }),
    ...(values.password !== undefined && { password: values.password }),
    ...(values.ipversion && { ipv6: true as const }),
  };
  if (role === 'client') {
    return {
      role,
      ...common,
      // Without clicon a range comes from a pasted listing (`53:60`): the server took the first.
      port: low,
      ...(values.clicon !== undefined && high !== low && { lastPort: high }),
      ...(values.server !== undefined && { server: values.server }),
    };
  }
  if (values.clicon !== undefined && (low !== high || low === 0))
    throw bad(
      spans.port ?? end,
      'With clicon= the server calls: it needs the one port that the client listens on. Only the client may give a range.',
    );
  return {
    role,
    ...common,
    port: values.port,
    ...(values.bind !== undefined && { bind: values.bind }),
    ...(values.hidden && { hidden: true }),
    ...(values.role === 'viewer' && { grants: 'viewer' }),
  };
}

export function writeSocket(value: SocketServer | SocketClient): Written[] {
  const { low, high } =
    value.role === 'client' ? { low: value.port, high: value.lastPort ?? value.port } : value.port;
  const out: Written[] = [['Port', low === high ? `${low}` : `${low}:${high}`]];
  if (value.clicon !== undefined) out.push(['CliCon', value.clicon]);
  if (value.role === 'client' && value.server !== undefined) out.push(['Server', value.server]);
  if (value.role === 'server' && value.bind !== undefined) out.push(['Bind', value.bind]);
  if (value.ipv6) out.push(['IPVersion', '6']);
  if (value.role === 'server' && value.hidden) out.push(['Hidden', null]);
  if (value.role === 'server' && value.grants) out.push(['Role', value.grants]);
  return out;
}

/** A server bound to loopback is reached as `localhost`, one bound to another address by that. */
export function clientOfSocket(bound: SocketServer, host: string): SocketClient {
  const { port: ports, bind: address, clicon: called, password: secret, ipv6 } = bound;
  const here =
    address === undefined || isWildcard(address) ? host : isLoopback(address) ? 'localhost' : address;
  return {
    role: 'client',
    ...(called === undefined ? { server: here } : { clicon: host }),
    port: ports.low,
    ...(secret !== undefined && { password: secret }),
    ...(ipv6 && { ipv6 }),
  };
}

/** Whether it listens where other machines reach it. */
export function isOnNetwork({ bind: address, clicon: called }: SocketServer): boolean {
  return called === undefined && !(address !== undefined && isLoopback(address));
}
