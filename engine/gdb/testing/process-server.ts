import { connectStub } from '../../stub/connect.ts';
import { ProcessServer } from '../../stub/server/process-server.ts';
import type { Stub } from '../../stub/stub.ts';
import { endAfterTests } from './ends.ts';

const open: (() => Promise<void>)[] = [];

endAfterTests('stub', async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** A client of a real process server of its own, on loopback. */
export async function processServerStub(): Promise<Stub> {
  const server = await ProcessServer.start({
    connection: 'tcp:port=0,bind=127.0.0.1',
    password: undefined,
    version: '0',
    implicitCommandLine: null,
    notice: () => {},
  });
  const port = /Port=(\d+)/.exec(server.connection)?.[1] ?? '';
  const stub = await connectStub(`tcp:server=127.0.0.1,port=${port}`, {
    program: 'test',
    version: '0',
    signal: new AbortController().signal,
    getPassword: async () => '',
  });
  open.push(async () => {
    await stub.close();
    await server.close();
  });
  return stub;
}
