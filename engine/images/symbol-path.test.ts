import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentServers, parseSymbolPath, splitSymbolPath } from './symbol-path.ts';

const server = (kind: 'debuginfod' | 'symsrv', url: string, authorization: string | null = null) => ({
  kind,
  url,
  authorization,
});

describe('a symbol path', () => {
  it.each([
    [['/a', '/b c', '/a'], ['/a', '/b c'], []],
    [['rel', ' /x '], [resolve('rel'), '/x'], []],
    [['/with*star'], ['/with*star'], []],
    [['DebugInfoD*https://one.example'], [], [server('debuginfod', 'https://one.example/')]],
    [
      ['debuginfod*https://one.example/d*http://two.example:8002/'],
      [],
      [server('debuginfod', 'https://one.example/d/'), server('debuginfod', 'http://two.example:8002/')],
    ],
    [['srv*'], [], []],
    [['srv*https://sym.example/x'], [], [server('symsrv', 'https://sym.example/x/')]],
    [
      ['SRV*/cache*/store*https://sym.example'],
      ['/cache', '/store'],
      [server('symsrv', 'https://sym.example/')],
    ],
    [['symsrv*symsrv.dll*/cache*http://s.example'], ['/cache'], [server('symsrv', 'http://s.example/')]],
    [['cache*/cache', '/x'], ['/cache', '/x'], []],
    [['DebugInfoD*ftp://x.example*file:///etc*nonsense*', 'https://no.example', '\\\\server\\share'], [], []],
    [
      ['DebugInfoD*https://me:pass%20word@one.example/?q#f'],
      [],
      [
        server(
          'debuginfod',
          'https://one.example/',
          `Basic ${Buffer.from('me:pass word').toString('base64')}`,
        ),
      ],
    ],
    [
      ['DebugInfoD*https://me:100%@one.example'],
      [],
      [server('debuginfod', 'https://one.example/', `Basic ${Buffer.from('me:100%').toString('base64')}`)],
    ],
  ])('%j', (parts, folders, servers) => {
    expect(parseSymbolPath(parts)).toEqual({ folders, servers });
  });

  it.each([
    ['', []],
    ['/a:/b;; c ;', ['/a', '/b', 'c']],
    ['a:b', ['a', 'b']],
    [
      'DebugInfoD*https://one.example*http://two.example:8002/x',
      ['DebugInfoD*https://one.example*http://two.example:8002/x'],
    ],
    ['/a:srv*/b*https://one.example:80:/c', ['/a', 'srv*/b*https://one.example:80', '/c']],
    [
      '/a:DebugInfoD*https://one.example:DebugInfoD*https://two.example;/b:/c',
      ['/a', 'DebugInfoD*https://one.example', 'DebugInfoD*https://two.example', '/b', '/c'],
    ],
  ])('in one text: %s', (text, parts) => {
    expect(splitSymbolPath(text)).toEqual(parts);
  });

  it('of the environment names servers, separated by blanks', () => {
    const env = { DEBUGINFOD_URLS: ' ima:enforcing https://one.example  http://two.example/x file:///usr\t' };
    expect(environmentServers(env).map(({ url }) => url)).toEqual([
      'https://one.example/',
      'http://two.example/x/',
    ]);
    expect(environmentServers({})).toEqual([]);
  });
});
