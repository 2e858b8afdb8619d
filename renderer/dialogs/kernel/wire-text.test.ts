import { expect, test } from 'vitest';
import { fieldAt, noFields, type WireFields, type WireTab, wireText } from './wire-text.ts';

test.each<[WireTab, Partial<WireFields>, string]>([
  ['stub', { server: 'birch' }, 'gdb:server=birch,port=1234'],
  ['stub', { port: '99' }, 'gdb:port=99'],
  ['com', { device: '/dev/ttyUSB0' }, 'com:port=/dev/ttyUSB0,baud=115200'],
  ['com', { baud: '' }, 'com:'],
  ['pipe', { path: '/run/vm' }, 'com:pipe,port=/run/vm,resets=0,reconnect'],
  ['pipe', { path: '/run/vm', reconnect: false }, 'com:pipe,port=/run/vm'],
  [
    'kdsrv',
    { kdServer: 'tcp:server=h,port=1', trans: 'com:' },
    'kdsrv:server=@{tcp:server=h,port=1},trans=@{com:}',
  ],
  ['text', { text: ' gdb:port=1 ' }, 'gdb:port=1'],
])('%s with %j', (tab, fields, text) => {
  expect(wireText(tab, { ...noFields, ...fields }).text).toBe(text);
});

test('a place leads back to its field', () => {
  const made = wireText('kdsrv', { ...noFields, kdServer: 'tcp:server=h,port=x', trans: 'com:port=y' });
  expect(fieldAt(made, made.text.indexOf('x}'))).toBe('kdServer');
  expect(fieldAt(made, made.text.indexOf('y}'))).toBe('trans');
  expect(fieldAt(made, 0)).toBeNull();
});
