import { PORT_NAME_TAKES, readPortName } from '../../../transports/com/port-name.ts';
import { baud, written } from '../../../transports/connection-string/com.ts';
import type { Parameter, ParseOptions } from '../../../transports/connection-string/parameter.ts';
import { bad } from '../../../transports/connection-string/problem.ts';
import { readRow } from '../../../transports/connection-string/read.ts';
import type { Scanned } from '../../../transports/connection-string/scan.ts';
import { HawserError } from '../../../transports/errors/error.ts';
import { wireErrors } from './errors.ts';
import { MODEM } from './foreign-wires.ts';

/** `com:port=/dev/ttyUSB0,baud=115200`: KGDB on a serial line. What is left out comes from the environment. */
export interface ComWire {
  readonly kind: 'com';
  /** `COM2`, or a device's path. */
  readonly device?: string;
  /** Bits a second. */
  readonly baud?: number;
}

/** `com:pipe,port=PATH[,resets=N][,reconnect]`: a virtual machine's serial port as a pipe. */
export interface PipeWire {
  readonly kind: 'pipe';
  /** A Unix socket, or what `PATH.in` and `PATH.out` begin with. */
  readonly path?: string;
  /** How often a target that does not answer is asked again; 0: until it does. */
  readonly resets?: number;
  /** A pipe that is not there yet, or that goes, is waited for. */
  readonly reconnect: boolean;
}

const MAX_PATH = 1024;

const flag = (name: string): Parameter<true> => ({
  name,
  roles: ['client'],
  flag: true,
  takes: 'no value',
  read: () => true,
});

const parameters = {
  port: {
    name: 'Port',
    roles: ['client'],
    takes: `${PORT_NAME_TAKES}; with com:pipe the path of a pipe`,
    read(token) {
      const { value } = token;
      if (value.length > MAX_PATH) throw bad(token, `A path has at most ${MAX_PATH} characters.`);
      return value;
    },
  } satisfies Parameter<string>,
  baud,
  resets: {
    name: 'Resets',
    roles: ['client'],
    takes: 'how often a target that does not answer is asked again, as in resets=0 (until it does)',
    read(token) {
      if (!/^\d{1,4}$/.test(token.value)) throw bad(token, 'resets= takes a number from 0 to 9999.');
      return Number(token.value);
    },
  } satisfies Parameter<number>,
  pipe: flag('Pipe'),
  reconnect: flag('Reconnect'),
  modem: flag('Modem'),
} as const;

interface Read {
  readonly protocol: 'com';
  readonly role: 'client';
  readonly wire: ComWire | PipeWire;
}

export function comWire(scanned: Scanned, options: ParseOptions): ComWire | PipeWire {
  const port = scanned.parameters.find(({ key }) => key.text.toLowerCase() === 'port')?.value;
  const { wire } = readRow<typeof parameters, never, Read>(
    {
      protocol: 'com',
      parameters,
      finish({ values, spans }) {
        if (spans.modem) {
          const error = wireErrors.unsupportedWire('com:modem', MODEM.what, MODEM.nearest);
          throw new HawserError(error.code, error.message, error.action, error.data);
        }
        if (values.pipe) {
          if (spans.baud) throw bad(spans.baud, 'A pipe has no baud rate.');
          if (port && !/^[/\\]/.test(port.value))
            throw bad(port, 'The pipe of a virtual machine is an absolute path, as in port=/run/vm/serial.');
          return read({
            kind: 'pipe',
            ...(values.port !== undefined && { path: values.port }),
            ...(values.resets !== undefined && { resets: values.resets }),
            reconnect: values.reconnect ?? false,
          });
        }
        const stray = spans.resets ?? spans.reconnect;
        if (stray) throw bad(stray, 'It goes with com:pipe, for the serial port of a virtual machine.');
        const device = values.port === undefined ? undefined : readPortName(values.port);
        if (port && device === null)
          throw bad(
            port,
            `It is no serial port; port= takes ${PORT_NAME_TAKES}. For a pipe write com:pipe,port=PATH.`,
          );
        return read({
          kind: 'com',
          ...(device != null && { device }),
          ...(values.baud !== undefined && { baud: values.baud }),
        });
      },
    },
    scanned,
    options,
  );
  return wire;
}

const read = (wire: ComWire | PipeWire): Read => ({ protocol: 'com', role: 'client', wire });

export function writeCom(wire: ComWire | PipeWire): string {
  const words: string[] = [];
  if (wire.kind === 'com') {
    if (wire.device !== undefined) words.push(`Port=${written(wire.device)}`);
    if (wire.baud !== undefined) words.push(`Baud=${wire.baud}`);
  } else {
    words.push('Pipe');
    if (wire.path !== undefined) words.push(`Port=${written(wire.path)}`);
    if (wire.resets !== undefined) words.push(`Resets=${wire.resets}`);
    if (wire.reconnect) words.push('Reconnect');
  }
  return `com:${words.join(',')}`;
}
