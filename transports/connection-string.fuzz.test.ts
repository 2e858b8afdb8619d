import { expect } from 'vitest';
import { caretLine, formatConnectionString, parseConnectionString, problemOf } from './connection-string.ts';
import { HawserError } from './errors/error.ts';
import { fuzz, nearly } from './testing/fuzz.ts';

const right = [
  'tcp:server=birch,port=5005,password=secret',
  'tcp:port=5005:5010,bind=127.0.0.1,hidden,role=viewer',
  'tcp:clicon=birch,port=5005,ipversion=6',
  'npipe:server=\\\\birch,pipe=hawser_%x,password="a "",b"',
  'com:port=/dev/ttyS0,baud=115200,channel=3',
  'ssl:proto=tls1.3,server=birch,port=5005,certuser=birch.example',
  'spipe:proto=tls1,pipe=p,machuser={00112233445566778899aabbccddeeff00112233}',
  'gdb:server=birch,port=2345',
  'kdsrv:server=@{tcp:server=birch,port=1},trans=@{com:port=ttyS0,baud=9600}',
  ...[
    'tcp:',
    'server=',
    'port=',
    'password=',
    'Password=*',
    ',',
    '=',
    '"',
    '""',
    '@{',
    '}',
    ':',
    '0n',
    '\\\\',
    '[::1]',
    '\u2028',
  ],
];

fuzz('connection-strings', nearly(right, 'tcpsl:=,"@{}*%\\ 0123456789-[]é\u202e\0\n'), (text) => {
  for (const role of ['server', 'client'] as const)
    try {
      const parsed = parseConnectionString(text, { role, backslashes: 'strip' });
      const shown = formatConnectionString(parsed, { password: 'reveal' });
      // What was understood is written so that it is understood alike.
      const again = formatConnectionString(parseConnectionString(shown, { role, backslashes: 'refuse' }), {
        password: 'reveal',
      });
      expect(again).toBe(shown);
      expect(formatConnectionString(parsed)).not.toMatch(/[:,]password=(?!\*)/i);
    } catch (error) {
      if (!(error instanceof HawserError)) throw error;
      expect(['BAD_CONNECTION_STRING', 'UNSUPPORTED_PROTOCOL']).toContain(error.code);
      const problem = problemOf(error);
      if (problem) caretLine(problem);
    }
});
