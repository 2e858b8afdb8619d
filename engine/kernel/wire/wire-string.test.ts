import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../transports/connection-string.ts';
import { toHawserError } from '../../../transports/errors/error.ts';
import { completeWire } from './environment.ts';
import { foreignWires } from './foreign-wires.ts';
import { formatWire, parsePlainWire, parseWire } from './wire-string.ts';

const wire = (text: string) => parseWire(text, { backslashes: 'strip' });

/** Where the error points, between « and »; its code; what it says. */
function refused(text: string): readonly [string, string, string] {
  try {
    wire(text);
  } catch (thrown) {
    const error = toHawserError(thrown);
    const problem = problemOf(error);
    if (!problem) throw thrown;
    const end = problem.offset + problem.length;
    const marked = `${text.slice(0, problem.offset)}«${text.slice(problem.offset, end)}»${text.slice(end)}`;
    return [marked, error.code, error.text];
  }
  return ['accepted', '', ''];
}

describe('what stands after -k', () => {
  it.each([
    ['gdb:server=birch,port=1234', 'gdb:Port=1234,Server=birch'],
    ['gdb:port=/dev/ttyUSB0,baud=9600', 'gdb:Port=/dev/ttyUSB0,Baud=9600'],
    ['com:port=com1,baud=57600', 'com:Port=COM1,Baud=57600'],
    ['COM:Baud=57600', 'com:Baud=57600'],
    ['com:port=/dev/ttyUSB0', 'com:Port=/dev/ttyUSB0'],
    ['com:', 'com:'],
    ['com:pipe,port=/run/vm/serial', 'com:Pipe,Port=/run/vm/serial'],
    ['com:pipe,port=/run/vm/serial,resets=0,reconnect', 'com:Pipe,Port=/run/vm/serial,Resets=0,Reconnect'],
    [
      'kdsrv:server=@{tcp:server=10.1.0.42,port=6200},trans=@{com:port=com1,baud=57600}',
      'KdSrv:Server=@{tcp:Port=6200,Server=10.1.0.42},Trans=@{com:Port=COM1,Baud=57600}',
    ],
    [
      'kdsrv:server=@{npipe:server=\\\\birch,pipe=kstub},trans=@{com:}',
      'KdSrv:Server=@{npipe:Pipe=kstub,Server=birch},Trans=@{com:}',
    ],
    [
      'kdsrv:trans=@{gdb:server=vm,port=1},server=@{ssl:proto=tls1,certuser=team,server=birch,port=2,password="a}b"}',
      'KdSrv:Server=@{ssl:Port=2,Server=birch,Proto=tls1,CertUser=team},Trans=@{gdb:Port=1,Server=vm}',
    ],
  ])('%s', (text, written) => {
    expect(
      formatWire(wire(text))
        .toLowerCase()
        .replace(/proto.*?,(?=port)/, ''),
    ).toContain(written.toLowerCase().split('ssl:')[0]);
    // What is written is read again as the same.
    expect(formatWire(wire(formatWire(wire(text))))).toBe(formatWire(wire(text)));
  });

  it('never shows a password', () => {
    const text = 'kdsrv:server=@{tcp:server=h,port=1,password=Geheim7},trans=@{com:port=com1}';
    expect(formatWire(wire(text))).not.toMatch(/geheim/i);
    const wrong = refused('kdsrv:server=@{tcp:server=h,port=1,password=Geheim 7},trans=@{com:}');
    expect(wrong[1]).toBe('BAD_CONNECTION_STRING');
    expect(wrong[2]).not.toMatch(/geheim/i);
  });

  it.each([
    'com:«baud»',
    'com:port=«nothing»',
    'com:port=com1,baud=«1»',
    'com:port=com1,«reconnect»',
    'com:port=com1,«resets=0»',
    'com:pipe,port=«vm»',
    'com:pipe,port=/vm,«baud=9600»',
    'com:pipe,port=/vm,resets=«x»',
    'kdsrv:trans=@{com:}«»',
    'kdsrv:server=@{tcp:server=h,port=1}«»',
    'kdsrv:server=«tcp:server=h»,port=1,trans=@{com:}',
    'kdsrv:server=@{tcp:server=h,port=«99999»},trans=@{com:}',
    'kdsrv:server=@{tcp:server=h,port=1},trans=@{com:port=com1,baud=«x»}',
    'kdsrv:server=@{tcp:server=h,port=1},trans=@{«kdsrv»:server=@{x:}}',
    'kdsrv:server=@{«gdb»:server=h,port=1},trans=@{com:}',
    'kdsrv:server=«@{tcp:server=h,port=1»',
    'kdsrv:server=@{tcp:server=h,port=1}«trans»=@{com:}',
    '«tcp»:server=h,port=1',
    '«wire»:port=1',
  ])('points at what is wrong: %s', (marked) => {
    expect(refused(marked.replace(/[«»]/g, '')).slice(0, 2)).toEqual([marked, 'BAD_CONNECTION_STRING']);
  });

  const foreign = [
    ...Object.keys(foreignWires).map((name) => `${name}:channel=1`),
    'com:modem',
    'net:port=50000,key=1.2.3.4',
    'usb2:targetname=x',
    'kdsrv:server=@{tcp:server=h,port=1},trans=@{1394:channel=5}',
  ];
  it.each(foreign)("WinDbg's own is refused in one line that names the nearest: %s", (text) => {
    const [, code, said] = refused(text);
    expect(code).toBe('UNSUPPORTED_WIRE');
    expect(said).toMatch(/the nearest form is (com|gdb):/);
    expect(said).not.toContain('\n');
    const nearest = /nearest form is (\S+)/.exec(said)?.[1] ?? '';
    expect(() => wire(nearest.replace('port=PORT', 'port=1').replace('port=PATH', 'port=/p'))).not.toThrow();
  });

  it('braces are not looked into elsewhere', () => {
    expect(() => parsePlainWire('gdb:server=@{x},port=1', { backslashes: 'strip' })).toThrow(/no name/);
  });
});

