import type { HawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import { matchesWildcard } from '../../expressions/wildcard.ts';
import { symbol } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import type { Breakpoint } from './breakpoint.ts';

/** `*`, `1 3`, `0-2,4`, `[expression]`, `"symbol wildcard"`; nothing: all. Every one named must exist, so that a slip changes nothing. */
export async function readBreakpointIds(
  context: CommandContext,
  args: Args,
  required: boolean,
): Promise<readonly Breakpoint[]> {
  const all = context.state.breakpoints.all();
  if (args.done && !required) return all;
  const chosen = new Set<Breakpoint>();
  do {
    for (const breakpoint of await readSome(context, args, all)) chosen.add(breakpoint);
  } while (args.take(',') || !args.done);
  return [...chosen];
}

async function readSome(
  context: CommandContext,
  args: Args,
  all: readonly Breakpoint[],
): Promise<readonly Breakpoint[]> {
  const at = args.next;
  if (args.take('*')) return all;
  const pattern = args.quoted();
  if (pattern !== null) return bySymbol(context, all, pattern);
  const first = await readId(context, args);
  const last = args.take('-') ? await readId(context, args) : first;
  const range = all.filter(({ id }) => id >= first && id <= last);
  if (range.length === 0) throw missing(context.state, first, at);
  return range;
}

/** `3` or `[expression]`. */
export async function readId(context: CommandContext, args: Args): Promise<number> {
  const at = args.next;
  if (!args.take('[')) return args.decimal() ?? args.fail(at);
  const id = await context.evaluate(args);
  if (!args.take(']')) args.fail();
  return Number(id);
}

export async function readBreakpoint(context: CommandContext, args: Args): Promise<Breakpoint> {
  const at = args.next;
  const id = await readId(context, args);
  const found = context.state.breakpoints.get(id);
  if (!found) throw missing(context.state, id, at);
  return found;
}

async function bySymbol(
  { state }: CommandContext,
  all: readonly Breakpoint[],
  pattern: string,
): Promise<readonly Breakpoint[]> {
  const placed = all.filter(({ info }) => info?.address != null);
  const hits =
    placed.length > 0 ? await state.target.symbolize(placed.map(({ info }) => info?.address ?? 0n)) : [];
  const names = new Map(placed.map((each, index) => [each, hits[index] ?? null]));
  return all.filter((breakpoint) => {
    const hit = names.get(breakpoint);
    const name = hit ? symbol(hit) : breakpoint.expression.replace(/^@!"(.*)"$/, '$1');
    return matchesWildcard(pattern, name) || matchesWildcard(pattern, name.slice(name.indexOf('!') + 1));
  });
}

function missing({ breakpoints }: CommandContext['state'], id: number, at: number): HawserError {
  const elsewhere = breakpoints.isElsewhere(id) ? 'in this system (|| lists systems, ||Ns switches)' : '';
  return engineErrors.badArgument(`There is no breakpoint ${id} ${elsewhere}`.trimEnd(), at);
}
