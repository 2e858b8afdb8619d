import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { endVms, startVm, startVmIn, type Vm } from '../engine/kernel/wire/testing/vm.ts';
import { freePort } from '../engine/stub/testing/stubs.ts';
import { ptyPair } from '../transports/com/testing/pty-pair.ts';
import { privatePort } from '../transports/directory/testing/port.ts';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';
import { makeMachines, noMachines } from './testing/machines.ts';

const started: ConsoleProcess[] = [];
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) {
    each.kill();
    await each.exited();
  }
  await endVms();
  for (const end of ends.splice(0).reverse()) await end();
});

function run(
  args: readonly string[],
  env: Record<string, string> = {},
  before: readonly string[] = [],
): ConsoleProcess {
  const made = new ConsoleProcess(args, env, before);
  started.push(made);
  return made;
}

async function is(vm: Vm, wanted: 'running' | 'paused'): Promise<void> {
  while ((await vm.status()) !== wanted) await sleep(50);
}

/** Waits for the next stop. */
const stop = (kd: ConsoleProcess, from: number) => kd.see(/efl=[0-9a-f]+\n.*\n/, from);

describe('kd -k', () => {
  test.each(['gdb', 'com'])('runs a machine, breaks in, and leaves it running, by %s', async (kind) => {
    const port = await freePort();
    const cable = kind === 'com' ? await ptyPair() : null;
    if (cable) ends.push(() => cable.close());
    const vm = await (cable
      ? startVm('chardev:line', '-chardev', `serial,id=line,path=${cable.ends[1]}`)
      : startVm(`tcp:127.0.0.1:${port}`));
    const wire = cable ? `com:port=${cable.ends[0]},baud=115200` : `gdb:server=127.0.0.1,port=${port}`;
    const kd = run(['kd', '-k', wire]);
    await stop(kd, 0);
    await is(vm, 'paused');
    kd.type('g');
    await is(vm, 'running');
    const from = kd.stdout.length;
    kd.kill('SIGINT');
    await stop(kd, from);
    await is(vm, 'paused');
    kd.type('q');
    expect(await kd.exited()).toBe(0);
    await is(vm, 'running');
    // And goes on running.
    await sleep(300);
    expect(await vm.status()).toBe('running');
    // Broken into among many steps, and told to end as it runs: so it is left, too.
    const other = run(['kd', '-k', wire]);
    await stop(other, 0);
    const begun = other.stdout.length;
    other.type('t 100000');
    await sleep(300);
    other.kill('SIGINT');
    await stop(other, begun);
    other.type('g');
    await is(vm, 'running');
    other.kill('SIGTERM');
    expect(await other.exited()).toBe(0);
    await sleep(300);
    expect(await vm.status()).toBe('running');
  });

  test('meets a machine again that was started anew, breakpoints and all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hawser-kd-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const where = `unix:${join(folder, 'gdb')},server=on,wait=off`;
    const first = await startVm(where);
    const kd = run(['kd', '-k', `com:pipe,port=${join(folder, 'gdb')},resets=0,reconnect`]);
    await stop(kd, 0);
    kd.type('ba e1 0xfff0', 'bl');
    await kd.see(/0 e .*fff0/);
    await first.kill();
    await kd.see(/Waiting to reconnect\.\.\./);
    const from = kd.stdout.length;
    await startVm(where);
    await kd.see(/Connected to com:Pipe/, from);
    await stop(kd, from);
    const listed = kd.stdout.length;
    kd.type('bl', 'r rip');
    await kd.see(/0 e .*fff0/, listed);
    await kd.see(/rip=[0-9a-f]{16}/, listed);
  });

  test('KGDB on a serial line of a kernel that has it', (context) => {
    const configs = existsSync('/boot')
      ? readdirSync('/boot').filter((name) => name.startsWith('config-'))
      : [];
    const has = configs.some((name) =>
      /^CONFIG_KGDB_SERIAL_CONSOLE=y/m.test(readFileSync(`/boot/${name}`, 'utf8')),
    );
    return context.skip(
      has
        ? 'no run of a kernel with KGDB is set up yet; QEMU\u2019s stub stands for it on the serial line'
        : 'no kernel on this machine has KGDB (CONFIG_KGDB_SERIAL_CONSOLE)',
    );
  });
});

