import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConnectionString } from './connection-string.ts';
import { expandPipeName } from './npipe/name.ts';
import { connect, listen } from './registry.ts';
import type { Connection, Listener } from './transport.ts';

const signal = new AbortController().signal;
const open: { close(): unknown }[] = [];
const before = process.env.XDG_RUNTIME_DIR;
let runtime = '';
let folder = '';

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'hawser-run-'));
  folder = join(runtime, 'hawser');
  process.env.XDG_RUNTIME_DIR = runtime;
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  if (before === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = before;
  rmSync(runtime, { recursive: true, force: true });
});

async function listening(text: string): Promise<Listener> {
  const target = parseConnectionString(text, { role: 'server', backslashes: 'refuse' });
  const listener = await listen(target, (connection) => {
    open.push({ close: () => connection.stream.destroy() });
  });
  open.push(listener);
  return listener;
}

async function reach(text: string): Promise<Connection> {
  const target = parseConnectionString(text, { role: 'client', backslashes: 'strip' });
  const connection = await connect(target, { signal });
  open.push({ close: () => connection.stream.destroy() });
  return connection;
}

/** Another process that listens on the path and dies without clearing up. */
async function deadSocket(path: string): Promise<void> {
  const program = "require('net').createServer().listen(process.argv[1], () => console.log('on'))";
  const child = spawn(process.execPath, ['-e', program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('npipe', () => {
  it('is a socket of its owner alone, in a folder of its owner alone, and gone when closed', async () => {
    const listener = await listening('npipe:pipe=MainPipe');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'mainpipe.1')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['mainpipe.1']);
    await listener.close();
    await listener.close();
    expect(readdirSync(folder)).toEqual([]);
    await expect(reach('npipe:pipe=MainPipe')).rejects.toMatchObject({ code: 'PIPE_NOT_FOUND' });
  });

  it.each(['localhost', '127.0.0.1', '::1', '\\\\localhost', hostname()])(
    'is reached by server=%s',
    async (name) => {
      await listening('npipe:pipe=MainPipe');
      expect((await reach(`npipe:server=${name},pipe=mainPIPE`)).peer).toBe('npipe mainPIPE');
    },
  );

  it('of another machine goes by way of that machine', async () => {
    await listening('npipe:pipe=MainPipe');
    await expect(reach('npipe:server=192.0.2.7,pipe=MainPipe')).rejects.toMatchObject({
      code: 'PIPE_ELSEWHERE',
      data: { server: '192.0.2.7', pipe: 'MainPipe' },
    });
    await expect(reach('npipe:server=no-such-host.invalid,pipe=MainPipe')).rejects.toMatchObject({
      code: 'HOST_NOT_FOUND',
    });
  });

  it('tells a name in use, also from a session without the folder of the login', async () => {
    await listening('npipe:pipe=MainPipe');
    await expect(listening('npipe:pipe=MAINPIPE')).rejects.toMatchObject({ code: 'PIPE_IN_USE' });
    delete process.env.XDG_RUNTIME_DIR;
    const name = `test-${process.pid}`;
    await listening(`npipe:pipe=${name}`);
    process.env.XDG_RUNTIME_DIR = runtime;
    await expect(listening(`npipe:pipe=${name}`)).rejects.toMatchObject({ code: 'PIPE_IN_USE' });
    await reach(`npipe:pipe=${name}`);
  });

  it('takes over from the dead, and one of several that try at once wins', async () => {
    mkdirSync(folder, { mode: 0o700 });
    await deadSocket(join(folder, 'mainpipe.1'));
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => listening('npipe:pipe=MainPipe')),
    );
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed).toHaveLength(7);
    for (const { reason } of failed) expect(reason).toMatchObject({ code: 'PIPE_IN_USE' });
    await reach('npipe:pipe=MainPipe');
    expect(readdirSync(folder)).toEqual(['mainpipe.2']);
  });

  it('does not use a folder that others may use, or that is none', async () => {
    mkdirSync(folder, { mode: 0o700 });
    chmodSync(folder, 0o755);
    await expect(listening('npipe:pipe=x')).rejects.toMatchObject({ code: 'PIPE_FOLDER_UNSAFE' });
    writeFileSync(join(folder, 'x.1'), '');
    await expect(reach('npipe:pipe=x')).rejects.toMatchObject({ code: 'PIPE_FOLDER_UNSAFE' });
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    await expect(listening('npipe:pipe=x')).rejects.toMatchObject({ code: 'PIPE_FOLDER_UNSAFE' });
  });

  it('does without a folder of the login that is gone', async () => {
    process.env.XDG_RUNTIME_DIR = join(runtime, 'gone');
    const name = `gone-${process.pid}`;
    await listening(`npipe:pipe=${name}`);
    await reach(`npipe:pipe=${name}`);
  });

  it('takes long and strange names', async () => {
    const name = `${'ä漢🙂:+'.repeat(20)}`;
    await listening(`npipe:pipe=${name}`);
    await reach(`npipe:pipe=${name}`);
    await expect(reach(`npipe:pipe=${name}x`)).rejects.toMatchObject({ code: 'PIPE_NOT_FOUND' });
  });

  it('keeps connections when the listener closes, and is cancelled', async () => {
    const listener = await listening('npipe:pipe=x');
    const { stream } = await reach('npipe:pipe=x');
    await listener.close();
    expect(stream.destroyed).toBe(false);
    const target = parseConnectionString('npipe:pipe=x', { role: 'client', backslashes: 'refuse' });
    await expect(connect(target, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('puts numbers in the place of %x and %d', async () => {
    const listener = await listening('npipe:pipe=Main%x_%d');
    expect(listener.bound).toMatchObject({ pipe: `Main${process.pid.toString(16)}_${process.pid}` });
    expect(expandPipeName('a%d-%x-%d', 255, 256)).toBe('a255-100-%d');
    expect(expandPipeName('%X', 255)).toBe('ff');
    expect(expandPipeName('100%')).toBe('100%');
  });

  it('is not taken for a server where something else owns the name', async () => {
    mkdirSync(folder, { mode: 0o700 });
    const other = createServer().listen(join(folder, 'x.7'));
    await once(other, 'listening');
    open.push(other);
    await expect(listening('npipe:pipe=x')).rejects.toMatchObject({ code: 'PIPE_IN_USE' });
  });
});
