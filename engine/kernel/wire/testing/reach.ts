import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach } from 'vitest';
import type { Stub } from '../../../stub/stub.ts';
import { connectKernel } from '../connect.ts';
import { KdServer, type KdServerOptions } from '../server/kd-server.ts';
import { endVms } from './vm.ts';

type Options = Parameters<typeof connectKernel>[1];

/** What a file of tests of wires opens; ended after each test, the last first, and then its machines. */
export function wires(options: Partial<Options> = {}) {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await endVms();
  });
  const all: Options = {
    program: 'test',
    version: '0',
    signal: new AbortController().signal,
    getPassword: async () => '',
    ...options,
  };
  return {
    ends,
    options: all,
    reach: async (wire: string, more: Partial<Options> = {}): Promise<Stub> => {
      const stub = await connectKernel(wire, { ...all, ...more });
      ends.push(() => stub.close());
      return stub;
    },
    /** A KD connection server of this machine. */
    serve: async (more: Partial<KdServerOptions> = {}): Promise<KdServer> => {
      const server = await KdServer.start({
        connection: 'tcp:port=0,bind=127.0.0.1,hidden',
        password: undefined,
        version: '0',
        variables: {},
        notice: () => undefined,
        ...more,
      });
      ends.push(() => server.close());
      return server;
    },
  };
}

export async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(20);
}
