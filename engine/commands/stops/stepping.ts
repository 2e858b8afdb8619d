import type { InstructionKind, StepGoal, StepHow, Stop } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import { address, symbol } from '../../format/address.ts';
import { instructionKind } from '../../format/instruction-kind.ts';
import { x64Block } from '../../format/registers.ts';
import type { CommandHost } from '../host.ts';
import { instructionPointer } from '../pseudo.ts';
import { STOP_REGISTERS, stopRegisters } from '../registers/stop-registers.ts';
import type { DebuggerState } from '../state.ts';
import { placeLines } from './display.ts';
import type { Execution } from './execution.ts';

/** More steps than this are recorded inside the back end and shown afterwards. */
const ONE_BY_ONE = 16n;
/** Steps of one recording, so that the screen is never far behind. */
const RECORDED_AT_ONCE = 250;
/** Steps of one go of which nothing is shown, at most; and as many as are made within this many milliseconds, so that progress is seen. */
const UNSEEN_AT_ONCE = 1_000_000;
const UNSEEN_FIRST = 2000;
const UNSEEN_MS = 400;
/** What steps change; the rest of what is shown is read once. */
const CONSTANT = new Set(['cs', 'ss', 'ds', 'es', 'fs', 'gs', 'fs_base', 'gs_base']);
const RECORDED = STOP_REGISTERS.filter((name) => !CONSTANT.has(name));

export interface OnlyThread {
  readonly thread?: number;
  readonly onlyThread?: boolean;
}

export interface Stepping {
  readonly state: DebuggerState;
  readonly host: CommandHost;
  readonly execution: Execution;
  readonly only: OnlyThread;
  /** Commands for when the steps are over, before the last one is shown. */
  readonly last?: () => Promise<unknown>;
}

export type StepKind = 'stepInstruction' | 'nextInstruction';

const IN_LINE: ReadonlySet<Stop['reason']> = new Set(['step', 'functionFinished']);

/** Steps `count` times and shows each step; ends early at anything but the end of a step. */
export async function stepMany(stepping: Stepping, kind: StepKind, count: bigint): Promise<void> {
  const { state, execution } = stepping;
  let left = count;
  const over = kind === 'nextInstruction';
  const plain = !state.source.has('t') && state.stepFilter.length === 0;
  if (plain && count > ONE_BY_ONE && state.isX64 && !state.pending) {
    const how = over ? { over, alone: alone(stepping, over) } : {};
    left = (await recorded(stepping, count - 1n, how)) ? 1n : 0n;
  }
  for (; left > 0n; left--) {
    state.cancel.check();
    const stop = await oneStep(stepping, kind);
    if (!stop) return;
    const ends = left === 1n || !IN_LINE.has(stop.reason);
    await execution.show(stop, false, ends ? stepping.last : undefined);
    if (ends) return;
  }
}

/** An instruction, or in source mode a line where there is one; functions of `.step_filter` are gone through. */
async function oneStep(stepping: Stepping, kind: StepKind): Promise<Stop | null> {
  const { state, execution, only } = stepping;
  const unit = await unitOf(state);
  const over = kind === 'nextInstruction';
  for (let first = true; ; first = false) {
    state.cancel.check();
    const within = await isFiltered(state);
    // What such a function was called by is in the midst of its line.
    if (!within && !first && unit === 'Instruction') return state.current.lastStop;
    const step = `${over ? 'next' : 'step'}${unit}` as const;
    const stop = await execution.resume({ kind: within ? 'finish' : step, ...only });
    if (!stop || !IN_LINE.has(stop.reason)) return stop;
    if (within ? first || unit === 'Instruction' : over || !(await isFiltered(state))) return stop;
  }
}

async function unitOf(state: DebuggerState): Promise<'Line' | 'Instruction'> {
  if (!state.source.has('t')) return 'Instruction';
  const [line = null] = await state.target.lines([await instructionPointer(state)]);
  return line ? 'Line' : 'Instruction';
}

