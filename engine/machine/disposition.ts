import { readFileSync } from 'node:fs';
import type { SignalDisposition } from '../backend/types.ts';
import { signalNumber } from './signals.ts';

/** What a process of this machine does with a signal, as /proc/PID/status has it in its masks. */
export function signalDisposition(pid: number, signal: string): SignalDisposition {
  const number = signalNumber(signal);
  if (pid <= 0 || number <= 0) return 'unknown';
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return 'unknown';
  }
  const caught = isIn(status, 'SigCgt', number);
  if (caught === null) return 'unknown';
  if (caught) return 'caught';
  return isIn(status, 'SigIgn', number) ? 'ignored' : 'default';
}

function isIn(status: string, mask: string, number: number): boolean | null {
  const digits = new RegExp(`^${mask}:\\s*([0-9a-f]+)$`, 'm').exec(status)?.[1];
  if (digits === undefined) return null;
  return ((BigInt(`0x${digits}`) >> BigInt(number - 1)) & 1n) === 1n;
}
