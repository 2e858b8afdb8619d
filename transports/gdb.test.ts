import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { ptyPair } from './com/testing/pty-pair.ts';
import {
  formatConnectionString,
  parseConnectionString,
  premoteProtocols,
  problemOf,
  remoteProtocols,
} from './connection-string.ts';
import { type HawserError, toHawserError } from './errors/error.ts';
import { gdb } from './gdb.ts';
import { connect } from './registry.ts';
import type { Connection } from './transport.ts';

const client = (text: string) => parseConnectionString(text, { role: 'client', backslashes: 'strip' });
const never = new AbortController().signal;
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: HawserError) => error.code,
  );

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Where the error points, between « and »; and what it says. */
function refused(text: string, role: 'client' | 'server' = 'client'): [string, string] {
  try {
    parseConnectionString(text, { role, backslashes: 'strip' });
  } catch (error) {
    const problem = problemOf(toHawserError(error));
    if (!problem) throw error;
    const end = problem.offset + problem.length;
    return [
      `${text.slice(0, problem.offset)}«${text.slice(problem.offset, end)}»${text.slice(end)}`,
      problem.reason,
    ];
  }
  return ['accepted', ''];
}

describe('gdb: connection strings', () => {
  it.each([
    ['gdb:server=birch,port=1234', { server: 'birch', port: 1234 }, 'gdb:Port=1234,Server=birch'],
    ['GDB:Port=1234', { port: 1234 }, 'gdb:Port=1234'],
    [
      'gdb:server=[::1],port=1,threadEvents=true,ipversion=6',
      { server: '::1', port: 1, threadEvents: true, ipv6: true },
      'gdb:Port=1,Server=::1,IPVersion=6,ThreadEvents=true',
    ],
    ['gdb:port=1,ThreadEvents=FALSE', { port: 1, threadEvents: false }, 'gdb:Port=1,ThreadEvents=false'],
    [
      'gdb:port=/dev/ttyUSB0,baud=115200',
      { device: '/dev/ttyUSB0', baud: 115200 },
      'gdb:Port=/dev/ttyUSB0,Baud=115200',
    ],
    ['gdb:port=com2,baud=9600', { device: 'COM2', baud: 9600 }, 'gdb:Port=COM2,Baud=9600'],
  ])('%s', (text, parsed, written) => {
    expect(client(text)).toEqual({ protocol: 'gdb', role: 'client', ...parsed });
    expect(formatConnectionString(client(text))).toBe(written);
    expect(client(written)).toEqual(client(text));
  });

  it.each([
    'gdb:server=birch«»',
    'gdb:server=birch,port=«0»',
    'gdb:server=birch,port=«70000»',
    'gdb:port=«1:2»',
    'gdb:port=1,«baud=9600»',
    'gdb:port=com2«»',
    'gdb:port=com2,baud=9600,«server=birch»',
    'gdb:port=1,threadEvents=«yes»',
    'gdb:port=1,«password»=x',
    'gdb:«server=192.0.2.1»,port=1,ipversion=6',
  ])('point at what is wrong: %s', (marked) => {
    expect(refused(marked.replace(/[«»]/g, ''))[0]).toBe(marked);
  });

  it('are nothing to listen on', async () => {
    const [where, reason] = refused('gdb:port=1234', 'server');
    expect(where).toBe('«gdb»:port=1234');
    expect(reason).toMatch(/leads to a stub.*com, npipe, spipe, ssl, tcp/);
    expect(await code(gdb.listen(undefined as never, () => undefined))).toBe('LISTEN_FAILED');
  });

  it('are for -premote alone', () => {
    expect([...premoteProtocols].sort()).toEqual(['com', 'gdb', 'npipe', 'spipe', 'ssl', 'tcp']);
    expect([...remoteProtocols].sort()).toEqual(['com', 'npipe', 'spipe', 'ssl', 'tcp']);
  });
});

/** The stub's whole answer to a question that every one understands. */
function answer({ stream }: Connection): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (/\$.*#../s.test(text)) resolve(text);
    });
    stream.write('+$qSupported#37');
  });
}

function server(args: readonly string[]): Promise<[ChildProcess, string]> {
  const child = spawn('gdbserver', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  ends.push(() => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += String(chunk);
      if (/Listening on port|Remote debugging using/.test(text)) resolve([child, text]);
    });
  });
}

describe('the gdb transport', () => {
  it('reaches a gdbserver by tcp', async () => {
    const [, text] = await server(['--multi', 'localhost:0']);
    const port = /Listening on port (\d+)/.exec(text)?.[1];
    const connection = await connect(client(`gdb:server=localhost,port=${port}`), { signal: never });
    ends.push(() => connection.stream.destroy());
    expect(await answer(connection)).toMatch(/^\+\$PacketSize=/);
    expect(connection.peer).toMatch(/^gdb .*:\d+$/);
  });

  it('reaches a gdbserver by a serial line, as its only user', async () => {
    const { ends: lines, close } = await ptyPair();
    ends.push(close);
    const connection = await connect(client(`gdb:port=${lines[0]},baud=115200`), { signal: never });
    ends.push(() => connection.stream.destroy());
    // It takes the line only with somebody at the other end.
    await server(['--multi', String(lines[1])]);
    expect(await answer(connection)).toContain('PacketSize=');
    expect(await code(connect(client(`gdb:port=${lines[0]},baud=115200`), { signal: never }))).toBe(
      'COM_PORT_IN_USE',
    );
  });

  it('tells apart why there is none', async () => {
    const to = (text: string, signal = never) => code(connect(client(text), { signal }));
    expect(await to('gdb:server=127.0.0.1,port=1')).toBe('CONNECTION_REFUSED');
    expect(await to('gdb:server=no-such-host.invalid,port=1')).toBe('HOST_NOT_FOUND');
    expect(await to('gdb:port=/dev/hawser-none,baud=9600')).toBe('COM_PORT_NOT_FOUND');
    expect(await to('gdb:port=/dev/null,baud=9600')).toBe('COM_PORT_FAILED');
    expect(await to('gdb:port=/dev/hawser-none,baud=9600', AbortSignal.abort())).toBe('CANCELLED');
    expect(await to('gdb:server=127.0.0.1,port=1', AbortSignal.abort())).toBe('CANCELLED');
  });
});