/** Whether the function is one that `t` does not go into. */
async function isFiltered(state: DebuggerState): Promise<boolean> {
  if (state.stepFilter.length === 0) return false;
  const [hit = null] = await state.target.symbolize([await instructionPointer(state)]);
  if (!hit) return false;
  const name = symbol({ ...hit, offset: 0n });
  return state.stepFilter.some((pattern) => matchesWildcard(pattern, name));
}

/** Steps to an address and shows each step. */
export async function stepToAddress(stepping: Stepping, over: boolean, address: bigint): Promise<void> {
  const { state, execution, only } = stepping;
  const there = async (): Promise<boolean> => (await instructionPointer(state)) === address;
  if (state.isX64 && !state.pending) {
    await recorded(stepping, null, { over, until: { address }, alone: alone(stepping, over) });
    return;
  }
  for (;;) {
    state.cancel.check();
    const stop = await execution.resume({ kind: over ? 'nextInstruction' : 'stepInstruction', ...only });
    if (!stop) return;
    const ends = !IN_LINE.has(stop.reason) || (await there());
    await execution.show(stop, false, ends ? stepping.last : undefined);
    if (ends) return;
  }
}

/** Steps to the next instruction of a kind, `count` times, and shows where each time ends. */
export async function stepToKind(
  stepping: Stepping,
  over: boolean,
  goal: { readonly kinds: readonly InstructionKind[] },
  count: bigint,
): Promise<void> {
  const leavesLine = stepping.state.source.has('t');
  for (let left = count; left > 0n; left--) {
    stepping.state.cancel.check();
    const stop = await nextOfKind(stepping, over, { ...goal, leavesLine });
    if (!stop) return;
    const ends = left === 1n || !IN_LINE.has(stop.reason);
    await stepping.execution.show(stop, false, ends ? stepping.last : undefined);
    if (ends) return;
  }
}

/** Steps to where a branch was taken, `count` times, and shows from where to where it led. */
export async function stepToTaken(stepping: Stepping, count: bigint): Promise<void> {
  const { state, host, execution } = stepping;
  const how = { until: { taken: true }, alone: alone(stepping, false) };
  const pc = state.isX64 ? 'rip' : 'pc';
  for (let left = count; left > 0n; left--) {
    let from = await instructionPointer(state);
    let ended: Stop | null = null;
    while (!ended) {
      state.cancel.check();
      const { steps, stop, reached } = await recordChunk(stepping, RECORDED_AT_ONCE, [pc], how);
      // The last one is where it has led.
      from = steps.at(reached ? -2 : -1)?.registers[0] ?? from;
      if (reached) state.current.branchedFrom = from;
      if (reached) host.output('normal', `${await branchLine(state, from)}\n`);
      if (reached || stop.reason !== 'step') ended = stop;
    }
    const last = left === 1n || !IN_LINE.has(ended.reason);
    await execution.show(ended, false, last ? stepping.last : undefined);
    if (last) return;
  }
}

/** ``loop!work+0x1d (00000000`00401202) -> loop!work+0x30 (00000000`00401215)``. */
async function branchLine(state: DebuggerState, from: bigint): Promise<string> {
  const ends = [from, await instructionPointer(state)];
  const hits = await state.target.symbolize(ends);
  const place = (at: bigint, index: number): string => {
    const hit = hits[index];
    const number = address(at, state.pointerSize);
    return hit ? `${symbol(hit)} (${number})` : number;
  };
  return ends.map(place).join(' -> ');
}