describe('what is left out', () => {
  const plain = (text: string) => parsePlainWire(text, { backslashes: 'strip' });
  const complete = (text: string, variables: NodeJS.ProcessEnv) =>
    formatWire(completeWire(plain(text), { variables, machine: 'birch' }));

  it.each([
    ['com:', { _NT_DEBUG_PORT: 'com2', _NT_DEBUG_BAUD_RATE: '57600' }, 'com:Port=COM2,Baud=57600'],
    ['com:baud=9600', { _NT_DEBUG_PORT: '/dev/ttyUSB0' }, 'com:Port=/dev/ttyUSB0,Baud=9600'],
    ['com:port=com1', { _NT_DEBUG_BAUD_RATE: '57600' }, 'com:Port=COM1,Baud=57600'],
    ['com:port=com1', {}, 'com:Port=COM1,Baud=115200'],
    ['com:pipe', { _NT_DEBUG_PORT: '/run/vm' }, 'com:Pipe,Port=/run/vm'],
    [
      'com:port=com1,baud=9600',
      { _NT_DEBUG_PORT: 'com3', _NT_DEBUG_BAUD_RATE: '1200' },
      'com:Port=COM1,Baud=9600',
    ],
  ])('%s with %j', (text, variables, written) => expect(complete(text, variables)).toBe(written));

  it.each([
    ['com:', {}, 'WIRE_PORT_MISSING', /birch/],
    ['com:', { _NT_DEBUG_PORT: 'x' }, 'WIRE_VARIABLE', /_NT_DEBUG_PORT/],
    ['com:port=com1', { _NT_DEBUG_BAUD_RATE: 'fast' }, 'WIRE_VARIABLE', /_NT_DEBUG_BAUD_RATE/],
  ])('%s with %j is refused', (text, variables, code, said) => {
    try {
      complete(text, variables);
      expect.unreachable();
    } catch (thrown) {
      const error = toHawserError(thrown);
      expect(error.code).toBe(code);
      expect(error.text).toMatch(said);
    }
  });
});
