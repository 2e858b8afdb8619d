import { engineErrors } from '../../errors.ts';
import type { DebuggerState } from '../state.ts';
import { thisMachine } from './this-machine.ts';

/** Linux counts in hundredths of a second wherever this has been run (USER_HZ), all architectures of ours among them. */
const TICK_MS = 10;

interface Times {
  readonly started: Date;
  /** Milliseconds. */
  readonly uptime: number;
  readonly kernel: number;
  readonly user: number;
}

/** Milliseconds since the target's machine was started. */
export async function systemUptime(state: DebuggerState): Promise<number> {
  return Number((await readText(state, '/proc/uptime')).split(' ')[0]) * 1000;
}

export function processTimes(state: DebuggerState): Promise<Times> {
  return times(state, `/proc/${state.process?.pid ?? 0}/stat`);
}

/** Of the current thread. */
export function threadTimes(state: DebuggerState): Promise<Times> {
  return times(state, `/proc/${state.process?.pid ?? 0}/task/${state.threadInfo?.tid ?? 0}/stat`);
}

async function times(state: DebuggerState, path: string): Promise<Times> {
  const text = await readText(state, path);
  // The name, in brackets, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (field: number): number => Number(fields[field - 3]) * TICK_MS;
  const uptime = (await systemUptime(state)) - ticks(22);
  return { started: new Date(Date.now() - uptime), uptime, kernel: ticks(15), user: ticks(14) };
}

/** They are short; what is longer is no such file. */
const LONGEST = 0x1_0000;

/** A short file of the target's machine. */
export async function readText(state: DebuggerState, path: string): Promise<string> {
  const machine = state.current.stub?.machine ?? thisMachine();
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of machine.readFile(path, null, 0)) {
    pieces.push(piece as Buffer);
    length += (piece as Buffer).length;
    if (length > LONGEST) throw engineErrors.tooMuch(`The file '${path}'`, LONGEST, 'bytes');
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** `0 days 0:00:01.210`. */
export function spanText(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(whole / 86_400_000);
  const hours = Math.floor(whole / 3_600_000) % 24;
  const minutes = Math.floor(whole / 60_000) % 60;
  const seconds = Math.floor(whole / 1000) % 60;
  return `${days} days ${hours}:${two(minutes)}:${two(seconds)}.${String(whole % 1000).padStart(3, '0')}`;
}
