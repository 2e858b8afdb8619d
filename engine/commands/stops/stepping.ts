import { x64Block } from '../../format/registers.ts';
import type { CommandHost } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import { placeLines, STOP_REGISTERS, stopRegisters } from './display.ts';
import type { Execution } from './execution.ts';

/** More steps than this are recorded inside the back end and shown afterwards. */
const ONE_BY_ONE = 16n;
/** Steps of one recording, so that the screen is never far behind. */
const RECORDED_AT_ONCE = 250;
/** What steps change; the rest of what is shown is read once. */
const CONSTANT = new Set(['cs', 'ss', 'ds', 'es', 'fs', 'gs', 'fs_base', 'gs_base']);
const RECORDED = STOP_REGISTERS.filter((name) => !CONSTANT.has(name));

interface OnlyThread {
  readonly thread?: number;
  readonly onlyThread?: boolean;
}

/** Steps `count` times and shows each step; ends early at anything but the end of a step. */
export async function stepMany(
  state: DebuggerState,
  host: CommandHost,
  execution: Execution,
  kind: 'stepInstruction' | 'nextInstruction',
  count: bigint,
  only: OnlyThread,
): Promise<void> {
  let left = count;
  if (kind === 'stepInstruction' && count > ONE_BY_ONE && state.isX64 && !state.pending) {
    left = await recorded(state, host, execution, count, only.thread);
  }
  for (; left > 0n; left--) {
    state.cancel.check();
    const stop = await execution.resume({ kind, ...only });
    if (!stop) return;
    await execution.show(stop, false);
    if (stop.reason !== 'step' && stop.reason !== 'functionFinished') return;
  }
}

/**
 * Answers how many steps are left to do, 0 when something else stopped it. What one recording brought is put
 * into words while the back end makes the next.
 */
async function recorded(
  state: DebuggerState,
  host: CommandHost,
  execution: Execution,
  count: bigint,
  thread: number | undefined,
): Promise<bigint> {
  const constant = await stopRegisters(state);
  let show = (): void => {};
  // The last one is stepped on its own: its display is of the present.
  for (let left = count - 1n; left > 0n; ) {
    const chunk = Number(left < RECORDED_AT_ONCE ? left : RECORDED_AT_ONCE);
    const recording = recordChunk(state, execution, chunk, thread);
    show();
    const { steps, stop } = await recording;
    const ended = stop.reason !== 'step';
    // The step that ended it is shown as a stop, while there is a target.
    show = await stepsToShow(
      state,
      host,
      constant,
      ended && stop.thread !== null ? steps.slice(0, -1) : steps,
    );
    left -= BigInt(chunk);
    if (!ended && !state.cancel.requested) continue;
    show();
    if (ended) await execution.show(stop, false);
    state.cancel.check();
    return 0n;
  }
  show();
  return 1n;
}

async function recordChunk(
  state: DebuggerState,
  execution: Execution,
  count: number,
  wanted: number | undefined,
) {
  let steps: readonly { readonly registers: readonly bigint[] }[] = [];
  const stop = await execution.settle(true, async (thread) => {
    const done = await state.target.stepRecording(wanted ?? thread, count, RECORDED);
    steps = done.steps;
    return done.stop;
  });
  return { steps, stop };
}

/** Reads the code that the steps came through; the answer prints them. */
async function stepsToShow(
  state: DebuggerState,
  host: CommandHost,
  constant: ReadonlyMap<string, bigint>,
  steps: readonly { readonly registers: readonly bigint[] }[],
): Promise<() => void> {
  const all = steps.map(
    ({ registers }) =>
      new Map([...constant, ...RECORDED.map((name, at) => [name, registers[at] ?? 0n] as const)]),
  );
  const ipOf = (registers: ReadonlyMap<string, bigint>): bigint => registers.get('rip') ?? 0n;
  const code = state.kind === 'none' ? null : state.code;
  await code?.prepare(all.map(ipOf));
  return () => {
    const lines: string[] = [];
    for (const registers of all) {
      if (state.showRegisters) lines.push(x64Block(registers));
      if (code) lines.push(...placeLines(state, ipOf(registers), code.at(ipOf(registers)), registers));
    }
    if (lines.length > 0) host.output('prompt-registers', `${lines.join('\n')}\n`);
  };
}
