import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rig } from '../../gdb/testing/backend.ts';
import { compile } from '../../gdb/testing/programs.ts';
import { connectStub } from '../connect.ts';
import { ProcessServer } from '../server/process-server.ts';
import { gdbserver } from '../testing/stubs.ts';
import { SlowRelay } from './testing/slow-relay.ts';

const RATE = 270_000;
/** A third of a second of it. What stood before an answer was megabytes where nothing bounds it. */
const FEW = 90_000;

const program = compile(
  'slow-fetch.c',
  `volatile int total;
int main(void) { for (;;) total++; }
`,
);

async function slowly() {
  const server = await ProcessServer.start({
    connection: 'tcp:port=0,bind=127.0.0.1',
    password: undefined,
    version: '0',
    implicitCommandLine: null,
    notice: () => undefined,
  });
  const relay = new SlowRelay(Number(/Port=(\d+)/i.exec(server.connection)?.[1]), RATE);
  const stub = await connectStub(`tcp:server=127.0.0.1,port=${await relay.listen()}`, {
    program: 'test',
    version: '0',
    signal: new AbortController().signal,
    getPassword: async () => '',
  });
  onTestFinished(async () => {
    await stub.close();
    relay.close();
    await server.close();
  });
  return { stub, relay };
}

/** A file that cannot be packed any smaller. */
function bigFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-slow-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'big');
  writeFileSync(path, randomBytes(64 << 20));
  return path;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

test('while a file comes over a slow link, little of it stands before what commands ask for', async () => {
  const { stub, relay } = await slowly();
  const { backend } = await rig({ stub });
  await backend.launch({ program: program.path, args: [] });
  const file = stub.machine.readFile(bigFile(), null, 0);
  let fetched = 0;
  file.on('data', (bytes: Buffer) => {
    fetched += bytes.length;
  });
  // It knows the link by now.
  while (fetched < 2 * RATE) await new Promise((turn) => setTimeout(turn, 50));

  /** Bytes of all kinds that came until it was done. */
  const cost = async (work: () => Promise<unknown>) => {
    const before = relay.carried;
    await work();
    return relay.carried - before;
  };
  const context = { thread: 0, frame: 0 };
  const steps: number[] = [];
  const reads: number[] = [];
  const requests: number[] = [];
  for (let count = 0; count < 9; count++) {
    steps.push(await cost(() => backend.resume({ kind: 'stepInstruction', thread: 0 })));
    const at = (await backend.registers(context, ['rsp'])).get('rsp') ?? 0n;
    reads.push(await cost(() => backend.readMemory((at & ~0xfffn) - BigInt(0x1000 * count), 64)));
    requests.push(await cost(() => stub.machine.disposition(process.pid, 'SIGINT')));
  }
  const whole = fetched;
  file.destroy();
  // It went on all the while.
  expect(whole).toBeGreaterThan(3 * RATE);
  expect({
    steps: median(steps) < 3 * FEW,
    reads: median(reads) < FEW,
    requests: median(requests) < FEW,
  }).toEqual({
    steps: true,
    reads: true,
    requests: true,
  });
  await backend.kill();
});

test('and behind a bare stub', async () => {
  const { port } = await gdbserver('--multi');
  const relay = new SlowRelay(port, RATE);
  onTestFinished(() => relay.close());
  const stub = await connectStub(`gdb:server=127.0.0.1,port=${await relay.listen()}`, {
    program: 'test',
    version: '0',
    signal: new AbortController().signal,
    getPassword: async () => '',
  });
  onTestFinished(() => stub.close());
  const file = stub.machine.readFile(bigFile(), null, 0);
  let fetched = 0;
  file.on('data', (bytes: Buffer) => {
    fetched += bytes.length;
  });
  while (fetched < 2 * RATE) await new Promise((turn) => setTimeout(turn, 50));
  const costs: number[] = [];
  for (let count = 0; count < 9; count++) {
    const before = relay.carried;
    await stub.machine.disposition(process.pid, 'SIGINT');
    costs.push(relay.carried - before);
  }
  expect(fetched).toBeGreaterThan(2 * RATE);
  // Opened, read, closed: two waits.
  expect(median(costs)).toBeLessThan(2 * FEW);
  file.destroy();
});
