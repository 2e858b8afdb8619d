import type { ChildAccess, Resume, Stop } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { System } from '../system.ts';

/** Why children of a system's process cannot be debugged; null: they can. */
export function noChildren({ isKernel, backend, stub }: System): Error | null {
  if (isKernel) return engineErrors.unsupported('.childdbg', 'a kernel has no child processes');
  const access = backend?.children;
  if (typeof access !== 'string') return null;
  const way = `sxe cpr stops at a fork; a process server (hawser dbgsrv) in the place of ${stub?.connection ?? 'this stub'} gives children too.`;
  return engineErrors.unsupported('.childdbg', access, way);
}

/** What came of a child. */
export type Kept = 'stands' | 'ended' | 'shares';

/**
 * Keeps the child that a stop tells of where it is, for a debugger of its own: SIGSTOP, sent while its parent's still holds it. That one
 * lets it go as the parent makes its next step. `shares`: it was made by vfork and this target cannot keep it from its parent's memory.
 */
export async function keepChild(
  system: System,
  event: NonNullable<Stop['event']>,
  step: (how: Resume) => Promise<unknown>,
  signal: AbortSignal,
): Promise<Kept> {
  const access = system.target.children as ChildAccess;
  const { pid = 0, shares = false } = event;
  const { runToExec } = access;
  if (shares && !runToExec) return 'shares';
  await access.stop(pid);
  const stepped = step({ kind: 'stepInstruction', thread: system.thread, onlyThread: true });
  stepped.catch(() => {});
  try {
    if (!shares) await stepped;
    await access.stands(pid);
    // Its parent makes no step before that.
    const runs = !shares || (await runToExec?.call(access, pid, signal)) === true;
    await stepped;
    return runs ? 'stands' : 'ended';
  } catch (error) {
    await access.release(pid);
    throw error;
  }
}

export function releaseChild(system: System, pid: number): Promise<void> {
  return (system.target.children as ChildAccess).release(pid);
}
