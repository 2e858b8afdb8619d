import { createGdbBackend } from '../../engine/gdb/backend.ts';
import { connectStub } from '../../engine/stub/connect.ts';
import type { Stub, StubDebugger, StubTraffic } from '../../engine/stub/stub.ts';

/** A link to a process server, and what its debuggers have cost. */
export interface SmartClient {
  readonly stub: Stub;
  traffic(): StubTraffic;
}

const NOTHING: StubTraffic = { roundTrips: 0, packets: 0, sent: 0, received: 0 };

/** Connects to a process server of this machine, or to a line that leads there. */
export async function smartClient(port: number): Promise<SmartClient> {
  const stub = await connectStub(`tcp:server=127.0.0.1,port=${port}`, {
    program: 'bench',
    version: '0',
    signal: new AbortController().signal,
    getPassword: () => Promise.reject(new Error('no password was expected')),
  });
  let last: StubDebugger | null = null;
  const open = stub.openDebugger.bind(stub);
  stub.openDebugger = async (signal) => {
    last = await open(signal);
    return last;
  };
  return { stub, traffic: () => ({ ...(last?.traffic ?? NOTHING) }) };
}

export const backendOver = ({ stub }: SmartClient) => createGdbBackend({ stub });
