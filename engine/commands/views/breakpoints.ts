import type { SymbolHit } from '../../backend/types.ts';
import { symbol } from '../../format/address.ts';
import type { BreakpointRow, BreakpointsView } from '../../protocol/views.ts';
import type { Breakpoint } from '../breakpoints/breakpoint.ts';
import { conditionText } from '../breakpoints/list.ts';
import type { DebuggerState } from '../state.ts';
import { placeOf, travelling } from './text.ts';

export async function breakpointsView(state: DebuggerState): Promise<BreakpointsView> {
  const all = state.breakpoints.all();
  const placed = all.flatMap(({ info }) => info?.address ?? []);
  const hits = placed.length > 0 ? await state.target.symbolize(placed) : [];
  const names = new Map(placed.map((each, index) => [each, hits[index] ?? null]));
  return { breakpoints: all.map((breakpoint) => row(breakpoint, names)) };
}

function row(breakpoint: Breakpoint, names: ReadonlyMap<bigint, SymbolHit | null>): BreakpointRow {
  const { id, kind, enabled, info, access, passes, oneShot, thread, commands, expression } = breakpoint;
  const address = info?.address ?? null;
  const hit = address === null ? null : names.get(address);
  return {
    id,
    kind,
    enabled,
    place: hit ? symbol(hit) : expression,
    address: address === null ? null : travelling(address),
    source: placeOf(info?.source),
    access: access ? `${access.type}${access.size}` : '',
    hits: info?.hits ?? 0,
    passes,
    oneShot,
    thread,
    condition: conditionText(breakpoint).trim(),
    when: breakpoint.condition,
    depth: conditionText({ ...breakpoint, condition: '' }).trim(),
    expression,
    commands,
  };
}
