import { PORT_NAME_TAKES, readPortName } from '../com/port-name.ts';
import { bad, type Parameter, type ReadValues, type Role } from './parameter.ts';
import type { ProtocolRow, Written } from './protocol-row.ts';
import { granted, hidden, type Password, password } from './values.ts';

interface ComLineString {
  readonly protocol: 'com';
  /** `COM2`, or a device's path. */
  readonly device: string;
  /** Bits a second. */
  readonly baud: number;
  /** 0 to 254: what servers that share a port are told apart by. */
  readonly channel: number;
  readonly password?: Password;
}

/** `com:port=COM2,baud=115200,channel=1[,hidden][,password=…]` */
export interface ComServerString extends ComLineString {
  readonly role: 'server';
  readonly hidden?: true;
  /** Those who join through it only look. */
  readonly grants?: 'viewer';
}

/** `com:port=COM2,baud=115200,channel=1[,password=…]` */
export interface ComClientString extends ComLineString {
  readonly role: 'client';
}

/** The slowest that anything still uses, and what the system's calls can hold. */
const MIN_BAUD = 50;
const MAX_BAUD = 2_000_000_000;

const everyone: readonly Role[] = ['client', 'server'];

const port: Parameter<string> = {
  name: 'Port',
  roles: everyone,
  takes: PORT_NAME_TAKES,
  read(token) {
    const name = readPortName(token.value);
    if (name === null) throw bad(token, `It is no serial port; port= takes ${PORT_NAME_TAKES}.`);
    return name;
  },
};

export const baud: Parameter<number> = {
  name: 'Baud',
  roles: everyone,
  takes: 'the bits a second of the line, as in baud=115200',
  read(token) {
    const value = /^\d{1,10}$/.test(token.value) ? Number(token.value) : 0;
    if (value < MIN_BAUD || value > MAX_BAUD)
      throw bad(
        token,
        `A baud rate is a number from ${MIN_BAUD} on that the port supports, as in baud=115200.`,
      );
    return value;
  },
};

const channel: Parameter<number> = {
  name: 'Channel',
  roles: everyone,
  takes: 'a number from 0 to 254, as in channel=1',
  read(token) {
    if (!/^\d{1,3}$/.test(token.value) || Number(token.value) > 254)
      throw bad(token, 'A channel is a number from 0 to 254.');
    return Number(token.value);
  },
};

const parameters = { port, baud, channel, hidden, role: granted, password };

function finish(read: ReadValues<typeof parameters>, role: Role): ComServerString | ComClientString {
  const { values, end } = read;
  if (values.port === undefined) throw bad(end, 'port= is missing, as in port=com2 or port=/dev/ttyUSB0.');
  if (values.baud === undefined) throw bad(end, 'baud= is missing, as in baud=115200.');
  if (values.channel === undefined) throw bad(end, 'channel= is missing, as in channel=1.');
  const line = {
    protocol: 'com',
    device: values.port,
    baud: values.baud,
    channel: values.channel,
    ...(values.password !== undefined && { password: values.password }),
  } as const;
  if (role === 'client') return { ...line, role };
  return {
    ...line,
    role,
    ...(values.hidden && { hidden: true }),
    ...(values.role === 'viewer' && { grants: 'viewer' }),
  };
}

/** A path may hold what values outside of quotes may not. */
export function written(name: string): string {
  return /[,"\s]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

export const comRow: ProtocolRow<typeof parameters, ComServerString, ComClientString> = {
  protocol: 'com',
  parameters,
  finish,
  write(value) {
    const out: Written[] = [
      ['Port', written(value.device)],
      ['Baud', `${value.baud}`],
      ['Channel', `${value.channel}`],
    ];
    if (value.role === 'server' && value.hidden) out.push(['Hidden', null]);
    if (value.role === 'server' && value.grants) out.push(['Role', value.grants]);
    return out;
  },
  notes: () => [],
  // The client's machine has names of its own for its ports; rate and channel are the same.
  clientOf: ({ hidden: _hidden, grants: _grants, ...line }) => ({ ...line, role: 'client' }),
  listed({ hidden: _hidden, grants: _grants, ...listed }) {
    return listed;
  },
  // Who can reach the other end of the cable holds it in hand.
  exposed: () => false,
};
