import { isIPv4 } from 'node:net';
import { readPortName } from '../com/port-name.ts';
import { baud, written } from './com.ts';
import { bad, type Parameter, type ReadValues } from './parameter.ts';
import type { ProtocolRow, Written } from './protocol-row.ts';
import { ipversion, server } from './values.ts';

interface GdbString {
  readonly protocol: 'gdb';
  readonly role: 'client';
  /** GDB's remote protocol has none. */
  readonly password?: never;
  /** Whether the stub is asked to tell of threads that begin and end. */
  readonly threadEvents?: boolean;
}

/** `gdb:server=HOST,port=PORT[,threadEvents=true|false][,ipversion=6]` */
export interface GdbSocketString extends GdbString {
  /** Absent: this machine. */
  readonly server?: string;
  readonly port: number;
  /** True: IPv6 only. */
  readonly ipv6?: true;
}

/** `gdb:port=/dev/ttyUSB0,baud=115200[,threadEvents=true|false]` */
export interface GdbLineString extends GdbString {
  /** `COM2`, or a device's path. */
  readonly device: string;
  /** Bits a second. */
  readonly baud: number;
}

/** A bare stub: nothing of Hawser's is at the other end. */
export type GdbClientString = GdbSocketString | GdbLineString;

const port: Parameter<number | string> = {
  name: 'Port',
  roles: ['client'],
  takes: 'a port number from 1 to 65535, or a serial port, as in port=/dev/ttyUSB0',
  read(token) {
    if (/^\d+$/.test(token.value)) {
      const number = Number(token.value);
      if (number < 1 || number > 65535) throw bad(token, 'Ports go from 1 to 65535.');
      return number;
    }
    const name = readPortName(token.value);
    if (name === null)
      throw bad(token, 'It is no port number from 1 to 65535, and no serial port as in port=/dev/ttyUSB0.');
    return name;
  },
};

const threadevents: Parameter<boolean> = {
  name: 'ThreadEvents',
  roles: ['client'],
  takes: 'true or false, as in threadEvents=true',
  read(token) {
    const value = token.value.toLowerCase();
    if (value !== 'true' && value !== 'false') throw bad(token, 'threadEvents is true or false.');
    return value === 'true';
  },
};

const parameters = { server, port, baud, ipversion, threadevents };

function finish({ values, spans, end }: ReadValues<typeof parameters>): GdbClientString {
  const common = {
    protocol: 'gdb',
    role: 'client',
    ...(values.threadevents !== undefined && { threadEvents: values.threadevents }),
  } as const;
  if (values.port === undefined) throw bad(end, 'port= is missing, as in port=1234 or port=/dev/ttyUSB0.');
  if (typeof values.port === 'string') {
    const stray = spans.server ?? spans.ipversion;
    if (stray) throw bad(stray, 'A serial port is of this machine: server= and ipversion= are not for it.');
    if (values.baud === undefined) throw bad(end, 'baud= is missing, as in baud=115200.');
    return { ...common, device: values.port, baud: values.baud };
  }
  if (spans.baud) throw bad(spans.baud, 'baud= is for serial ports, as in port=/dev/ttyUSB0.');
  if (values.ipversion && values.server !== undefined && isIPv4(values.server))
    throw bad(spans.server ?? end, 'It is an IPv4 address, and ipversion=6 asks for IPv6.');
  return {
    ...common,
    ...(values.server !== undefined && { server: values.server }),
    port: values.port,
    ...(values.ipversion && { ipv6: true }),
  };
}

/** No server of ours listens for GDB's packets this way. */
export const gdbRow: ProtocolRow<typeof parameters, never, GdbClientString> = {
  protocol: 'gdb',
  parameters,
  finish,
  write(value) {
    const out: Written[] =
      'device' in value
        ? [
            ['Port', written(value.device)],
            ['Baud', `${value.baud}`],
          ]
        : [['Port', `${value.port}`]];
    if ('server' in value && value.server !== undefined) out.push(['Server', value.server]);
    if ('ipv6' in value && value.ipv6) out.push(['IPVersion', '6']);
    if (value.threadEvents !== undefined) out.push(['ThreadEvents', `${value.threadEvents}`]);
    return out;
  },
  notes: () => [],
  clientOf: (bound) => bound,
  listed: (bound) => bound,
  exposed: () => false,
};
