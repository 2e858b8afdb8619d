import type { StepHow, StepRecord, Stop } from '../backend/types.ts';
import type { FarSteps } from '../stub/rsp/far-steps.ts';
import type { GdbCore } from './core.ts';
import type { Recording } from './recording.ts';

/**
 * Steps of a target whose stub steps by itself, registers and all: GDB makes one step of many. Null: not for this target,
 * not for these registers or these steps, or GDB has to look after every step.
 */
export async function recordFar(
  core: GdbCore,
  thread: number,
  count: number,
  registers: readonly string[],
  { over = false, until, alone = true }: StepHow = {},
): Promise<Recording | null> {
  const { link, breakpoints } = core;
  if (over || until || !alone) return null;
  if (registers.length === 0 || breakpoints.watching || !link.stepFar({ count, places: [], rows: [] }))
    return null;
  link.stepFar(null);
  const places = await core.registers.placesOf(registers);
  if (places === null) return null;
  const steps: StepRecord[] = [];
  const before = core.runner.interrupts;
  for (;;) {
    const far: FarSteps = { count: count - steps.length, places, rows: [] };
    const stop = await stepFar(core, thread, far);
    for (const row of far.rows) steps.push({ registers: row });
    // A step of GDB's own, as off the address of a breakpoint.
    if (far.rows.length === 0 && stop.thread !== null)
      steps.push({ registers: await here(core, stop.thread, registers) });
    if (stop.reason !== 'step' || steps.length >= count) return { steps, stop, reached: false };
    if (core.runner.interrupts > before)
      return { steps, stop: { ...stop, reason: 'interrupt' }, reached: false };
  }
}

async function stepFar(core: GdbCore, thread: number, far: FarSteps): Promise<Stop> {
  core.link.stepFar(far);
  try {
    return await core.runner.resume({ kind: 'stepInstruction', thread, onlyThread: true });
  } finally {
    core.link.stepFar(null);
  }
}

async function here(core: GdbCore, thread: number, names: readonly string[]): Promise<readonly bigint[]> {
  const values = await core.registers.read({ thread: core.gdbThread(thread), frame: 0 }, names);
  return names.map((name) => values.get(name) ?? 0n);
}
