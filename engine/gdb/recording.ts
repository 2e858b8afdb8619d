import type { StepHow, StepRecord, Stop } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import type { Engine } from './parts.ts';
import type { Runner } from './run.ts';
import type { RawStop } from './stops.ts';

export interface Recording {
  readonly steps: readonly StepRecord[];
  readonly stop: Stop;
  /** The goal ended it. */
  readonly reached: boolean;
}

/** Steps instructions inside GDB, recording registers after each; see python/recording.py. */
export async function stepRecording(
  engine: Engine,
  runner: Runner,
  thread: number,
  count: number,
  registers: readonly string[],
  { over = false, until, alone = true }: StepHow = {},
): Promise<Recording> {
  const parameters = {
    thread: engine.gdbThread(thread),
    count,
    registers,
    over,
    plainly: !alone,
    ...(until ? { until: goal(until) } : {}),
  };
  const before = runner.interrupts;
  const { answer, last } = await runner.during(
    async () => {
      await runner.lock(alone ? 'on' : 'off');
      await engine.helper.run('record', parameters);
    },
    () =>
      engine.helper.call<{
        rows: string;
        sizes?: number[];
        interrupted?: true;
        reached?: true;
        error?: string;
      }>('recorded'),
  );
  const ended = last?.reason === '' && answer.error !== undefined;
  if (answer.error !== undefined && answer.rows === '' && !ended) {
    // GDB keeps its reason to itself here; a step on its own brings it to light.
    if (/^Command aborted/.test(answer.error)) {
      const stop = await runner.resume({
        kind: over ? 'nextInstruction' : 'stepInstruction',
        thread,
        onlyThread: alone,
      });
      return { steps: [], stop, reached: false };
    }
    throw engineErrors.gdb(answer.error, 'stepRecording');
  }
  const steps = unpack(answer.rows, answer.sizes ?? []);
  const stop = await recordedStop(runner, thread, last, answer.interrupted === true);
  // A break-in that was meant for the run before: nobody has asked for this one to end.
  const isLate = stop.reason === 'interrupt' && runner.interrupts === before;
  return { steps, stop: isLate ? { ...stop, reason: 'step' } : stop, reached: answer.reached === true };
}

function goal({
  address,
  kinds = [],
  above,
  leavesLine = false,
  taken = false,
}: NonNullable<StepHow['until']>) {
  return {
    kinds,
    leaves_line: leavesLine,
    taken,
    ...(address === undefined ? {} : { address: address.toString(16) }),
    ...(above === undefined ? {} : { above: above.toString(16) }),
  };
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

/** Rows of numbers of eight bytes, cut to the sizes of the registers. */
function unpack(digits: string, sizes: readonly number[]): readonly StepRecord[] {
  const bytes = Buffer.from(digits, 'hex');
  const steps: StepRecord[] = [];
  for (let row = 0; row + sizes.length * 8 <= bytes.length && sizes.length > 0; row += sizes.length * 8) {
    const registers = sizes.map((size, at) => BigInt.asUintN(size * 8, bytes.readBigUInt64LE(row + at * 8)));
    steps.push({ registers });
  }
  return steps;
}
