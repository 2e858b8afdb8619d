import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compile } from '../engine/gdb/testing/programs.ts';
import { privatePort } from '../transports/directory/testing/port.ts';
import { ConsoleProcess } from './testing/console-process.ts';
import { type Machine, type Machines, makeMachines, noMachines } from './testing/machines.ts';

const impossible = noMachines();
let machines: Machines;
let env: Record<string, string> = {};
const running: ConsoleProcess[] = [];

beforeAll(() => {
  if (impossible === null) machines = makeMachines();
});
afterAll(() => machines?.remove());
beforeEach(async (context) => {
  if (impossible !== null) context.skip(impossible);
  env = { HAWSER_DIRECTORY_PORT: String(await privatePort()) };
});
afterEach(async () => {
  for (const each of running.splice(0)) {
    each.kill('SIGKILL');
    await each.exited();
  }
});

function start(machine: Machine, args: readonly string[]): ConsoleProcess {
  const process = new ConsoleProcess(args, env, machine.inside);
  running.push(process);
  return process;
}

const cable = (machine: Machine, state: 'up' | 'down') =>
  execFileSync('ip', ['-n', machine.name, 'link', 'set', 'eth0', state]);

/** Longer than the 15 seconds after which a silent peer counts as dead. */
const CUT_SECONDS = process.env.HAWSER_FULL ? 30 : 18;
const LINES = 90_000;

const talker = () =>
  compile(
    'talker.c',
    `#include <stdio.h>
#include <unistd.h>
int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  for (int i = 1; i <= ${LINES}; i++) { printf("line %d of many\\n", i); if (i % 10 == 0) usleep(5000); }
  return 0;
}
`,
  ).path;

describe('a cable between two machines', () => {
  it(`is unplugged for ${CUT_SECONDS} s in the middle of output, and nothing is lost`, async () => {
    const { birch, rowan } = machines;
    const server = start(birch, ['cdb', '-server', 'tcp:port=5100,password=abc', talker()]);
    await server.see(/Break instruction exception/);
    const client = start(rowan, ['cdb', '-remote', 'tcp:server=birch,port=5100,password=abc']);
    await client.see(/Break instruction exception/);
    client.type('g');
    await client.see(/line 5000 of/);
    cable(birch, 'down');
    await sleep(CUT_SECONDS * 1000);
    cable(birch, 'up');
    await client.see(/Exit process/);
    const lines = [...client.stdout.matchAll(/^line (\d+) of many/gm)].map((match) => Number(match[1]));
    expect(lines).toEqual(Array.from({ length: LINES }, (_, index) => index + 1));
    client.type('.clients');
    await client.see(/\[1 owner, local\]\n.*\[2 controller, tcp 192\.0\.2\.2:\d+\]/);
    expect(client.stderr).toMatch(/The link was lost: .* Trying again/);
    expect(client.stderr).toMatch(/The link is back; nothing was lost\./);
  }, 120_000);
});

