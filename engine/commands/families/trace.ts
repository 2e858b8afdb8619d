import { engineErrors } from '../../errors.ts';
import { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { stepMany } from '../stops/stepping.ts';
import { type TraceOptions, watchTrace } from '../trace/watch-trace.ts';
import { begin, finish, readStart } from './step.ts';

interface Read {
  depth: number | null;
  readonly only: Set<string>;
  readonly without: Set<string>;
  readonly flags: Set<string>;
}

/** `-l Depth`, `-m Module`, `-i Module` and those without a value. */
async function readOptions(context: CommandContext, args: Args): Promise<Read> {
  const read: Read = { depth: null, only: new Set(), without: new Set(), flags: new Set() };
  for (;;) {
    const at = args.next;
    const option = args.match(/-(l|m|i|ni|nc|ns|nw|oa|or|oR)(?=\s|$)/y)?.[1];
    if (option === undefined) {
      if (/^-[a-z]/i.test(args.peekRest())) args.fail(at);
      return read;
    }
    if (option === 'l') read.depth = await readDepth(context, args);
    else if (option === 'm' || option === 'i')
      (option === 'm' ? read.only : read.without).add((args.word() ?? args.fail()).toLowerCase());
    else read.flags.add(option);
  }
}

/** One word: the next option would be taken for a subtraction. */
async function readDepth(context: CommandContext, args: Args): Promise<number> {
  const start = args.next;
  const word = args.word() ?? args.fail();
  return Number(await context.evaluate(new Args(args.line, start, start + word.length)));
}

function traceOptions({ depth, only, without, flags }: Read): TraceOptions {
  return {
    depth,
    ignores: (module) => {
      const name = module.toLowerCase();
      return without.has(name) || (only.size > 0 && !only.has(name));
    },
    tellsIgnored: !flags.has('ni'),
    calls: !flags.has('nc'),
    summary: !flags.has('ns'),
    callSites: flags.has('oa'),
    results: flags.has('oR') ? 'typed' : flags.has('or') ? 'hex' : 'none',
  };
}

async function trace(context: CommandContext, args: Args): Promise<Control> {
  const { state } = context;
  if (!state.isX64 && !state.isArm64)
    throw engineErrors.unsupported(
      'wt',
      'how calls go is known for x86-64 and AArch64 only',
      'Use tct in a loop, or p.',
    );
  const stepping = await begin(context, args);
  const options = traceOptions(await readOptions(context, args));
  await readStart(context, args);
  const end = args.done || args.peekRest().startsWith('"') ? null : await context.evaluate(args);
  return finish(context, args, stepping, async (whole) => {
    // A signal that is still to come takes the target elsewhere.
    const traced = state.pending === null && (await watchTrace(whole, options, end));
    if (!traced) await stepMany(whole, 'nextInstruction', 1n);
  });
}

export const traceCommands: readonly CommandEntry[] = [
  {
    name: 'wt',
    differences: 'At most 10,000 lines of calls are shown, and -nw changes nothing: there are no warnings.',
    aliases: ['wtr'],
    family: 'Execution',
    needs: 'live',
    threads: 'own',
    glue: /^[@$=(]/,
    syntax: [
      'wt [-l Depth] [-m Module] [-i Module] [-ni] [-nc] [-ns] [-nw] [-oa] [-or|-oR] [= Start] [EndAddress]',
    ],
    summary: 'Runs a function to its end and shows what it called, with counts of instructions.',
    help:
      'At the beginning of a function it traces to its return, at a call until that is back; elsewhere it is `p`, unless an end address is given. Each line has the ' +
      'instructions so far, those of what was called, the depth and the name; then a table of functions and one of system calls. `-l` goes no deeper ' +
      'than so many calls, `-m` looks at this module only, `-i` not at this one (both may be repeated; `-ni` does not show the calls into what is left out). `-nc` leaves out the lines, `-ns` the tables; ' +
      '`-oa` shows where calls are made, `-or` what functions returned, `-oR` by its type. `-nw` is taken: there are no warnings. Other threads stand still meanwhile. At most 10,000 lines are shown; a break-in ends it.',
    example: 'wt -l 2',
    run: trace,
  },
];
