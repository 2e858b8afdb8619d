import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ConsoleProcess, runConsole } from './testing/console-process.ts';
import { crasher, flood, ticker } from './testing/programs.ts';

const running: ConsoleProcess[] = [];
function start(args: readonly string[], env: Record<string, string> = {}): ConsoleProcess {
  const process = new ConsoleProcess(args, env);
  running.push(process);
  return process;
}
afterEach(async () => {
  for (const process of running.splice(0)) {
    process.kill('SIGTERM');
    await process.exited();
  }
});

/** A server on a free port of loopback. @returns it and what a client gives after -remote */
async function serve(target: readonly string[], options = '', env: Record<string, string> = {}) {
  const server = start(['cdb', '-server', `tcp:port=5200:5399,bind=127.0.0.1${options}`, ...target], env);
  const [, listed] = await server.see(/^0: <debugger> -remote (\S+)$/m);
  await server.see(/Break instruction exception/);
  const port = /Port=(\d+)/.exec(listed ?? '')?.[1] ?? '';
  return { server, listed, port, remote: `tcp:server=localhost,port=${port}` };
}

describe('hawser cdb on its own', () => {
  it('runs commands from a pipe, each when the one before has finished', async () => {
    const { status, stdout, stderr } = await runConsole(
      ['cdb', flood(), '2'],
      ['bp flood!main', 'g', 'k', 'g', '? 2+3'],
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/Breakpoint 0 hit/);
    expect(stdout).toMatch(/flood!main/);
    expect(stdout).toMatch(/line 2 of the program's own output/);
    expect(stdout).toMatch(/Evaluate expression: 5 = 00000000`00000005/);
    expect(stdout.indexOf('Breakpoint 0 hit')).toBeLessThan(stdout.indexOf('line 1 of'));
    expect(status).toBe(0);
  });

  it('runs a script first, then the commands of its line, by the evaluator that is asked for', async () => {
    const script = fileURLToPath(new URL('testing/first.txt', import.meta.url));
    const { stdout } = await runConsole(
      ['cdb', '-c', '.echo then this; ? 10', '-cf', script, '-ee', 'c++', flood(), '2'],
      [],
    );
    expect(stdout).toMatch(/first a script\n[\s\S]*then this\nEvaluate expression: 10 = 00000000`0000000a\n/);
  });

  it('gives the program its arguments, and its input', async () => {
    const console = start(['cdb', ticker(), 'a b', '*']);
    await console.see(/Break instruction exception/);
    console.type('g');
    await console.see(/ticker starts with 2 arguments/);
    console.kill('SIGINT');
    await console.see(/0:000> $|Break|ntr/m, console.stdout.indexOf('2 arguments'));
    console.type('q');
    expect(await console.exited()).toBe(0);
  });

  it.each([
    [['cdb'], /Nothing to debug/],
    [['cdb', '-nosuch', 'x'], /Unknown option '-nosuch'/],
    [['cdb', '-ee', 'basic', 'x'], /is masm or c\+\+/],
    [['cdb', '-p', 'abc'], /-p takes a decimal number/],
    [['cdb', '-remote', 'tcp:server=x,port=1', './program'], /With -remote the target/],
    [['cdb', '-noio', './program'], /-noio goes with -server/],
    [['cdb', '-k', 'com:'], /Unknown option '-k'/],
    [['kd'], /name the wire with -k/],
    [['kd', '-k', 'net:port=50000,key=1.2.3.4'], /nearest form is gdb:server=HOST,port=PORT/],
    [['kd', '-k', 'com:port=x'], /no serial port[\s\S]*\^/],
    [['kd', '-kl'], /own running kernel/],
    [['kd', '-kx', 'exdi:CLSID={1}'], /-k gdb:server=HOST/],
    [['kd', '-remote', 'tcp:server=h,port=1', '-k', 'com:'], /Give one of -remote/],
    [['kdsrv'], /Give -t/],
    [['nosuch'], /no tool 'nosuch'/],
  ])('refuses %j with status 2', async (args, message) => {
    const { status, stderr } = await runConsole(args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it('tells why a program cannot be opened, with status 1', async () => {
    const { status, stderr } = await runConsole(['cdb', '/nonexistent/program']);
    expect(stderr).toMatch(/nonexistent/);
    expect(status).toBe(1);
  });
});

describe('hawser cdb -server and -remote', () => {
  it('answers the two documented lines, and a client drives the session', async () => {
    const { listed, remote } = await serve([ticker()]);
    expect(listed).toMatch(/^tcp:Port=\d+,Server=localhost$/);
    const { status, stdout, stderr } = await runConsole(
      ['cdb', '-remote', remote],
      ['bp ticker!tick', 'g', 'k', '.clients'],
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/Breakpoint 0 hit/);
    expect(stdout).toMatch(/ticker!main/);
    expect(stdout).toMatch(/, last active \w{3} \w{3} \d+ \d\d:\d\d:\d\d \d{4}/);
    expect(status).toBe(0);
  });

  it('shows every command to all with who gave it, joins and leaves, and history to the late', async () => {
    const { server, remote } = await serve([ticker()]);
    const first = start(['cdb', '-remote', remote]);
    await first.see(/Break instruction exception/);
    first.type('.echo from the first');
    await first.see(/^from the first$/m);
    const late = start(['cdb', '-remote', remote]);
    await late.see(/^from the first$/m);
    expect(late.stdout).toMatch(/^0:000> \[.+\\.+ \(tcp 127\.0\.0\.1:\d+\)\] \.echo from the first$/m);
    await first.see(/\(tcp 127\.0\.0\.1:\d+\) connected at/);
    server.type('.echo from the server');
    await late.see(/^0:000> \.echo from the server\nfrom the server$/m);
    late.endInput();
    expect(await late.exited()).toBe(0);
    await first.see(/\(tcp 127\.0\.0\.1:\d+\) disconnected at/);
  });

  it('proves the password; a wrong one is Error 0x80004005', async () => {
    const { listed, remote, server } = await serve([ticker()], '', { HAWSER_PASSWORD: 'sesame, open' });
    expect(listed).toMatch(/,Password=\*$/);
    const wrong = await runConsole(['cdb', '-remote', `${remote},password=sesame`]);
    expect(wrong.stderr).toMatch(/Error 0x80004005/);
    expect(wrong.status).toBe(1);
    const none = await runConsole(['cdb', '-remote', remote]);
    expect(none.stderr).toMatch(/password/);
    expect(none.status).toBe(1);
    const right = await runConsole(['cdb', '-remote', remote], ['.servers'], {
      HAWSER_PASSWORD: 'sesame, open',
    });
    expect(right.stdout).toMatch(/^0 - Debugger Server - tcp:Port=\d+(:\d+)?,Password=\*$/m);
    expect(right.status).toBe(0);
    expect(server.stdout + server.stderr + right.stdout).not.toContain('sesame');
  });

  it('refuses q on a client; qq ends the session for all', async () => {
    const { server, remote } = await serve([ticker()]);
    const other = start(['cdb', '-remote', remote]);
    await other.see(/Break instruction exception/);
    const client = start(['cdb', '-remote', remote]);
    await client.see(/Break instruction exception/);
    client.type('q', '.echo still here');
    await client.see(/^still here$/m);
    expect(client.stdout).toMatch(/\.remote_exit/);
    client.type('qq');
    expect(await client.exited()).toBe(0);
    expect(await other.exited()).toBe(0);
    expect(await server.exited()).toBe(0);
  });

  it('breaks in from a client while the target runs', async () => {
    const { remote } = await serve([ticker()]);
    const client = start(['cdb', '-remote', remote]);
    await client.see(/Break instruction exception/);
    client.type('g');
    await client.see(/ticker starts/);
    const from = client.stdout.length;
    client.kill('SIGINT');
    await client.see(/Break instruction exception/, from);
    client.type('.echo broken in');
    await client.see(/^broken in$/m);
  });

  it('reports a crash in WinDbg’s manner to everybody, and takes input for the program', async () => {
    const { remote } = await serve([crasher()]);
    const client = start(['cdb', '-remote', remote]);
    await client.see(/Break instruction exception/);
    client.type('.input hello there', 'g', 'k', '.lastevent');
    await client.see(/^Last event: /m);
    expect(client.stdout).toMatch(/got: hello there/);
    expect(client.stdout).toMatch(/Access violation - code c0000005/);
    expect(client.stdout).toMatch(/crasher!sum.*\n.*crasher!main/);
    const late = start(['cdb', '-remote', remote]);
    await late.see(/^Last event: /m);
    expect(late.stdout).toMatch(/Access violation - code c0000005/);
  });

  it('tells a lost link from everything else when the server is killed', async () => {
    const { server, remote } = await serve([ticker()]);
    const client = start(['cdb', '-remote', remote]);
    await client.see(/Break instruction exception/);
    server.kill('SIGKILL');
    expect(await client.exited()).toBe(1);
    expect(client.stderr).toMatch(/The link was lost/);
  });

  it('tells refused, unknown host and a peer that is no Hawser server apart', async () => {
    const refused = await runConsole(['cdb', '-remote', 'tcp:server=127.0.0.1,port=1']);
    expect(refused.stderr).toMatch(/refused/i);
    const unknown = await runConsole(['cdb', '-remote', 'tcp:server=no-such-host.invalid,port=5005']);
    expect(unknown.stderr).toMatch(/no-such-host\.invalid/);
    const ssh = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await new Promise<void>((done) => ssh.listen(0, '127.0.0.1', done));
    const { port } = ssh.address() as { port: number };
    const other = await runConsole(['cdb', '-remote', `tcp:server=127.0.0.1,port=${port}`]);
    ssh.close();
    expect(other.stderr).toMatch(/not a Hawser server: it is an SSH server/);
    expect([refused.status, unknown.status, other.status]).toEqual([1, 1, 1]);
  });

  it('accepts leading backslashes, keywords in any case and order', async () => {
    const { port } = await serve([ticker()]);
    const { status, stderr } = await runConsole(
      ['cdb', '-remote', `TCP:PORT=${port},Server=\\\\localhost`],
      ['.echo in'],
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('ends in good order when nobody reads its output any more', async () => {
    const { server, remote } = await serve([ticker()]);
    const client = start(['cdb', '-remote', remote]);
    await client.see(/Break instruction exception/);
    client.child.stdout?.destroy();
    server.type('.echo to nobody', '.echo to nobody');
    await client.exited();
    expect(client.stderr).toBe('');
    server.child.stdout?.destroy();
    server.type('.echo to nobody');
    await server.exited();
    expect(server.stderr).toBe('');
  });

  it('reads all there is before it leaves at the end of its input', async () => {
    const { server, remote } = await serve([flood(), '100000']);
    server.type('g');
    await server.see(/Exit process/);
    const { stdout, status } = await runConsole(['cdb', '-remote', remote]);
    expect(stdout).toMatch(/line 100000 of[\s\S]*Exit process/);
    expect(status).toBe(0);
  });

  it('is held up by nobody who stops reading', async () => {
    const { remote } = await serve([flood(), '300000']);
    const stalled = start(['cdb', '-remote', remote]);
    await stalled.see(/Break instruction exception/);
    stalled.child.kill('SIGSTOP');
    const reader = start(['cdb', '-remote', remote]);
    await reader.see(/Break instruction exception/);
    reader.type('g');
    await reader.see(/line 300000 of/);
    stalled.child.kill('SIGCONT');
    await stalled.see(/line 300000 of/);
    const lines = (text: string) => [...text.matchAll(/^line (\d+) of/gm)].map((match) => Number(match[1]));
    expect(lines(stalled.stdout)).toEqual(Array.from({ length: 300_000 }, (_, index) => index + 1));
    expect(lines(reader.stdout)).toEqual(lines(stalled.stdout));
  });
});