/** Why there can be no firewall here; null: there can. */
function noFirewall(): string | null {
  try {
    execFileSync('ip', ['netns', 'exec', machines.birch.name, 'nft', 'list', 'ruleset'], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `nft does not work here: ${(error as Error).message.split('\n')[0]}`;
  }
}

describe('a firewall that lets nobody in', () => {
  it('is passed by a server that calls its client', async (context) => {
    const reason = noFirewall();
    if (reason !== null) context.skip(reason);
    const { birch, rowan } = machines;
    const rules = [
      'add table inet hawser',
      'add chain inet hawser input { type filter hook input priority 0 ; }',
      'add rule inet hawser input iifname eth0 ct state new drop',
    ];
    const nft = (rule: string) => execFileSync('ip', ['netns', 'exec', birch.name, 'nft', rule]);
    for (const rule of rules) nft(rule);
    try {
      const plain = start(birch, ['cdb', '-server', 'tcp:port=5300,password=abc', talker()]);
      await plain.see(/Break instruction exception/);
      const outside = start(rowan, ['cdb', '-remote', 'tcp:server=birch,port=5300,password=abc']);
      expect(await outside.exited()).toBe(1);
      expect(outside.stderr).toMatch(/did not answer|timed out|no answer/i);

      const client = start(rowan, ['cdb', '-remote', 'tcp:clicon=birch,port=5310:5320,password=abc']);
      const server = start(birch, ['cdb', '-server', 'tcp:port=5310,clicon=rowan,password=abc', talker()]);
      await server.see(/Break instruction exception/);
      await client.see(/Break instruction exception/);
      client.type('.echo in by the other way');
      await server.see(/in by the other way/);
      const listed = start(birch, ['cdb', '-QR', 'localhost']);
      expect(await listed.exited()).toBe(0);
      expect(listed.stdout).not.toMatch(/5310/);
    } finally {
      nft('delete table inet hawser');
    }
  }, 90_000);
});

describe('a link', () => {
  it('lets nothing through in one direction: both ends notice, and nothing is lost', async (context) => {
    if (!process.env.HAWSER_FULL) context.skip('a silent peer is waited for: npm run test:full');
    const reason = noFirewall();
    if (reason !== null) context.skip(reason);
    const { birch, rowan } = machines;
    const server = start(birch, ['cdb', '-server', 'tcp:port=5400,password=abc', talker()]);
    await server.see(/Break instruction exception/);
    const client = start(rowan, ['cdb', '-remote', 'tcp:server=birch,port=5400,password=abc']);
    await client.see(/Break instruction exception/);
    const nft = (rule: string) => execFileSync('ip', ['netns', 'exec', birch.name, 'nft', rule]);
    nft('add table inet oneway');
    // What the client sends does not arrive; what the server sends would.
    nft('add chain inet oneway input { type filter hook input priority 0 ; policy drop ; }');
    try {
      client.type('.echo on its way');
      await expect
        .poll(() => client.stderr, { timeout: 100_000 })
        .toMatch(/The link was lost: .* Trying again/);
    } finally {
      nft('delete table inet oneway');
    }
    await client.see(/^on its way$/m);
    expect(client.stdout.match(/^on its way$/gm)?.length).toBe(1);
    expect(client.stderr).toMatch(/The link is back; nothing was lost\./);
  }, 180_000);
});

describe('a name server', () => {
  it('that does not answer: given up at once by Ctrl+C, and told when it is waited for', async () => {
    const { rowan } = machines;
    // An address of the cable that nobody has.
    writeFileSync(
      `/etc/netns/${rowan.name}/resolv.conf`,
      'nameserver 192.0.2.9\noptions timeout:30 attempts:1\n',
    );
    const connect = () => start(rowan, ['cdb', '-remote', 'tcp:server=far.example,port=5400']);
    const given = connect();
    await expect.poll(() => asksForNames(given)).toBe(true);
    given.kill('SIGINT');
    const cancelled = given.exited();
    const waited = connect();
    await expect.poll(() => given.stderr, { timeout: 60_000 }).toContain('Cancelled.');
    // The one that waited has not been told anything by then: giving up did not wait for the name server.
    expect(waited.stderr).toBe('');
    // Its process ends with the system's own question, which nothing can take back.
    expect(await cancelled).toBe(1);
    expect(await waited.exited()).toBe(1);
    expect(waited.stderr).toMatch(/far\.example/);
    expect(waited.stderr).toMatch(/\.\n.*\.\n$/);
  }, 120_000);
});

/** Whether a process has a datagram socket, as who asks a name server has. */
function asksForNames({ child }: ConsoleProcess): boolean {
  const udp = new Set(
    readFileSync(`/proc/${child.pid}/net/udp`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => `socket:[${line.trim().split(/\s+/)[9]}]`),
  );
  return readdirSync(`/proc/${child.pid}/fd`).some((fd) => {
    try {
      return udp.has(readlinkSync(`/proc/${child.pid}/fd/${fd}`));
    } catch {
      return false;
    }
  });
}
