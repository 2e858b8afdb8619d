import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';
import { Linux } from './linux.ts';

/** What a kernel is, looked at anew: Linux or another. What cannot be found out is no reason not to debug it. */
export async function findLinux(state: DebuggerState, system: System, force: boolean): Promise<void> {
  const { spec } = system;
  const old = system.linux;
  system.linux = null;
  await old?.dispose();
  const check = state.cancel.fromNowOn();
  try {
    system.linux = await Linux.find(system, {
      symbolPath: state.symbolPath,
      image: (spec?.kind === 'stub' ? spec.image : undefined) ?? null,
      force,
      check,
    });
  } catch (error) {
    check();
    if (force) throw error;
  }
  system.linuxLooks = system.linux ? 0 : system.linuxLooks + 1;
  system.forgetModules();
}

/** A machine that never comes to Linux is not asked for it at every stop. */
const MOST_LOOKS = 8;

/**
 * After a kernel has run: whether it is the one that it was. One that has started anew lies elsewhere, and one that was met
 * before its start is there now. Answers what has come of it.
 */
export async function followLinux(
  state: DebuggerState,
  system: System,
): Promise<'same' | 'found' | 'moved' | 'gone'> {
  const { linux } = system;
  if (!system.isKernel || (!linux && system.linuxLooks >= MOST_LOOKS)) return 'same';
  try {
    if (linux && (await linux.isThere())) return 'same';
    if (linux) system.linuxLooks = 0;
    await findLinux(state, system, false);
  } catch {
    // Given up, or the link is lost: the stop is shown all the same, and .reload looks again.
  }
  if (system.linux) return system.linux === linux ? 'same' : linux ? 'moved' : 'found';
  return linux ? 'gone' : 'same';
}

/** A kernel's modules come and go without a word. */
export async function refreshModules(state: DebuggerState): Promise<void> {
  const { linux } = state.current;
  await linux?.refreshModules(state.symbolPath, () => state.cancel.check());
}
