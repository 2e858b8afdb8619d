import type { BreakpointRow } from '../../engine/protocol/views.ts';
import { anyRadix } from './text.ts';

/** What of a breakpoint can be another. */
export type BreakpointChange = Partial<
  Pick<BreakpointRow, 'when' | 'commands' | 'passes' | 'thread' | 'oneShot' | 'expression'>
>;

const quoted = (text: string) => `"${text.replaceAll('"', '\\"')}"`;

/** The command that sets a breakpoint anew, as it is but for the change; its commands alone are set without that. */
export function breakpointCommand(row: BreakpointRow, change: BreakpointChange): string {
  const { id, kind, access, address, enabled, depth } = row;
  if (change.commands !== undefined && Object.keys(change).length === 1)
    return `bs ${id} ${quoted(change.commands)}`;
  const { when, commands, passes, thread, oneShot, expression } = { ...row, ...change };
  const place = kind === 'bu' || address === null || change.expression !== undefined ? expression : address;
  const words = [
    `${thread === null ? '' : `~${thread} `}${kind}${id}`,
    access === '' ? '' : `${access.slice(0, 1)} ${access.slice(1)}`,
    oneShot ? '/1' : '',
    depth,
    when === '' ? '' : `/w ${quoted(when)}`,
    place,
    passes > 1 ? anyRadix(passes) : '',
    commands === '' ? '' : quoted(commands),
  ];
  const line = words.filter((word) => word !== '').join(' ');
  return enabled ? line : `${line}; bd ${id}`;
}
