import type { Args } from '../args.ts';
import type { Breakpoint } from '../breakpoints/breakpoint.ts';
import { readBreakpointIds } from '../breakpoints/ids.ts';
import { breakpointLines } from '../breakpoints/list.ts';
import { unplace } from '../breakpoints/place.ts';
import { setBreakpoint } from '../breakpoints/set.ts';
import { expectSlot } from '../breakpoints/slots.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';

async function list(context: CommandContext, args: Args): Promise<Control | undefined> {
  const raw = args.take('/L');
  const chosen = readBreakpointIds(context, args, false);
  const lines = await breakpointLines(context.state, chosen, raw);
  if (lines.length > 0) context.print(lines.join('\n'));
  return undefined;
}

/** For `bc bd be`: does it for each that is named, and tells once. */
function forEach(
  work: (context: CommandContext, breakpoint: Breakpoint) => Promise<void>,
): CommandEntry['run'] {
  return async (context, args) => {
    const chosen = readBreakpointIds(context, args, true);
    for (const breakpoint of chosen) await work(context, breakpoint);
    if (chosen.length > 0) context.host.breakpointsChanged();
    return undefined;
  };
}

async function clear({ state }: CommandContext, breakpoint: Breakpoint): Promise<void> {
  await unplace(state, breakpoint);
  state.breakpoints.delete(breakpoint.id);
}

function enable(enabled: boolean) {
  return async ({ state }: CommandContext, breakpoint: Breakpoint): Promise<void> => {
    if (enabled && breakpoint.access) expectSlot(state, breakpoint);
    breakpoint.enabled = enabled;
    if (breakpoint.info && state.kind === 'live') {
      await state.target.enableBreakpoint(breakpoint.info.number, enabled);
    }
  };
}

function setter(kind: Breakpoint['kind']): CommandEntry['run'] {
  return async (context, args) => {
    await setBreakpoint(context, args, kind);
    return undefined;
  };
}

const family = 'Breakpoints' as const;
const setting = { family, needs: 'live', threads: 'own', glue: /^[0-9@$`.("/]/ } as const;
const naming = { family, needs: 'none', glue: /^[0-9*]/ } as const;
const IDS = 'Ids are decimal, single or as a range, with blanks or commas between them; `*` stands for all.';

export const breakpointCommands: readonly CommandEntry[] = [
  {
    ...setting,
    name: 'bp',
    syntax: ['[~Thread] bp[ID] [/1] [Address [Passes]] ["Commands"]'],
    summary: 'Sets a breakpoint.',
    help:
      'Without an address it is set here. `/1` removes it when it is hit. Passes: it stops at that hit. ' +
      'The commands run when it is hit by running (not by stepping); one that resumes ends them. With a ' +
      'thread before it, only that thread stops. A name that is not known yet makes it a `bu`.',
    example: 'bp loop!work 3 "k; g"',
    run: setter('bp'),
  },
  {
    ...setting,
    name: 'bu',
    syntax: ['[~Thread] bu[ID] [/1] Address [Passes] ["Commands"]'],
    summary: 'Sets a breakpoint on a name that may become known later.',
    help: 'It is put in place when the module that has the name is loaded.',
    example: 'bu plugin!init',
    run: setter('bu'),
  },
  {
    ...setting,
    name: 'ba',
    syntax: ['[~Thread] ba Access Size [/1] Address [Passes] ["Commands"]'],
    summary: 'Sets a hardware breakpoint: on access to memory, or on execution.',
    help: 'Access is `w` (write), `r` (read or write) or `e` (execute); Size is 1, 2, 4 or 8, for `e` always 1. The address has to be a multiple of it. x86 CPUs take four at a time.',
    example: 'ba w4 loop!g_count',
    glue: /^[erw]/i,
    run: setter('ba'),
  },
  {
    ...naming,
    name: 'bl',
    syntax: ['bl [/L] [Ids]'],
    summary: 'Lists breakpoints.',
    help: `Each with the hits that are left until it stops. /L leaves out source lines. ${IDS}`,
    example: 'bl',
    glue: /^[0-9*/]/,
    run: list,
  },
  {
    ...naming,
    name: 'bc',
    syntax: ['bc Ids'],
    summary: 'Removes breakpoints.',
    help: IDS,
    example: 'bc 0-2 4',
    run: forEach(clear),
  },
  {
    ...naming,
    name: 'bd',
    syntax: ['bd Ids'],
    summary: 'Disables breakpoints.',
    help: `They stay in the list and stop nothing. ${IDS}`,
    example: 'bd *',
    run: forEach(enable(false)),
  },
  {
    ...naming,
    name: 'be',
    syntax: ['be Ids'],
    summary: 'Enables breakpoints again.',
    help: IDS,
    example: 'be 1',
    run: forEach(enable(true)),
  },
];
