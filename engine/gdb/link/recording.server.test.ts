import { afterAll, expect } from 'vitest';
import type { Stub } from '../../stub/stub.ts';
import { throughStubs } from '../testing/backend.ts';
import { processServerStub } from '../testing/process-server.ts';

// The same tests as of targets of this machine, through a process server, which makes the steps by itself.
let asked = 0;

async function reach(): Promise<Stub> {
  const stub = await processServerStub();
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

afterAll(() => expect(asked).toBeGreaterThan(10));

throughStubs(reach);
await import('../recording.test.ts');
