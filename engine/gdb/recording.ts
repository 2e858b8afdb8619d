import type { StepRecord, Stop } from '../backend/types.ts';
import { type Engine, fromHex } from './parts.ts';
import type { Runner } from './run.ts';

export interface Recording {
  readonly steps: readonly StepRecord[];
  readonly stop: Stop;
}

/** Steps instructions inside GDB, recording registers after each; see python/recording.py. */
export async function stepRecording(
  engine: Engine,
  runner: Runner,
  thread: number,
  count: number,
  registers: readonly string[],
): Promise<Recording> {
  await runner.lock('on');
  const parameters = { thread: engine.gdbThread(thread), count, registers };
  const { last } = await runner.during(() => engine.helper.call('record', parameters));
  const rows = await engine.helper.call<string[][]>('recorded');
  const steps = rows.map((row) => ({ registers: row.map(fromHex) }));
  const stop = last ? await runner.describe(last) : { reason: 'step' as const, thread, breakpoints: [] };
  return { steps, stop };
}
