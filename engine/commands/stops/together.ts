import { toHawserError } from '../../../transports/errors/error.ts';
import type { Stop } from '../../backend/types.ts';
import type { CommandHost } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';
import { dropSystem, reportEnd } from './report.ts';

/** One that does not stop by then, because its link is lost say, is not waited for. */
const STOP_WAIT_MS = 3000;

interface Run {
  readonly system: System;
  readonly stop: Promise<Stop>;
  settled: boolean;
}

/**
 * Runs other systems beside the current one, `first`, until one of them all stops: that one is the current one then.
 * The others are stopped; where that is all that stopped them, nobody is told. A stop of their own, at the same
 * moment, is kept for the next `g`.
 */
export async function firstToStop(
  state: DebuggerState,
  host: CommandHost,
  first: Promise<Stop>,
  others: readonly System[],
  start: (system: System) => Promise<Stop>,
): Promise<Stop> {
  const runs = [{ system: state.current, stop: first }, ...others.map((system) => begin(system, start))].map(
    followed,
  );
  const winner = await Promise.race(
    runs.map((run) =>
      run.stop.then(
        () => run,
        () => run,
      ),
    ),
  );
  const rest = runs.filter((run) => run !== winner);
  await stopAll(rest, host);
  state.current = winner.system;
  for (const run of rest) if (run.settled) await takeIn(run, state, host);
  return winner.stop;
}

/** One that was not waited for may run still: what stops it late, because it was told to, is no stop. */
function begin(system: System, start: (system: System) => Promise<Stop>) {
  if (!system.running || !system.run) return { system, stop: start(system) };
  const late = system.run.then((stop) => (stop.reason === 'interrupt' ? start(system) : stop));
  return { system, stop: late };
}

function followed({ system, stop }: Omit<Run, 'settled'>): Run {
  const run: Run = { system, stop, settled: false };
  const settle = (): void => {
    run.settled = true;
  };
  stop.then(settle, settle);
  return run;
}

async function stopAll(runs: readonly Run[], host: CommandHost): Promise<void> {
  const stops = runs.map((run) => {
    if (!run.settled) void run.system.backend?.interrupt().catch(() => {});
    return run.stop.catch(() => {});
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, STOP_WAIT_MS);
  });
  await Promise.race([Promise.all(stops), late]);
  clearTimeout(timer);
  for (const { system, settled } of runs) {
    if (!settled) host.output('warning', `System ${system.index} has not stopped yet; it is told to.\n`);
  }
}

async function takeIn({ system, stop }: Run, state: DebuggerState, host: CommandHost): Promise<void> {
  try {
    const stopped = await stop;
    if (stopped.thread !== null) {
      if (stopped.reason !== 'interrupt') system.heldStop = stopped;
      return;
    }
    reportEnd(state, host, system, stopped);
    await dropSystem(state, host, system);
  } catch (error) {
    // A back end that died has told so itself, and its system is gone.
    if (state.systems.includes(system))
      host.output('error', `System ${system.index}: ${toHawserError(error).text}\n`);
  }
}
