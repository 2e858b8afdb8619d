import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer, asRequest, limits, registration, request } from './messages.ts';
import { RateLimiter } from './rate.ts';
import { DirectoryService } from './service.ts';
import { privatePort } from './testing/port.ts';
import { Raw } from './testing/raw.ts';

let port = 0;
let service: DirectoryService;

beforeAll(async () => {
  port = await privatePort();
  service = new DirectoryService(port);
  await service.open();
});
afterAll(() => service.close());

const list = asRequest({ request: 'list' });
const server = {
  kind: 'debugger',
  connection: 'tcp:Port=5005',
  user: 'ann',
  program: 'hawser',
  started: 1,
  reach: 'machine',
};

/** What it answers before it closes. */
async function said(...messages: readonly unknown[]): Promise<string> {
  const raw = new Raw(port);
  for (const message of messages) raw.say(message);
  await raw.closed;
  return raw.text;
}

describe('a directory and those who are no clients of it', () => {
  it.each([
    ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['no JSON', 'servers?\n'],
    ['other JSON', { hawser: 'hello', protocol: 1 }],
    ['no such request', asRequest({ request: 'secrets' })],
    ['a field too many', { ...list, more: 1 }],
    ['a line that does not end', 'x'.repeat(limits.registerBytes + 1)],
    ['an answer to nothing', asRequest({ request: 'alive', id: 1 })],
    [
      'a password',
      asRequest({ request: 'register', servers: [{ ...server, connection: 'tcp:Port=1,Password=abc' }] }),
    ],
    [
      'words that steer a terminal',
      asRequest({ request: 'register', servers: [{ ...server, user: '\x1b[2J' }] }),
    ],
    [
      'too many servers',
      asRequest({ request: 'register', servers: Array(limits.serversOfOwner + 1).fill(server) }),
    ],
  ])('says nothing to %s', async (_what, message) => {
    expect(await said(message)).toBe('');
  });

  it('says nothing before it is asked, and names both versions when they differ', async () => {
    const raw = new Raw(port);
    raw.say('{"hawser":"directory",');
    raw.say('"version":1,"request":"list"}');
    expect(raw.text).toBe('');
    raw.say('\n');
    expect(await raw.line()).toEqual({ hawser: 'servers', version: 1, servers: [] });
    expect(JSON.parse(await said({ hawser: 'directory', version: 7, request: 'glance' }))).toMatchObject({
      hawser: 'refused',
      version: 1,
      error: { code: 'VERSION_MISMATCH', data: { client: 7, server: 1 } },
    });
  });

  it('introduces to nothing that is not guarded', async () => {
    const owner = new Raw(port);
    owner.say(asRequest({ request: 'register', servers: [{ ...server, connection: 'npipe:Pipe=Plain' }] }));
    await owner.line();
    for (const pipe of ['Plain', 'None'])
      expect(await said(asRequest({ request: 'introduce', pipe }))).toContain('PIPE_NOT_INTRODUCED');
    owner.socket.destroy();
  });

  it('lives on whatever is sent', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .record({ hawser: fc.constant('directory'), version: fc.nat(3), request: fc.string() })
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 4 }), async (lines) => {
        const raw = new Raw(port);
        for (const each of lines) raw.say(`${each}\n`);
        raw.socket.end();
        await raw.closed;
        for (const line of raw.text.split('\n').filter(Boolean)) answer.parse(JSON.parse(line));
      }),
      { numRuns: 200 },
    );
    expect(JSON.parse(await said(list))).toMatchObject({ hawser: 'servers' });
  });

  it('reads what is valid as it is, and throws at nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => void [request.safeParse(value), answer.safeParse(value)]),
    );
    const printable = fc.stringMatching(/^[\p{L}\p{N} ._-]{0,60}$/u);
    const valid = fc.record({
      kind: fc.constantFrom('debugger', 'process', 'kd', 'remote'),
      connection: fc.constantFrom('tcp:Port=53:60', 'npipe:Pipe=a,Password=*'),
      user: printable,
      program: printable,
      started: fc.nat(),
      reach: fc.constantFrom('machine', 'network'),
    });
    fc.assert(
      fc.property(valid, (one) => {
        expect(registration.parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
      }),
    );
  });
});

describe('RateLimiter', () => {
  it('gives a burst, then what comes back in time, to each address', () => {
    let now = 0;
    const limiter = new RateLimiter(3, 2, () => now);
    const take = (address: string) => [1, 2, 3, 4].map(() => limiter.allows(address));
    expect(take('a')).toEqual([true, true, true, false]);
    expect(take('b')).toEqual([true, true, true, false]);
    now = 1_000;
    expect(take('a')).toEqual([true, true, false, false]);
  });
});
