import { readlinkSync } from 'node:fs';
import type { BackendEvent, Stop } from '../../backend/types.ts';
import type { Stub } from '../../stub/stub.ts';
import { createGdbBackend, type GdbBackend } from '../backend.ts';
import type { GdbOptions } from '../core.ts';
import { endAfterTests } from './ends.ts';
import { PROGRAMS } from './programs.ts';

export interface Rig {
  readonly backend: GdbBackend;
  readonly events: BackendEvent[];
  /** What the target has written so far. */
  output(): string;
  /** Resolves when the target's output holds a text; the test's own time limit bounds it. */
  outputHas(text: string): Promise<void>;
  resume(): Promise<Stop>;
  /** Runs to a function's first instruction. */
  runTo(name: string): Promise<Stop>;
}

const open: GdbBackend[] = [];
const launched: number[] = [];

endAfterTests('backend', async () => {
  await Promise.all(open.splice(0).map((backend) => backend.dispose()));
  // What was started through a stub goes on, and what a test has cut off from its back end.
  launched.splice(0).forEach(endProgram);
});

/** If it is there still, and no other process by now. */
function endProgram(pid: number): void {
  try {
    if (readlinkSync(`/proc/${pid}/exe`).startsWith(PROGRAMS)) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

let stubs: (() => Stub | Promise<Stub>) | null = null;

/** From here on targets of {@link rig} are reached through stubs of their own. */
export function throughStubs(make: () => Stub | Promise<Stub>): void {
  stubs = make;
}

export function areThroughStubs(): boolean {
  return stubs !== null;
}

/** A back end with what it said noted; disposed of after the test. */
export async function rig(options: GdbOptions = {}): Promise<Rig> {
  const backend = await createGdbBackend({ ...(stubs ? { stub: await stubs() } : {}), ...options });
  open.push(backend);
  const launch = backend.launch.bind(backend);
  backend.launch = async (options) => {
    const stop = await launch(options);
    launched.push((await backend.process())?.pid || Number.NaN);
    return stop;
  };
  const events: BackendEvent[] = [];
  backend.onEvent((event) => events.push(event));
  const output = () => events.map((event) => (event.type === 'output' ? event.text : '')).join('');
  const resume = () => backend.resume({ kind: 'continue', thread: 0 });
  return {
    backend,
    events,
    output,
    resume,
    outputHas: (text) => waitFor(() => output().includes(text)),
    runTo: async (name) => {
      await backend.insertBreakpoint({
        where: { kind: 'symbol', module: null, name, offset: 0n },
        oneShot: true,
      });
      return resume();
    },
  };
}

export async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Code of the HawserError that a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'none';
}
