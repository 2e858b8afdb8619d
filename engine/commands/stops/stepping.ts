import { x64Block } from '../../format/registers.ts';
import type { CommandHost } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import { CodeCache } from './code-cache.ts';
import { placeLines, STOP_REGISTERS } from './display.ts';
import type { Execution } from './execution.ts';

/** More steps than this are recorded inside the back end and shown afterwards. */
const ONE_BY_ONE = 16n;
/** Steps of one recording, so that a break-in and the screen are never far behind. */
const RECORDED_AT_ONCE = 256;
/** Instructions read together where the steps come to new code. */
const READ_AHEAD = 16;

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
  const cache = new CodeCache(state.target, READ_AHEAD);
  while (left > 0n) {
    state.cancel.check();
    const chunk = Number(left < RECORDED_AT_ONCE ? left : RECORDED_AT_ONCE);
    const { steps, stop } = await recordChunk(state, execution, chunk, thread);
    const ended = stop.reason !== 'step';
    await showSteps(state, host, cache, ended ? steps.slice(0, -1) : steps);
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
  const stop = await execution.settle(async (thread) => {
    const done = await state.target.stepRecording(wanted ?? thread, count, STOP_REGISTERS);
    steps = done.steps;
    return done.stop;
  });
  return { steps, stop };
}

async function showSteps(
  state: DebuggerState,
  host: CommandHost,
  cache: CodeCache,
  steps: readonly { readonly registers: readonly bigint[] }[],
): Promise<void> {
  const named = steps.map(
    ({ registers }) => new Map(STOP_REGISTERS.map((name, index) => [name, registers[index] ?? 0n])),
  );
  await cache.prepare(named.map((registers) => registers.get('rip') ?? 0n));
  const lines: string[] = [];
  for (const registers of named) {
    const ip = registers.get('rip') ?? 0n;
    if (state.showRegisters) lines.push(x64Block(registers));
    lines.push(...placeLines(state, ip, cache.at(ip), registers));
  }
  if (lines.length > 0) host.output('prompt-registers', `${lines.join('\n')}\n`);
}
