import type { SymbolHit } from '../../backend/types.ts';
import { linked, type Marked } from '../../dml/marked.ts';
import { address, symbol } from '../../format/address.ts';
import type { DebuggerState } from '../state.ts';
import type { Breakpoint } from './breakpoint.ts';

/** Lines of `bl`. `raw`: addresses instead of source lines. */
export async function breakpointLines(
  state: DebuggerState,
  breakpoints: readonly Breakpoint[],
  raw: boolean,
): Promise<Marked[]> {
  const placed = breakpoints.flatMap(({ info }) => info?.address ?? []);
  const hits = placed.length > 0 ? await state.target.symbolize(placed) : [];
  const names = new Map(placed.map((each, index) => [each, hits[index] ?? null]));
  return breakpoints.map((breakpoint) => links(state, breakpoint, line(state, breakpoint, names, raw)));
}

function line(
  state: DebuggerState,
  breakpoint: Breakpoint,
  names: ReadonlyMap<bigint, SymbolHit | null>,
  raw: boolean,
): string {
  const { info, enabled } = breakpoint;
  const where = info?.address ?? null;
  const start = `${String(breakpoint.id).padStart(2)} ${enabled ? 'e' : 'd'}`;
  const passes = passText(breakpoint);
  const commands = `${conditionText(breakpoint)}${quoted(breakpoint.commands)}`;
  if (where === null) return `${start}u             ${passes} (${breakpoint.expression})${commands}`;
  const hit = names.get(where);
  const source = raw || !info?.source ? '' : `  [${info.source.file} @ ${info.source.line}]`;
  const access = breakpoint.access ? ` ${breakpoint.access.type} ${breakpoint.access.size} ` : '     ';
  const thread = breakpoint.thread === null ? '****' : `~${String(breakpoint.thread).padStart(3, '0')}`;
  const place = `${start} ${address(where, state.pointerSize)}${source}${access}`;
  return `${place}${passes}  0:${thread} ${hit ? symbol(hit) : ''}${commands}`.trimEnd();
}

/** The letter turns it on and off, the address shows its code. */
function links(state: DebuggerState, { id, enabled, info }: Breakpoint, text: string): Marked {
  const letter = linked(text, enabled ? 'e' : 'd', `${enabled ? 'bd' : 'be'} ${id}; bl`);
  const where = info?.address ?? null;
  return where === null
    ? letter
    : linked(letter, address(where, state.pointerSize), `u 0x${where.toString(16)}`);
}

function quoted(text: string): string {
  return text === '' ? '' : ` "${text.replaceAll('"', '\\"')}"`;
}

/** What it takes beside the place: ` /c 3 /w "n == 2"`. */
export function conditionText({ condition, depth }: Breakpoint): string {
  const below = depth.below ? ` /c ${depth.below}` : '';
  const above = depth.above ? ` /C ${depth.above}` : '';
  return `${below}${above}${condition === '' ? '' : ` /w${quoted(condition)}`}`;
}

/** What sets the breakpoint again: `bp1 0x00005555\`55555188 ;`. */
export function commandOf(state: DebuggerState, breakpoint: Breakpoint): string {
  const { id, kind, access, oneShot, passes, thread, expression, info } = breakpoint;
  const start = `${thread === null ? '' : `~${thread} `}${kind}${id}`;
  const size = access ? ` ${access.type}${access.size}` : '';
  const place =
    kind === 'bu' || info?.address == null ? expression : `0x${address(info.address, state.pointerSize)}`;
  const times = passes > 1 ? ` 0x${passes.toString(16)}` : '';
  const options = `${oneShot ? ' /1' : ''}${conditionText(breakpoint)}`;
  const end = `${times}${quoted(breakpoint.commands)}`;
  return `${start}${size}${options} ${place}${end}${kind === 'bu' ? '' : ' '};`;
}

/** Hits still to come until it stops, and how many were asked for. */
function passText({ passes, info }: Breakpoint): string {
  const left = Math.max(1, passes - (info?.hits ?? 0));
  const four = (count: number): string => count.toString(16).padStart(4, '0');
  return `${four(left)} (${four(passes)})`;
}
