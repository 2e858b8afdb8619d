import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConnectionString,
  caretLine,
  clientStringFor,
  formatConnectionString,
  formatListing,
  isUnguarded,
  notesOn,
  parseConnectionString,
  problemOf,
  type Role,
} from './connection-string.ts';
import { HawserError } from './errors/error.ts';
import { Secret } from './secret.ts';

const client = (text: string) => parseConnectionString(text, { role: 'client', backslashes: 'strip' });
const server = (text: string) => parseConnectionString(text, { role: 'server', backslashes: 'strip' });

function failure(text: string, role: Role, backslashes: 'strip' | 'refuse' = 'strip'): HawserError {
  try {
    parseConnectionString(text, { role, backslashes });
  } catch (error) {
    if (error instanceof HawserError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

/** Where the error points, as text: the string with the place between « and ». */
function pointed(text: string, role: Role, backslashes?: 'strip' | 'refuse'): string {
  const problem = problemOf(failure(text, role, backslashes));
  if (!problem) throw new Error('no place');
  const end = problem.offset + problem.length;
  return `${text.slice(0, problem.offset)}«${text.slice(problem.offset, end)}»${text.slice(end)}`;
}

describe('reading', () => {
  it('takes keywords in any case and order', () => {
    expect(client('TCP:PORT=5005,sErVeR=lnx7')).toEqual({
      protocol: 'tcp',
      role: 'client',
      server: 'lnx7',
      port: 5005,
    });
  });

  it('reads every parameter of a server', () => {
    const read = server('tcp:port=5000:5010,hidden,password=*,ipversion=6,IcfEnable,bind=::1');
    expect(read).toEqual({
      protocol: 'tcp',
      role: 'server',
      port: { low: 5000, high: 5010 },
      password: 'ask',
      hidden: true,
      ipv6: true,
      icfEnable: true,
      bind: '::1',
    });
    expect(notesOn(read)).toHaveLength(1);
    expect(notesOn(server('tcp:port=1'))).toEqual([]);
  });

  it.each(['::1', '[::1]'])('takes %s as an address', (host) => {
    expect(client(`tcp:server=${host},port=1`)).toMatchObject({ server: '::1' });
  });

  it('takes a pasted listing: this machine, the first port of two, a password to ask for', () => {
    expect(client('tcp:port=53:60,Password=*')).toEqual({
      protocol: 'tcp',
      role: 'client',
      port: 53,
      password: 'ask',
    });
  });

  it('drops backslashes or refuses them', () => {
    expect(client('tcp:server=\\\\lnx7,port=1')).toMatchObject({ server: 'lnx7' });
    expect(pointed('tcp:server=\\\\lnx7,port=1', 'client', 'refuse')).toBe('tcp:server=«\\\\lnx7»,port=1');
  });

  it.each([
    ['secret', 'secret'],
    ['a=b', 'a=b'],
    ['"a,b"', 'a,b'],
    ['"say ""hi"""', 'say "hi"'],
    ['"*"', '*'],
    ['"with blank"', 'with blank'],
  ])('reads the password %s', (typed, value) => {
    const { password } = client(`tcp:port=1,password=${typed}`);
    expect(password).toBeInstanceOf(Secret);
    expect((password as Secret).reveal()).toBe(value);
  });
});

describe('pointing at what is wrong', () => {
  it.each<[string, Role]>([
    ['«»', 'client'],
    ['«tcp»', 'client'],
    ['«tpc»:port=1', 'client'],
    ['tcp:server=h«»', 'client'],
    ['tcp:server=h«,»', 'client'],
    ['tcp:«,»server=h', 'client'],
    ['tcp:«sever»=h,port=1', 'client'],
    ['tcp:server=h,«port»', 'client'],
    ['tcp:server=h,«port»=', 'client'],
    ['tcp:server=h,port=«x»', 'client'],
    ['tcp:server=h,port=«0»', 'client'],
    ['tcp:port=«70000»', 'server'],
    ['tcp:port=«9:5»', 'server'],
    ['tcp:port=«1:2:3»', 'server'],
    ['tcp:port=1,«PORT»=2', 'server'],
    ['tcp:port=1,«hidden»', 'client'],
    ['tcp:port=1,«hidden»=yes', 'server'],
    ['tcp:port=1,«server»=h', 'server'],
    ['tcp:port=1,« hidden»', 'server'],
    ['tcp:port=1,ipversion=«4»', 'server'],
    ['tcp:port=1,«server=192.0.2.1»,ipversion=6', 'client'],
    ['tcp:ipversion=6,«bind=127.0.0.1»,port=1', 'server'],
    ['tcp:server=«h:5005»,port=1', 'client'],
    ['tcp:server=«a/b»,port=1', 'client'],
    ['tcp:port=1,password=«a b»', 'client'],
    ['tcp:port=1,password=«"a»', 'client'],
    ['tcp:port=1,password=«""»', 'client'],
    ['tcp:port=1,password="a"«b»', 'client'],
    ['tcp:clicon=h,port=1,«hidden»', 'server'],
    ['tcp:clicon=h,port=1,«IcfEnable»', 'server'],
    ['tcp:clicon=h,«bind=127.0.0.1»,port=1', 'server'],
    ['tcp:clicon=h,«port=1:5»', 'server'],
    ['tcp:clicon=h,«port=0»', 'server'],
    ['tcp:«clicon=192.0.2.1»,port=1,ipversion=6', 'client'],
    ['ssl:proto=«ssl3»,certuser=c,server=h,port=1', 'client'],
    ['ssl:proto=«pct1»,certuser=c,port=1', 'server'],
    ['ssl:proto=«tls2»,certuser=c,port=1', 'server'],
    ['ssl:certuser=c,server=h,port=1«»', 'client'],
    ['ssl:proto=tls1,server=h,port=1«»', 'client'],
    ['ssl:proto=tls1,certuser=c,«machuser=d»,server=h,port=1', 'client'],
    ['ssl:proto=tls1,certuser=c,«icfenable»,port=1', 'server'],
    ['ssl:proto=tls1,certuser=c,clicon=h,«port=1:2»', 'server'],
    ['spipe:proto=tls1,certuser=c,server=h«»', 'client'],
    ['spipe:proto=tls1,certuser=«"a""b"»,pipe=p', 'server'],
    ['npipe:server=h«»', 'client'],
    ['npipe:pipe=«a b»', 'server'],
    ['npipe:pipe=«a"b»', 'server'],
    ['npipe:pipe=«\\\\h\\pipe\\x»', 'client'],
    ['npipe:pipe=x,«port»=5005', 'server'],
    ['npipe:pipe=x,«clicon»=h', 'server'],
    ['tcp:server=a,«clicon=h»,port=1', 'client'],
    ['«kdsrv»:server=h,pipe=p', 'client'],
  ])('%s', (marked, role) => {
    expect(pointed(marked.replace(/[«»]/g, ''), role)).toBe(marked);
  });

  it('tells a protocol without a transport from no protocol', () => {
    const error = failure('snapshot:pid=1', 'client');
    expect(error).toMatchObject({ code: 'UNSUPPORTED_PROTOCOL', data: { protocol: 'snapshot' } });
    expect(error.data.supported).toEqual(expect.arrayContaining(['npipe', 'tcp']));
    expect(failure('nope:pipe=x', 'server').code).toBe('BAD_CONNECTION_STRING');
  });

  it('suggests the keyword that was meant', () => {
    expect(failure('tcp:prot=1', 'server').message).toContain('did you mean port?');
    expect(failure('tcp:pass=1', 'server').message).toContain('did you mean password?');
  });

  it('draws a caret under the word', () => {
    const text = 'tcp:sever=h';
    const problem = problemOf(failure(text, 'client'));
    expect(problem && caretLine(problem)).toBe('    ^~~~~');
  });

  it.each([
    'my secret',
    'mysecret"',
    `${'x'.repeat(129)}`,
    'a\u0007mysecret',
    '"mysecret',
    '"a"mysecret',
    'my,secret',
  ])('never repeats the password %j', (typed) => {
    const error = failure(`tcp:port=1,password=${typed}`, 'server');
    expect(JSON.stringify(error.toWire())).not.toMatch(/secret|xx/);
  });
});

describe('writing', () => {
  it("has WinDbg's form", () => {
    expect(formatConnectionString(client('tcp:password=x,server=HOST,port=5005'))).toBe(
      'tcp:Port=5005,Server=HOST,Password=*',
    );
    expect(formatListing(server('tcp:hidden,port=53:60,bind=127.0.0.1,password=x'))).toBe(
      'tcp:Port=53:60,Password=*',
    );
  });

  it('says how a client reaches a server', () => {
    const line = (text: string) => formatConnectionString(clientStringFor(server(text), 'lnx7'));
    expect(line('tcp:port=5005:5010')).toBe('tcp:Port=5005,Server=lnx7');
    expect(line('tcp:port=5005,bind=127.0.0.1')).toBe('tcp:Port=5005,Server=localhost');
    expect(line('tcp:port=5005,bind=192.0.2.5')).toBe('tcp:Port=5005,Server=192.0.2.5');
    expect(line('tcp:port=5005,bind=::')).toBe('tcp:Port=5005,Server=lnx7');
    expect(line('tcp:port=5005,clicon=lnx3')).toBe('tcp:Port=5005,CliCon=lnx7');
    expect(line('ssl:machuser=AA BB,proto=tls1.3,port=1:9,bind=::1')).toBe(
      'ssl:Proto=tls1.3,MachUser=AA BB,Port=1,Server=localhost',
    );
    expect(formatListing(server('spipe:proto=TLS1,certuser="a,b",pipe=p,hidden,password=x'))).toBe(
      'spipe:Proto=tls1,CertUser="a,b",Pipe=p,Password=*',
    );
    expect(line('npipe:pipe=MainPipe,hidden,password=x')).toBe('npipe:Pipe=MainPipe,Server=lnx7,Password=*');
  });

  it.each([
    ['tcp:port=5005', true],
    ['tcp:port=5005,password=x', false],
    ['tcp:port=5005,bind=::1', false],
    ['tcp:port=5005,clicon=lnx3', false],
    ['npipe:pipe=x', false],
    ['ssl:proto=tls1,certuser=c,port=5005', false],
    ['spipe:proto=tls1,certuser=c,pipe=x', false],
  ])('whether anybody on the network can use %s: %s', (text, unguarded) => {
    expect(isUnguarded(server(text))).toBe(unguarded);
  });
});

describe('properties', () => {
  const portNumber = fc.integer({ min: 1, max: 65535 });
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
  const secret = fc
    .string({ unit: fc.constantFrom(...'aZ9,"\'* =:[]\\ä漢🙂'), minLength: 1, maxLength: 40 })
    .map((text) => new Secret(text));
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const flag = optional(fc.constant(true));
  const viewer = optional(fc.constant('viewer'));
  const isV4 = (value: unknown) => typeof value === 'string' && /^[\d.]+$/.test(value);
  /** Without what is undefined, and without what does not go together. */
  const fitting = (protocol: string, role: Role, value: Record<string, unknown>) => {
    const given = Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined));
    const without = (...keys: string[]) => {
      for (const key of keys) delete given[key];
    };
    if (given.clicon) without('server', 'bind', 'hidden', 'icfEnable');
    else without('lastPort');
    if (isV4(given.server ?? given.clicon ?? given.bind)) without('ipv6');
    if (role === 'client' && Number(given.lastPort) <= Number(given.port)) without('lastPort');
    const { low } = (given.port ?? {}) as { low?: number };
    if (role === 'server' && given.clicon) given.port = { low, high: low };
    return { ...given, protocol, role } as unknown as ConnectionString;
  };
  const common = { password: optional(fc.oneof(secret, fc.constant('ask'))) };
  const socket = { ...common, clicon: optional(host), ipv6: flag };
  const socketClient = {
    ...socket,
    server: optional(host),
    port: portNumber,
    lastPort: optional(portNumber),
  };
  const socketServer = {
    ...socket,
    port: fc.tuple(portNumber, portNumber).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) })),
    bind: optional(host),
    hidden: flag,
    grants: viewer,
  };
  const pipe = fc.string({ unit: fc.constantFrom(...'aZ9%-_.:+~ä漢🙂'), minLength: 1, maxLength: 40 });
  const pipeClient = { ...common, server: optional(host), pipe };
  const pipeServer = { ...common, pipe, hidden: flag, grants: viewer };
  const certificate = {
    proto: fc.constantFrom('tls1', 'tls1.2', 'tls1.3'),
    store: fc.constantFrom('user', 'machine'),
    certificate: fc
      .string({ unit: fc.constantFrom(...'aZ9 ,=:.ä漢'), minLength: 1, maxLength: 40 })
      .filter((name) => name.trim() === name),
  };
  const made = (protocol: string, role: Role, model: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record(model).map((value) => fitting(protocol, role, value));
  const every = [
    made('tcp', 'client', socketClient),
    made('tcp', 'server', { ...socketServer, icfEnable: flag }),
    made('ssl', 'client', { ...socketClient, ...certificate }),
    made('ssl', 'server', { ...socketServer, ...certificate }),
    made('spipe', 'client', { ...pipeClient, ...certificate }),
    made('spipe', 'server', { ...pipeServer, ...certificate }),
    made('npipe', 'client', pipeClient),
    made('npipe', 'server', { ...pipeServer, icfEnable: flag }),
  ];
  const plain = (value: ConnectionString) => ({
    ...value,
    password: value.password instanceof Secret ? { is: value.password.reveal() } : value.password,
  });

  it('parse after format is identity', () => {
    fc.assert(
      fc.property(fc.oneof(...every), (value) => {
        const text = formatConnectionString(value, { password: 'reveal' });
        const back = parseConnectionString(text, { role: value.role, backslashes: 'refuse' });
        expect(plain(back)).toEqual(plain(value));
        expect(formatConnectionString(back, { password: 'reveal' })).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('any input is read or refused with a place inside it', () => {
    const words = fc.constantFrom(
      'tcp:',
      'npipe:',
      'ssl:',
      'spipe:',
      'com:',
      'pipe=',
      'clicon=',
      'proto=',
      'certuser=',
      'port=',
      'server=',
      'password=',
      '"',
      ',',
      '=',
      '\\',
      '1',
      ':',
      ' ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(words, fc.string({ maxLength: 4 }))).map((parts) => parts.join('')),
      fc
        .tuple(fc.constantFrom('tcp', 'npipe', 'ssl', 'spipe', 'com'), fc.array(words))
        .map(([protocol, parts]) => `${protocol}:${parts.join('')}`),
    );
    fc.assert(
      fc.property(text, fc.constantFrom<Role>('client', 'server'), (typed, role) => {
        try {
          parseConnectionString(typed, { role, backslashes: 'strip' });
        } catch (error) {
          const problem = error instanceof HawserError ? problemOf(error) : null;
          if (!problem) throw error;
          expect(problem.offset).toBeGreaterThanOrEqual(0);
          expect(problem.offset + problem.length).toBeLessThanOrEqual(typed.length);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
