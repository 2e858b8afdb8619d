import { readFileSync } from 'node:fs';
import { engineErrors } from '../../errors.ts';
import type { System } from '../system.ts';

/** The kernel stops a process that has got SIGSTOP at once, unless it is busy. */
const STOPPED_WITHIN_MS = 5000;
const LOOK_MS = 5;

/** Why children of a system's process cannot be debugged; null: they can. */
export function noChildren(system: System): Error | null {
  if (system.isKernel) return engineErrors.unsupported('.childdbg', 'a kernel has no child processes');
  if (system.stub === null) return null;
  return engineErrors.unsupported(
    '.childdbg',
    'children of processes behind a stub run on by themselves',
    `sxe cpr stops at a fork, and .attach -premote ${system.stub.connection} takes the child.`,
  );
}

/** A child that the debugger of its parent still holds: it will stand when that lets it go. */
export function stopChild(pid: number): void {
  process.kill(pid, 'SIGSTOP');
}

/** It could not be taken: nobody is to find it standing. */
export function continueChild(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended.
  }
}

/** Nobody traces it any more, and it stands. Rejects ATTACH_REFUSED where that does not come. */
export async function childStands(pid: number): Promise<void> {
  const end = Date.now() + STOPPED_WITHIN_MS;
  while (!stands(pid)) {
    if (Date.now() > end) throw engineErrors.attachRefused(pid, 'it does not stop', 'It runs on by itself.');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function stands(pid: number): boolean {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    throw engineErrors.attachRefused(pid, 'it has ended', '');
  }
  return /^State:\tT /m.test(status) && /^TracerPid:\t0$/m.test(status);
}
