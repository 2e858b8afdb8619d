import { engineErrors } from '../../errors.ts';
import type { System } from '../system.ts';
import type { Breakpoint } from './breakpoint.ts';

/** Hardware breakpoints that are enabled, and how many the CPU takes; null: not known. */
export function slotsUsed(state: Pick<System, 'breakpoints' | 'backend'>): {
  readonly slots: number | null;
  readonly breakpoints: readonly Breakpoint[];
} {
  const breakpoints = state.breakpoints
    .all()
    .filter(({ access, enabled, info }) => access && enabled && info);
  return { slots: state.backend?.capabilities.hardwareSlots ?? null, breakpoints };
}

/** Whether one more can be enabled, or this one in place of another: GDB would say so at the next resume only. */
export function expectSlot(state: Pick<System, 'breakpoints' | 'backend'>, instead?: Breakpoint): void {
  const { slots, breakpoints } = slotsUsed(state);
  const others = breakpoints.filter((breakpoint) => breakpoint !== instead);
  if (slots === null || others.length < slots) return;
  throw engineErrors.hardwareFull(
    slots,
    others.map(({ id }) => id),
  );
}
