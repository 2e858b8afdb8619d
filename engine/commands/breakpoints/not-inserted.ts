import { HawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import { address as formatAddress } from '../../format/address.ts';
import type { System } from '../system.ts';
import type { Breakpoint } from './breakpoint.ts';
import { slotsUsed } from './slots.ts';

export function isNotInserted(error: unknown): error is HawserError {
  return error instanceof HawserError && error.code === 'BREAKPOINT_NOT_INSERTED';
}

/** The back end's error in the user's terms: ids as `bl` shows them, and what to do. */
export function notInserted(system: System, { data }: HawserError): HawserError {
  const numbers = Array.isArray(data.numbers) ? data.numbers : [];
  const named = numbers.flatMap((number) => system.breakpoints.byBackendNumber(Number(number)) ?? []);
  if (data.hardware === true) return tooMany(system, named);
  const [first] = named;
  const where = first?.info?.address ?? (typeof data.address === 'string' ? BigInt(data.address) : null);
  const at = where === null ? '' : ` at ${formatAddress(where, system.pointerSize)}`;
  return engineErrors.breakpointNotInserted(
    `${first ? `Breakpoint ${first.id}` : 'A breakpoint for this run'} cannot be set${at}: no memory that can be written is there.`,
    first
      ? `The target has not moved. bc ${first.id} clears the breakpoint, bd ${first.id} disables it; then go on.`
      : 'The target has not moved. Check the address, or where the function returns to (k).',
    data,
  );
}

function tooMany(system: System, named: readonly Breakpoint[]): HawserError {
  const which = named.map(({ id }) => id).join(' ');
  const { slots, breakpoints } = slotsUsed(system);
  const ids = breakpoints.map(({ id }) => id).join(' ');
  const full = slots !== null && breakpoints.length > slots;
  return engineErrors.breakpointNotInserted(
    `Hardware breakpoint ${which} cannot be set: ${
      full
        ? `the CPU has room for ${slots}, and ${breakpoints.length} are enabled (${ids})`
        : 'the CPU, or the virtual machine that it is in, has no room for it'
    }.`.replace('  ', ' '),
    `The target has not moved. Clear (bc) or disable (bd) ${breakpoints.length > 1 ? `one of ${ids}` : ids || 'it'}; then go on.`,
    {},
  );
}
