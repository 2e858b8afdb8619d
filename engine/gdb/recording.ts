import type { StepRecord, Stop } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import { type Engine, fromHex } from './parts.ts';
import type { Runner } from './run.ts';
import type { RawStop } from './stops.ts';

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
  const parameters = { thread: engine.gdbThread(thread), count, registers };
  const { answer, last } = await runner.during(
    async () => {
      await runner.lock('on');
      await engine.helper.run('record', parameters);
    },
    () => engine.helper.call<{ rows: string[][]; interrupted?: true; error?: string }>('recorded'),
  );
  if (answer.error !== undefined && answer.rows.length === 0)
    throw engineErrors.gdb(answer.error, 'stepRecording');
  const steps = answer.rows.map((row) => ({ registers: row.map(fromHex) }));
  return { steps, stop: await recordedStop(runner, thread, last, answer.interrupted === true) };
}

/** The watchpoint that ended the recording is none of the user's: then all steps were done. */
async function recordedStop(
  runner: Runner,
  thread: number,
  last: RawStop | null,
  interrupted: boolean,
): Promise<Stop> {
  const stop: Stop = last ? await runner.describe(last) : { reason: 'step', thread, breakpoints: [] };
  if (stop.thread === null) return stop;
  if (interrupted && stop.reason === 'step') return { reason: 'interrupt', thread, breakpoints: [] };
  const own = stop.reason === 'watchpoint' && stop.breakpoints.length === 0;
  return own || stop.reason === 'unknown' ? { reason: 'step', thread, breakpoints: [] } : stop;
}
