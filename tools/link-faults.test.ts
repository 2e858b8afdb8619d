import { afterEach, describe, expect, it } from 'vitest';
import { ConsoleProcess } from './testing/console-process.ts';
import { ticker } from './testing/programs.ts';

const running: ConsoleProcess[] = [];
function start(args: readonly string[]): ConsoleProcess {
  const process = new ConsoleProcess(args);
  running.push(process);
  return process;
}
afterEach(async () => {
  for (const process of running.splice(0)) {
    process.kill('SIGKILL');
    await process.exited();
  }
});

const untilSays = (each: ConsoleProcess, pattern: RegExp) =>
  expect.poll(() => each.stderr, { timeout: 100_000 }).toMatch(pattern);

describe('a repeater', () => {
  it('is killed: its client goes on through another in its place', async () => {
    const server = start(['cdb', '-server', 'tcp:port=0,bind=127.0.0.1', ticker()]);
    const [, port = ''] = await server.see(/-remote tcp:Port=(\d+)/i);
    await server.see(/Break instruction exception/);
    const repeat = (own: string) =>
      start([
        'dbengprx',
        '-p',
        '-c',
        `tcp:server=127.0.0.1,port=${port}`,
        '-s',
        `tcp:port=${own},bind=127.0.0.1`,
      ]);
    const first = repeat('0');
    const [, own = ''] = await first.see(/-remote tcp:Port=(\d+)/i);
    const client = start(['cdb', '-remote', `tcp:server=127.0.0.1,port=${own}`]);
    await client.see(/Break instruction exception/);
    // It comes to it when the other one is there: that nobody listens it would take for the end, after some tries.
    client.kill('SIGSTOP');
    first.kill('SIGKILL');
    await first.exited();
    server.type('.echo meanwhile');
    await server.see(/^meanwhile$/m);
    const second = repeat(own);
    await second.see(/-remote tcp:Port=/i);
    client.kill('SIGCONT');
    await untilSays(client, /The link was lost: .* Trying again/);
    await untilSays(client, /The link is back; nothing was lost\./);
    client.type('.echo after');
    await client.see(/^meanwhile$[\s\S]*^after$/m);
    await server.see(/^after$/m);
  });
});
