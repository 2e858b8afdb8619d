import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComServerString } from '../connection-string/com.ts';
import {
  clientStringFor,
  formatConnectionString,
  formatListing,
  parseConnectionString,
  problemOf,
  type Role,
} from '../connection-string.ts';
import { toHawserError } from '../errors/error.ts';
import { devicePath, readPortName } from './port-name.ts';

const server = (text: string) => parseConnectionString(text, { role: 'server', backslashes: 'strip' });
const client = (text: string) => parseConnectionString(text, { role: 'client', backslashes: 'strip' });

/** Where the error points, between « and ». */
function pointed(text: string, role: Role): string {
  try {
    parseConnectionString(text, { role, backslashes: 'refuse' });
  } catch (error) {
    const problem = problemOf(toHawserError(error));
    if (!problem) throw error;
    const end = problem.offset + problem.length;
    return `${text.slice(0, problem.offset)}«${text.slice(problem.offset, end)}»${text.slice(end)}`;
  }
  return 'accepted';
}

describe('com: connection strings', () => {
  it('take a port with and without COM, and a device', () => {
    const expected = { protocol: 'com', role: 'client', device: 'COM2', baud: 115200, channel: 0 };
    expect(client('com:port=com2,baud=115200,channel=0')).toEqual(expected);
    expect(client('COM:Channel=0,Baud=115200,Port=2')).toEqual(expected);
    expect(client('com:port=/dev/ttyUSB0,baud=9600,channel=254')).toMatchObject({ device: '/dev/ttyUSB0' });
    expect(client('com:port="/dev/serial/by-id/a, b",baud=9600,channel=1')).toMatchObject({
      device: '/dev/serial/by-id/a, b',
    });
  });

  it('name a device on each system', () => {
    expect(devicePath('COM1', 'linux')).toBe('/dev/ttyS0');
    expect(devicePath('COM2', 'linux')).toBe('/dev/ttyS1');
    expect(devicePath('COM2', 'win32')).toBe('COM2');
    expect(devicePath('/dev/ttyUSB0', 'linux')).toBe('/dev/ttyUSB0');
    expect([readPortName('com0'), readPortName('com257'), readPortName('ttyS0'), readPortName('/')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it.each<[string, Role]>([
    ['com:port=com2,baud=115200«»', 'client'],
    ['com:port=com2,channel=1«»', 'client'],
    ['com:baud=1200,channel=1«»', 'server'],
    ['com:port=«ttyS1»,baud=115200,channel=1', 'client'],
    ['com:port=«com»,baud=115200,channel=1', 'client'],
    ['com:port=com2,baud=«fast»,channel=1', 'client'],
    ['com:port=com2,baud=«0»,channel=1', 'client'],
    ['com:port=com2,baud=«99999999999»,channel=1', 'client'],
    ['com:port=com2,baud=115200,channel=«255»', 'server'],
    ['com:port=com2,baud=115200,channel=«-1»', 'server'],
    ['com:port=com2,baud=115200,«chanel»=1', 'server'],
    ['com:port=com2,baud=115200,channel=1,«hidden»', 'client'],
    ['com:port=com2,baud=115200,channel=1,«server»=h', 'client'],
    ['com:port=com2,baud=115200,channel=1,«ipversion»=6', 'client'],
  ])('%s', (marked, role) => {
    expect(pointed(marked.replace(/[«»]/g, ''), role)).toBe(marked);
  });

  it('are listed, and given to clients, without what is not theirs', () => {
    const bound = server('com:port=2,baud=9600,channel=7,hidden,password=x');
    expect(formatListing(bound)).toBe('com:Port=COM2,Baud=9600,Channel=7,Password=*');
    expect(formatConnectionString(clientStringFor(bound, 'lnx7'))).toBe(
      'com:Port=COM2,Baud=9600,Channel=7,Password=*',
    );
  });

  it('are read as they were written', () => {
    const device = fc.oneof(
      fc.integer({ min: 1, max: 256 }).map((n) => `COM${n}`),
      fc.string({ unit: fc.constantFrom(...'aZ9,"\' =:\\ä-._'), minLength: 1 }).map((name) => `/dev/${name}`),
    );
    const line = fc.record({
      device,
      baud: fc.integer({ min: 50, max: 2_000_000_000 }),
      channel: fc.integer({ min: 0, max: 254 }),
      hidden: fc.boolean(),
    });
    fc.assert(
      fc.property(line, ({ hidden, ...rest }) => {
        const value: ComServerString = {
          protocol: 'com',
          role: 'server',
          ...rest,
          ...(hidden && { hidden: true as const }),
        };
        expect(server(formatConnectionString(value))).toEqual(value);
      }),
    );
  });
});
