import { afterAll, afterEach, expect } from 'vitest';
import { connectStub } from '../../stub/connect.ts';
import { ProcessServer } from '../../stub/server/process-server.ts';
import type { Stub } from '../../stub/stub.ts';
import { throughStubs } from '../testing/backend.ts';

// The same tests as of targets of this machine, through a process server, which makes the steps by itself.
const ends: (() => unknown)[] = [];
let asked = 0;

async function reach(): Promise<Stub> {
  const server = await ProcessServer.start({
    connection: 'tcp:port=0,bind=127.0.0.1,hidden',
    password: undefined,
    version: '0',
    implicitCommandLine: null,
    notice: () => undefined,
  });
  ends.push(() => server.close());
  const port = /Port=(\d+)/i.exec(server.connection)?.[1];
  const stub = await connectStub(`tcp:server=127.0.0.1,port=${port}`, {
    program: 'test',
    version: '0',
    signal: new AbortController().signal,
    getPassword: () => Promise.reject(new Error('nobody is to be asked')),
  });
  ends.push(() => stub.close());
  const open = stub.openDebugger.bind(stub);
  stub.openDebugger = async (signal) => {
    const opened = await open(signal);
    const { stepFar } = opened;
    opened.stepFar = (steps) => {
      if (steps && steps.places.length > 0) asked += 1;
      return stepFar?.call(opened, steps) ?? false;
    };
    return opened;
  };
  return stub;
}

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => expect(asked).toBeGreaterThan(10));

throughStubs(reach);
await import('../recording.test.ts');