/** Null: a second chance was reported instead. */
async function nextOfKind(
  stepping: Stepping,
  over: boolean,
  goal: StepGoal & { readonly kinds: readonly InstructionKind[] },
): Promise<Stop | null> {
  const { state, execution, only } = stepping;
  if (state.pending) {
    // The signal's first or second chance comes with a step of its own.
    const stop = await execution.resume({ kind: over ? 'nextInstruction' : 'stepInstruction', ...only });
    if (!stop || !IN_LINE.has(stop.reason)) return stop;
    const [next] = await state.target.disassemble(await instructionPointer(state), 1);
    const kind = next ? instructionKind(next.text) : null;
    if (kind && goal.kinds.includes(kind)) return stop;
  }
  // Calls are where it ends: the only one to be stepped over is that at the beginning. Not those of the line that is to be
  // left: which one that is counts from the beginning of what is recorded.
  const endsAtCalls = goal.kinds.includes('call') && !goal.leavesLine;
  let atOnce = goal.leavesLine ? UNSEEN_AT_ONCE : UNSEEN_FIRST;
  for (let first = true; ; first = false) {
    state.cancel.check();
    const steps = over && (first || !endsAtCalls);
    const how = { over: steps, until: goal, alone: alone(stepping, steps) };
    const count = steps && endsAtCalls ? 1 : atOnce;
    const began = performance.now();
    const { reached, stop } = await recordChunk(stepping, count, [], how);
    if (reached || stop.reason !== 'step') return stop;
    if (count === atOnce && performance.now() - began < UNSEEN_MS / 2)
      atOnce = Math.min(atOnce * 2, UNSEEN_AT_ONCE);
  }
}

/** Others are kept still where that is asked for, and where there are none: it is faster. */
function alone({ state, only }: Stepping, over: boolean): boolean {
  const held = state.current.held.length > 0;
  return only.onlyThread === true || held || (!over && state.threads.length <= 1);
}

/**
 * Steps, and shows the steps as far as they ended by themselves; false: something else stopped it, or the goal was
 * reached, which has been shown. `count` null: to the goal. What one recording brought is put into words while the back
 * end makes the next.
 */
async function recorded(stepping: Stepping, count: bigint | null, how: StepHow): Promise<boolean> {
  const { state, execution } = stepping;
  const constant = await stopRegisters(state);
  let show = (): void => {};
  for (let left = count; left === null || left > 0n; ) {
    const chunk = left === null || left > RECORDED_AT_ONCE ? RECORDED_AT_ONCE : Number(left);
    const recording = recordChunk(stepping, chunk, RECORDED, how);
    show();
    const { steps, stop, reached } = await recording;
    const ended = stop.reason !== 'step' || reached;
    // The step that ended it is shown as a stop. Of a target that has gone nothing can be read any more.
    const seen = stop.thread === null ? [] : ended ? steps.slice(0, -1) : steps;
    show = await stepsToShow(stepping, constant, seen);
    if (left !== null) left -= BigInt(steps.length);
    if (!ended && !state.cancel.requested) continue;
    show();
    if (ended) await execution.show(stop, false, stepping.last);
    if (!reached) state.cancel.check();
    return false;
  }
  show();
  return true;
}

type Recording = Awaited<ReturnType<DebuggerState['target']['stepRecording']>>;

/** Up to `count` steps with the values of registers, in the current system. */
export async function recordChunk(
  { state, execution, only }: Pick<Stepping, 'state' | 'execution' | 'only'>,
  count: number,
  registers: readonly string[],
  how: StepHow,
): Promise<Recording> {
  const runs = only.thread ?? state.thread;
  if (state.current.held.includes(runs)) throw engineErrors.threadHeld(runs);
  state.progress.stepped(0);
  let done: Recording | null = null;
  const stop = await execution.settle(true, async (thread) => {
    done = await state.target.stepRecording(only.thread ?? thread, count, registers, how);
    return done.stop;
  });
  const recording: Recording = done ?? { steps: [], stop, reached: false };
  const whole = registers.length === 0 && stop.reason === 'step' && !recording.reached;
  state.progress.stepped(whole ? count : recording.steps.length);
  if (IN_LINE.has(stop.reason) || !(await execution.passes(stop))) return recording;
  // An event that nobody stops for: what it was in the midst of goes on.
  return { ...recording, stop: { reason: 'step', thread: stop.thread, breakpoints: [] } };
}

/** Reads the code that the steps came through; the answer prints them. */
async function stepsToShow(
  { state, host }: Stepping,
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
    for (const registers of all.slice(-2)) state.current.standsAt(ipOf(registers), true);
    if (lines.length > 0) host.output('prompt-registers', `${lines.join('\n')}\n`);
  };
}
