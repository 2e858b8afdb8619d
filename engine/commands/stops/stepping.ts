import { x64Block } from '../../format/registers.ts';
import type { CommandHost } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import { placeLines, STOP_REGISTERS, stopRegisters } from './display.ts';
import type { Execution } from './execution.ts';

/** More steps than this are recorded inside the back end and shown afterwards. */
const ONE_BY_ONE = 16n;
/** Steps of one recording, so that the screen is never far behind. */
const RECORDED_AT_ONCE = 1000;
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

/** Answers how many steps are left to do, 0 when something else stopped it. */
async function recorded(
  state: DebuggerState,
  host: CommandHost,
  execution: Execution,
  count: bigint,
  thread: number | undefined,
): Promise<bigint> {
  // The last one is stepped on its own: its display is of the present.
  let left = count - 1n;
  const constant = await stopRegisters(state);
  while (left > 0n) {
    state.cancel.check();
    const chunk = Number(left < RECORDED_AT_ONCE ? left : RECORDED_AT_ONCE);
    const { steps, stop } = await recordChunk(state, execution, chunk, thread);
    const ended = stop.reason !== 'step';
    // The step that ended it is shown as a stop, while there is a target.
    await showSteps(state, host, constant, ended && stop.thread !== null ? steps.slice(0, -1) : steps);
    if (ended) {
      await execution.show(stop, false);
      return 0n;
    }
    left -= BigInt(chunk);
  }
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

async function showSteps(
  state: DebuggerState,
  host: CommandHost,
  constant: ReadonlyMap<string, bigint>,
  steps: readonly { readonly registers: readonly bigint[] }[],
): Promise<void> {
  const all = steps.map(
    ({ registers }) =>
      new Map([...constant, ...RECORDED.map((name, at) => [name, registers[at] ?? 0n] as const)]),
  );
  if (state.kind !== 'none') await state.code.prepare(all.map((registers) => registers.get('rip') ?? 0n));
  const lines: string[] = [];
  for (const registers of all) {
    const ip = registers.get('rip') ?? 0n;
    if (state.showRegisters) lines.push(x64Block(registers));
    if (state.kind !== 'none') lines.push(...placeLines(state, ip, state.code.at(ip), registers));
  }
  if (lines.length > 0) host.output('prompt-registers', `${lines.join('\n')}\n`);
}
