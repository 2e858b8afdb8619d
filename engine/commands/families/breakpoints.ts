import { joined } from '../../dml/marked.ts';
import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { Breakpoint } from '../breakpoints/breakpoint.ts';
import { readBreakpoint, readBreakpointIds, readId } from '../breakpoints/ids.ts';
import { breakpointLines, commandOf } from '../breakpoints/list.ts';
import { setByPattern } from '../breakpoints/pattern.ts';
import { unplace } from '../breakpoints/place.ts';
import { setBreakpoint } from '../breakpoints/set.ts';
import { expectSlot } from '../breakpoints/slots.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';

async function list(context: CommandContext, args: Args): Promise<Control | undefined> {
  const raw = args.take('/L');
  const chosen = await readBreakpointIds(context, args, false);
  const lines = await breakpointLines(context.state, chosen, raw);
  if (lines.length > 0) context.print(joined(lines, '\n'));
  return undefined;
}

/** For `bc bd be`: does it for each that is named, and tells once. */
function forEach(
  work: (context: CommandContext, breakpoint: Breakpoint) => Promise<void>,
): CommandEntry['run'] {
  return async (context, args) => {
    const chosen = await readBreakpointIds(context, args, true);
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

/** `br Old New [Old New…]`: all pairs are read before the first is done. */
async function renumber(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { breakpoints } = context.state;
  const pairs: [Breakpoint, number][] = [];
  do {
    const old = await readBreakpoint(context, args);
    const at = args.next;
    const id = await readId(context, args);
    const leaves = pairs.some(([each]) => each.id === id);
    const comes = pairs.some(([, other]) => other === id);
    if (comes || (!leaves && breakpoints.get(id)) || breakpoints.isElsewhere(id))
      throw engineErrors.badArgument(`There is a breakpoint ${id} already`, at);
    pairs.push([old, id]);
  } while (args.take(',') || !args.done);
  for (const [breakpoint, id] of pairs) breakpoints.rename(breakpoint, id);
  context.host.breakpointsChanged();
  return undefined;
}

/** `bs ID ["Commands"]`. */
async function setCommands(context: CommandContext, args: Args): Promise<Control | undefined> {
  const breakpoint = await readBreakpoint(context, args);
  const commands = args.quoted() ?? '';
  args.expectEnd();
  Object.assign(breakpoint, { commands, owner: context.caller });
  context.host.breakpointsChanged();
  return undefined;
}

/** `bsc ID Condition ["Commands"]`. */
async function setConditional(context: CommandContext, args: Args): Promise<Control | undefined> {
  const breakpoint = await readBreakpoint(context, args);
  const start = args.next;
  await context.evaluate(args);
  const condition = args.text.slice(start, args.position).trim();
  const commands = args.quoted() ?? '';
  args.expectEnd();
  Object.assign(breakpoint, { commands: `j (${condition}) '${commands}'; 'gc'`, owner: context.caller });
  context.host.breakpointsChanged();
  return undefined;
}

async function listCommands(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  for (const breakpoint of context.state.breakpoints.all())
    context.print(commandOf(context.state, breakpoint));
  return undefined;
}

/** `.bpsync [0|1]`: here it is always on. */
async function synchronize(context: CommandContext, args: Args): Promise<Control | undefined> {
  const wanted = args.word();
  args.expectEnd();
  if (wanted === '0')
    throw engineErrors.unsupported(
      '.bpsync 0',
      'GDB steps over a breakpoint with the other threads stopped, so that none runs past it',
      'A thread before a command (~1 g) runs that one alone.',
    );
  if (wanted !== null && wanted !== '1') args.fail(args.position - wanted.length);
  context.print('Other threads are held while a thread steps over a breakpoint.');
  return undefined;
}

function setter(kind: Breakpoint['kind']): CommandEntry['run'] {
  return async (context, args) => {
    await setBreakpoint(context, args, kind);
    return undefined;
  };
}

const family = 'Breakpoints' as const;
const setting = { family, needs: 'live', threads: 'own', glue: /^[0-9@$`.("/[]/ } as const;
const naming = { family, needs: 'none', glue: /^[0-9*["]/ } as const;
const IDS =
  'Ids are decimal, single or as a range (`0-2`), with blanks or commas between them; `[Expression]` is an id too, `"Pattern"` stands for those on symbols that match it, and `*` for all.';
const OPTIONS =
  '`/1` removes it when it is hit. `/w "Expression"` stops only where that C or C++ expression holds, which GDB tests itself (`@rax` is a register); at the beginning of a function it stands behind the prologue, where the parameters are in place. `/c N` stops only with fewer than N calls on the stack, `/C N` with more.';

export const breakpointCommands: readonly CommandEntry[] = [
  {
    ...setting,
    name: 'bp',
    differences:
      '/w is an expression of C or C++, tested inside GDB, without the data model; /p and /t are for kernels of Windows and refused.',
    syntax: ['[~Thread] bp[ID] [Options] [Address [Passes]] ["Commands"]'],
    summary: 'Sets a breakpoint.',
    help:
      `Without an address it is set here. ${OPTIONS} Passes: it stops at that hit. ` +
      'The commands run when it is hit by running (not by stepping); one that resumes ends them. With a ' +
      'thread before it, only that thread stops. A name that is not known yet makes it a `bu`.',
    example: 'bp loop!work 3 "k; g"',
    run: setter('bp'),
  },
  {
    ...setting,
    name: 'bu',
    syntax: ['[~Thread] bu[ID] [Options] Address [Passes] ["Commands"]'],
    summary: 'Sets a breakpoint on a name that may become known later.',
    help: `It is put in place when the module that has the name is loaded, and waits for that again when it has been unloaded. ${OPTIONS}`,
    example: 'bu plugin!init',
    run: setter('bu'),
  },
  {
    ...setting,
    name: 'ba',
    syntax: ['[~Thread] ba[ID] Access Size [Options] Address [Passes] ["Commands"]'],
    summary: 'Sets a hardware breakpoint: on access to memory, or on execution.',
    help: `Access is \`w\` (write), \`r\` (read or write) or \`e\` (execute); Size is 1, 2, 4 or 8, for \`e\` always 1. The address has to be a multiple of it. x86 CPUs take four at a time. ${OPTIONS}`,
    example: 'ba w4 loop!g_count',
    glue: /^[erw0-9[]/i,
    run: setter('ba'),
  },
  {
    ...naming,
    name: 'bl',
    differences: 'There are no links in the lines: output is text.',
    syntax: ['bl [/L] [Ids]'],
    summary: 'Lists breakpoints.',
    help: `Each with the hits that are left until it stops. /L leaves out source lines. ${IDS}`,
    example: 'bl',
    glue: /^[0-9*/["]/,
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
  {
    ...naming,
    ...setting,
    name: 'bm',
    glue: /^[/"]/,
    syntax: ['[~Thread] bm [Options] [/a] [/d] [/(] SymbolPattern [Passes] ["Commands"]'],
    summary: 'Sets a breakpoint on every function whose name matches a pattern.',
    help: `As so many \`bu\`, or with \`/d\` as \`bp\`. \`/a\` takes data too, \`/(\` matches the types of parameters with the name. A pattern with blanks stands in quotes. At most 1,000 at a time. ${OPTIONS}`,
    example: 'bm loop!*work*',
    run: async (context, args) => {
      await setByPattern(context, args);
      return undefined;
    },
  },
  {
    ...naming,
    name: 'br',
    syntax: ['br Old New [Old New …]'],
    summary: 'Gives breakpoints other ids.',
    help: 'The new ids must be free, or become so by the same command. Ids are decimal.',
    example: 'br 0 7',
    run: renumber,
  },
  {
    ...naming,
    name: 'bs',
    syntax: ['bs ID ["Commands"]'],
    summary: 'Sets the commands of a breakpoint, or takes them away.',
    help: 'They run with the rights of whoever sets them, when it is hit by running.',
    example: 'bs 0 "k; g"',
    run: setCommands,
  },
  {
    ...naming,
    name: 'bsc',
    secure: 'allowed',
    syntax: ['bsc ID Condition ["Commands"]'],
    summary: 'Makes a breakpoint stop only where an expression is not zero.',
    help: "Its commands become `j (Condition) 'Commands'; 'gc'`. A condition that GDB tests (`bp /w`) is much faster.",
    example: 'bsc 0 (@edi = 2) ".echo two"',
    run: setConditional,
  },
  {
    family,
    needs: 'none',
    name: '.bpsync',
    secure: 'allowed',
    syntax: ['.bpsync [1]'],
    summary: 'Says whether other threads are held while one steps over a breakpoint: always, here.',
    help: 'So that none of them runs past it.',
    differences: 'WinDbg leaves the choice; `.bpsync 0` is refused.',
    example: '.bpsync',
    run: synchronize,
  },
  {
    family,
    needs: 'none',
    name: '.bpcmds',
    secure: 'allowed',
    syntax: ['.bpcmds'],
    summary: 'Shows the commands that set the breakpoints there are.',
    help: 'One a line, to be kept in a script.',
    example: '.bpcmds',
    run: listCommands,
  },
];
