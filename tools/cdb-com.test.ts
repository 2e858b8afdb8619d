import { afterEach, describe, expect, it } from 'vitest';
import { Relay } from '../transports/com/testing/relay.ts';
import { ConsoleProcess } from './testing/console-process.ts';
import { ticker } from './testing/programs.ts';

const running: ConsoleProcess[] = [];
let cable: Relay | undefined;
function start(args: readonly string[]): ConsoleProcess {
  const process = new ConsoleProcess(args, {});
  running.push(process);
  return process;
}
afterEach(async () => {
  for (const process of running.splice(0)) {
    process.kill('SIGTERM');
    await process.exited();
  }
  await cable?.close();
});

describe('hawser cdb over a serial line', () => {
  it('serves on one end, and is reached from the other by several at once', async () => {
    cable = await Relay.open({ bytesPerSecond: 11_520, damage: 1e-4, seed: 1 });
    const [here, there] = cable.ends.map((end) => `com:port=${end},baud=115200,channel=1`);
    const server = start(['cdb', '-server', `${here},password=harbour`, ticker()]);
    const [, listed] = await server.see(/^0: <debugger> -remote (\S+)$/m);
    expect(listed).toBe(`com:Port=${cable.ends[0]},Baud=115200,Channel=1,Password=*`);
    await server.see(/Break instruction exception/);
    const wrong = start(['cdb', '-remote', `${there},password=other`]);
    expect(await wrong.exited()).not.toBe(0);
    expect(wrong.stderr).toMatch(/Error 0x80004005/);
    const ann = start(['cdb', '-remote', `${there},password=harbour`]);
    await ann.see(/Break instruction exception/);
    // The second goes through the first, which holds the port.
    const bob = start(['cdb', '-remote', `${there},password=harbour`]);
    await bob.see(/Break instruction exception/);
    bob.type('? 2+3');
    await ann.see(/Evaluate expression: 5/);
    ann.kill('SIGKILL');
    await ann.exited();
    bob.type('? 3+4');
    await bob.see(/Evaluate expression: 7/);
    await server.see(/Evaluate expression: 7/);
  });
});
