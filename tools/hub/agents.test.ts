import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFragment } from '../../hub/client/links.ts';
import { runConsole } from '../testing/console-process.ts';
import { alive, Hosting, ownFolders } from '../testing/hosting.ts';

let folders: Awaited<ReturnType<typeof ownFolders>>;
const made: { close(): unknown }[] = [];
beforeEach(async () => {
  folders = await ownFolders();
});
afterEach(async () => {
  for (const each of made.splice(0)) await each.close();
  await folders.remove();
});

/** A debugger for tests of what lies behind it: any console program will do. */
function script(text: string): string {
  const path = join(folders.folder, 'debugger');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function host(...args: Parameters<typeof Hosting.start>): Promise<Hosting> {
  const hosting = await Hosting.start(...args);
  made.push(hosting);
  return hosting;
}

/** Echoes what is typed, in a way of its own. */
const echo = 'stty -echo; echo ready; while read -r line; do echo "got $line"; done';
/** In every run less of it, in the whole one more: it is the same that is seen. */
const scale = process.env.HAWSER_FULL ? 4 : 1;
const sha = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

describe('an agent', () => {
  it('outlives the program that started it, however that ends', async () => {
    const debuggerPath = script(echo);
    const hosting = await host(debuggerPath, '');
    await hosting.see(/ready/);
    // Another one, from a process of its own that is killed as soon as the session runs.
    const starter = spawn(
      process.execPath,
      [
        '-e',
        `
        const [run, hand] = [${JSON.stringify(join(import.meta.dirname, '../run.mjs'))}, process.env.HAND];
        const child = require('node:child_process').spawn(process.execPath, [run, 'hosted-agent'], { detached: true, stdio: 'pipe' });
        child.stdin.end(hand);
        child.stdout.on('data', (text) => { console.log(String(text)); setInterval(() => {}, 1000); });
        `,
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, HAND: JSON.stringify(handOver(hosting, debuggerPath)) },
      },
    );
    const told = await new Promise<string>((resolve) =>
      starter.stdout.once('data', (text) => resolve(String(text))),
    );
    const { pid } = JSON.parse(told) as { pid: number };
    starter.kill('SIGKILL');
    await new Promise((resolve) => starter.once('exit', resolve));
    await expect.poll(async () => (await runConsole(['hub', 'agents'])).stdout).toMatch(`${pid}`);
    expect(alive(pid)).toBe(true);
    process.kill(pid, 'SIGTERM');
    await expect.poll(() => alive(pid), { timeout: 60_000 }).toBe(false);
  });

  it('is listed, and stopped, by the console tool', async () => {
    const hosting = await host(script(echo), 'one "two three"');
    await hosting.see(/ready/);
    const { stdout } = await runConsole(['hub', 'agents']);
    expect(stdout).toContain(hosting.hosted.session.id);
    expect(stdout).toMatch(/connected\) {2}running {2}.*debugger one two three/);
    expect((await runConsole(['hub', 'stop', 'nobody'])).stderr).toContain('hawser hub agents lists them');
    const stopped = await runConsole(['hub', 'stop', hosting.hosted.session.id]);
    expect(stopped.stdout).toMatch(/^Stopped /);
    expect(await hosting.ended()).toEqual({ by: 'agent', detail: 'stop' });
    expect((await runConsole(['hub', 'agents'])).stdout).not.toContain(hosting.hosted.session.id);
  });

  it('shows no secret to who looks at processes', async () => {
    const hosting = await host(script(echo), '');
    const { fragment, token } = handOver(hosting, '');
    for (const pid of [hosting.hosted.pid, (await hosting.agent())?.debugger ?? 0]) {
      for (const file of ['cmdline', 'environ']) {
        const text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
        for (const secret of [fragment, token]) expect(text).not.toContain(secret);
      }
    }
  });

  it('loses no byte while the hub comes and goes', async () => {
    const lines = 15_000 * scale;
    const flood = `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "line $i of what was printed"; done; read -r end`;
    const hosting = await host(script(flood), '');
    hosting.hub.cutAnswers = 5;
    for (let round = 0; round < 4; round++) {
      await new Promise((later) => setTimeout(later, 300));
      hosting.hub.goAway();
      await new Promise((later) => setTimeout(later, 400));
      hosting.hub.comeBack();
    }
    await hosting.see(new RegExp(`line ${lines} of what was printed\n$`));
    await hosting.type('end');
    expect(await hosting.ended()).toEqual({ by: 'debugger', detail: 'exit status 0' });
    const wanted = Array.from({ length: lines }, (_, at) => `line ${at + 1} of what was printed\n`).join('');
    expect(sha(hosting.text.replace(/end\n$/, ''))).toBe(sha(wanted));
    expect(hosting.failures).toEqual([]);
  });

  it('delivers what a debugger said before it ended to a hub that was away then', async () => {
    const hosting = await host(script('read -r line; echo "the last words"; exit 7'), '');
    await expect.poll(() => hosting.entries.length).toBeGreaterThan(0);
    await hosting.type('go');
    hosting.hub.goAway();
    await expect.poll(async () => (await hosting.agent())?.state, { timeout: 30_000 }).toBe('delivering');
    hosting.hub.comeBack();
    expect(await hosting.ended()).toEqual({ by: 'debugger', detail: 'exit status 7' });
    expect(hosting.text).toContain('the last words');
  });

  it('can be told not to wait for a hub that is away', async () => {
    const hosting = await host(script(echo), '');
    await hosting.see(/ready/);
    hosting.hub.goAway();
    const { status } = await runConsole(['hub', 'stop', hosting.hosted.session.id, '-now']);
    expect(status).toBe(0);
    await expect.poll(() => alive(hosting.hosted.pid)).toBe(false);
  });

  it('makes the debugger wait when more waits than may, and goes on where it was', async () => {
    const megabytes = 2 * scale;
    const bytes = megabytes << 20;
    const path = script(
      `echo ready; read -r go; head -c ${bytes} /dev/zero | tr '\\0' x; echo; echo done; read -r end`,
    );
    const hosting = await host(path, '', { spool: scale << 19 });
    await hosting.see(/ready/);
    await hosting.type('go');
    hosting.hub.goAway();
    const waiting = async () => (await hosting.agent())?.waiting.bytes ?? 0;
    await expect.poll(waiting, { timeout: 60_000 }).toBeGreaterThan(scale << 19);
    await new Promise((later) => setTimeout(later, 500));
    const held = await waiting();
    await new Promise((later) => setTimeout(later, 500));
    expect(await waiting()).toBe(held);
    // What the terminal had in hand, at most, on top of it.
    expect(held).toBeLessThan((scale << 19) + (1 << 20));
    hosting.hub.comeBack();
    await hosting.see(/\ndone\n$/);
    expect(hosting.text.split('x').length - 1).toBe(bytes);
    await hosting.type('end');
    expect(await hosting.ended()).toEqual({ by: 'debugger', detail: 'exit status 0' });
  });

  it('spools to disk, and clears it away', async () => {
    const path = script(
      `echo ready; read -r go; head -c ${6_000_000 * scale} /dev/urandom | base64; echo; echo done; read -r end`,
    );
    const hosting = await host(path, '');
    await hosting.see(/ready/);
    await hosting.type('go');
    hosting.hub.goAway();
    const waiting = async () => (await hosting.agent())?.waiting.bytes ?? 0;
    await expect.poll(waiting, { timeout: 90_000 }).toBeGreaterThan((12 << 20) * scale);
    const base = join(folders.folder, 'hawser/hosted');
    const onDisk = () =>
      readdirSync(base, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.events'))
        .map((name) => statSync(join(base, name)));
    await expect
      .poll(() => onDisk().reduce((sum, { size }) => sum + size, 0))
      .toBeGreaterThan((6 << 20) * scale);
    for (const { mode } of onDisk()) expect(mode & 0o077).toBe(0);
    hosting.hub.comeBack();
    await hosting.see(/\ndone\n$/);
    await hosting.type('end');
    await hosting.ended();
    expect(onDisk()).toEqual([]);
  });

  it('takes no order that the host did not give', async () => {
    const hosting = await host(script(echo), '');
    await hosting.see(/ready/);
    await expect(hosting.hub.order('bm90IGFuIG9yZGVy')).rejects.toThrow(/not of the host/);
    await hosting.type('hello');
    await hosting.see(/got hello/);
    expect(hosting.commands).toEqual(['hello']);
  });

  it('ends, and says why, when the hub keeps no more of its history', async () => {
    const hosting = await host(script(echo), '');
    await hosting.see(/ready/);
    hosting.hub.room = hosting.hub.history.length;
    await hosting.type('one more');
    expect(await hosting.ended()).toEqual({ by: 'agent', detail: 'HISTORY_FULL' });
  });

  it('ends when the hub does not know its session any more', async () => {
    const hosting = await host(script(echo), '');
    await hosting.see(/ready/);
    hosting.hub.refuseTokens = 'SESSION_NOT_FOUND';
    hosting.hub.cut();
    await expect.poll(() => alive(hosting.hosted.pid), { timeout: 60_000 }).toBe(false);
  });
});

function handOver(hosting: Hosting, file: string) {
  return {
    hub: hosting.hub.address,
    fingerprint: hosting.hub.fingerprint,
    token: 'agent-token',
    session: 'another-session',
    name: 'Another',
    fragment: makeFragment(hosting.hosted.keys),
    program: 'test',
    debugger: { kind: 'other', file, args: [], env: {}, remote: false, shown: 'debugger' },
    folder: '/',
    spool: 1 << 30,
  };
}
