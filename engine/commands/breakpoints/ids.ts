import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import type { Breakpoint } from './breakpoint.ts';

/** `*`, `1 3`, `0-2,4`; nothing: all. Every one named must exist, so that a slip changes nothing. */
export function readBreakpointIds(
  { state }: CommandContext,
  args: Args,
  required: boolean,
): readonly Breakpoint[] {
  const all = state.breakpoints.all();
  if (args.done && !required) return all;
  const chosen = new Set<Breakpoint>();
  do {
    const at = args.position;
    if (args.take('*')) {
      for (const breakpoint of all) chosen.add(breakpoint);
      continue;
    }
    const first = args.decimal();
    if (first === null) args.fail(at);
    const last = args.take('-') ? (args.decimal() ?? args.fail(args.position)) : first;
    const range = all.filter(({ id }) => id >= first && id <= last);
    if (range.length === 0) throw engineErrors.badArgument(`There is no breakpoint ${first}`, at);
    for (const breakpoint of range) chosen.add(breakpoint);
  } while (args.take(',') || !args.done);
  return [...chosen];
}
