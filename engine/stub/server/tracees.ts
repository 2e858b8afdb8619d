import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { parseStatus, type Status, tracerPid } from '../../machine/obstacles.ts';

/** The processes that `tracer` traces, by the kernel's own account. */
export async function traceesOf(tracer: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => tracerOf(pid) === tracer);
}

/** Who traces a process; 0: nobody, or there is no such process. */
export function tracerOf(pid: number): number {
  const status = statusOf(pid);
  return status ? tracerPid(status) : 0;
}

/** Stopped as by SIGSTOP, apart from any debugger. */
export function isSuspended(pid: number): boolean {
  return statusOf(pid)?.State?.startsWith('T') ?? false;
}

/** Stopped for its debugger. */
export function isHalted(pid: number): boolean {
  return statusOf(pid)?.State?.startsWith('t') ?? false;
}

/** Has a SIGSTOP waiting. */
export function isToBeSuspended(pid: number): boolean {
  const status = statusOf(pid);
  const pending = [status?.ShdPnd, status?.SigPnd].map((mask) => BigInt(`0x${mask ?? '0'}`));
  return pending.some((mask) => ((mask >> 18n) & 1n) === 1n);
}

function statusOf(pid: number): Status | null {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return null;
  }
}
