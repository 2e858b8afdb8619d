import type { DebuggerState } from '../state.ts';
import type { Breakpoint } from './breakpoint.ts';

/** Hardware breakpoints that are enabled, and how many the CPU takes; null: not known. */
export function slotsUsed(state: DebuggerState): {
  readonly slots: number | null;
  readonly breakpoints: readonly Breakpoint[];
} {
  const breakpoints = state.breakpoints
    .all()
    .filter(({ access, enabled, info }) => access && enabled && info);
  return { slots: state.backend?.capabilities.hardwareSlots ?? null, breakpoints };
}