describe('kdsrv', () => {
  test('is listed, asks for its password, and ends by .endpsrv', async () => {
    const port = await freePort();
    const vm = await startVm(`tcp:127.0.0.1:${port}`);
    const env = { HAWSER_DIRECTORY_PORT: String(await privatePort()) };
    const server = run(['kdsrv', '-t', 'tcp:port=0,bind=127.0.0.1'], { ...env, HAWSER_PASSWORD: 'fathom' });
    const [, at] = await server.see(
      /-k kdsrv:server=@\{tcp:Port=(\d+),Server=localhost,Password=\*\},trans=@\{ConnectType\}/,
    );
    const { stdout } = await runConsole(['kd', '-QR', 'localhost'], [], env);
    expect(stdout).toContain(`Remote Kernel Debugger Server - tcp:Port=${at}`);
    const wire = `kdsrv:server=@{tcp:server=localhost,port=${at}},trans=@{gdb:server=localhost,port=${port}}`;
    const wrong = await runConsole(['kd', '-k', wire], [], { HAWSER_PASSWORD: 'wrong' });
    expect(wrong.stderr).toContain('0x80004005');
    const kd = run(['kd', '-k', wire], { HAWSER_PASSWORD: 'fathom' });
    await stop(kd, 0);
    const second = await runConsole(['kd', '-k', wire], [], { HAWSER_PASSWORD: 'fathom' });
    expect(second.stderr).toMatch(/is in use: .*\\.* \(tcp .*\) debugs a kernel through it/);
    kd.type('.endpsrv');
    expect(await server.exited()).toBe(0);
    await is(vm, 'running');
  });

  test('three machines: target and kdsrv, host, and a person elsewhere; each killed in turn', async (context) => {
    const none = noMachines();
    if (none) return context.skip(none);
    const { birch, rowan, remove } = makeMachines();
    ends.push(remove);
    const vm = await startVmIn(birch.inside, 'tcp:127.0.0.1:1234');
    const lend = () =>
      run(['kdsrv', '-t', 'tcp:port=6200,password=fathom', '-resume', '0'], {}, birch.inside);
    const server = lend();
    await server.see(/Server started/);
    const wire =
      'kdsrv:server=@{tcp:server=birch,port=6200,password=fathom},trans=@{gdb:server=localhost,port=1234}';
    const host = () => run(['kd', '-server', 'tcp:port=5005,password=anchor', '-k', wire], {}, rowan.inside);
    const first = host();
    await stop(first, 0);
    const join = () => run(['kd', '-remote', 'tcp:Port=5005,Server=rowan,Password=anchor'], {}, birch.inside);
    const person = join();
    await stop(person, 0);
    person.type('g');
    await is(vm, 'running');
    let from = person.stdout.length;
    person.kill('SIGINT');
    await stop(person, from);
    await is(vm, 'paused');
    // The person: the host goes on.
    person.kill();
    await person.exited();
    from = first.stdout.length;
    first.type('r rip');
    await first.see(/rip=[0-9a-f]{16}/, from);
    // The host: its kernel is let go.
    first.kill();
    await first.exited();
    await is(vm, 'running');
    // The server: the host says so, and stays.
    const second = host();
    await stop(second, 0);
    from = second.stdout.length;
    server.kill();
    await second.see(/lost|ended/i, from);
    second.type('.echo still here');
    await second.see(/^still here/m, from);
    // It is started again: the host meets it, and the kernel behind.
    from = second.stdout.length;
    const again = lend();
    await again.see(/Server started/);
    await second.see(/Kernel Debugger connection established/, from);
    await stop(second, from);
    await is(vm, 'paused');
    // The target.
    from = second.stdout.length;
    await vm.kill();
    await second.see(/closed the connection|reset the connection/, from);
  });
});
