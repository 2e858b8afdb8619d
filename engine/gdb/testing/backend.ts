import { afterEach } from 'vitest';
import type { BackendEvent, Stop } from '../../backend/types.ts';
import { createGdbBackend, type GdbBackend } from '../backend.ts';
import type { GdbOptions } from '../core.ts';

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

afterEach(async () => {
  await Promise.all(open.splice(0).map((backend) => backend.dispose()));
});

/** A back end with what it said noted; disposed of after the test. */
export async function rig(options: GdbOptions = {}): Promise<Rig> {
  const backend = await createGdbBackend(options);
  open.push(backend);
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
