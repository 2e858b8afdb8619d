import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { applyFilters } from '../events/apply.ts';
import { type BreakStatus, type EventFilter, signalOf, WINDOWS_ONLY } from '../events/filters.ts';

const STATUS: Readonly<Record<string, BreakStatus>> = { e: 'break', d: 'second', n: 'output', i: 'ignore' };

const SAID: Readonly<Record<BreakStatus, string>> = {
  break: 'break',
  second: 'second-chance break',
  output: 'output',
  ignore: 'ignore',
};

/** Other names; with `handled` they are for how the event is handled. */
const ALIASES: Readonly<Record<string, { readonly code: string; readonly handled?: true }>> = {
  cc: { code: 'cce', handled: true },
  bpec: { code: 'bpe', handled: true },
};

/** Codes of Windows exceptions, by which events may be named too. */
const NUMBERS: Readonly<Record<string, string>> = {
  c0000005: 'av',
  '80000003': 'bpe',
  c0000094: 'dz',
  c000001d: 'ii',
  e06d7363: 'eh',
  c0000095: 'iov',
  c0000006: 'ip',
  '80000002': 'dm',
  '40010005': 'cce',
  c0000420: 'asrt',
  c000001c: 'isc',
};

/** Events that may be narrowed by a pattern. */
const PATTERNED = new Set(['ld', 'ud', 'cpr', 'epr', 'out']);

interface Change {
  first?: string;
  second?: string;
  handling: boolean;
}

function readChange(args: Args): Change {
  const change: Change = { handling: false };
  for (;;) {
    const at = args.next;
    const option = args.match(/-(c2|c|h)(?=\s|"|$)/y)?.[1];
    if (option === undefined) {
      if (args.text[args.next] === '-') args.fail(at);
      return change;
    }
    if (option === 'h') change.handling = true;
    else {
      const text = args.quoted();
      if (text === null) args.fail(at);
      if (option === 'c') change.first = text;
      else change.second = text;
    }
  }
}

interface Chosen {
  readonly filter: EventFilter;
  readonly pattern: string | null;
  readonly handling: boolean;
}

function readEvent(context: CommandContext, args: Args): Chosen {
  const { filters } = context.state;
  const at = args.next;
  const word = args.match(/\*|[^\s:]+/y)?.[0];
  if (word === undefined) args.fail(at);
  const lower = word.toLowerCase();
  const alias = ALIASES[lower];
  const code = alias?.code ?? NUMBERS[lower.replace(/^0x|h$/g, '')] ?? lower;
  const windows = Object.hasOwn(WINDOWS_ONLY, code) ? WINDOWS_ONLY[code] : undefined;
  if (windows !== undefined) throw engineErrors.unsupported(`The event ${word}`, windows);
  const filter = filters.get(code) ?? ofSignal(context, word, at);
  return { filter, pattern: readPattern(args, filter), handling: alias?.handled === true };
}

/** A signal by name, or by number in the current base. */
function ofSignal({ state }: CommandContext, word: string, at: number): EventFilter {
  const plain = word.replace(/^0[xnty]/i, '');
  const base = /^0n/i.test(word) ? 10 : /^0x/i.test(word) ? 16 : state.radix;
  const number = /^[0-9a-f]+$/i.test(plain) ? Number.parseInt(plain, base) : Number.NaN;
  const name = signalOf(number > 0 && number <= 64 ? String(number) : word);
  if (name !== null) return state.filters.ofSignal(name);
  throw engineErrors.badArgument(
    `There is no event '${word}'; sx lists them, and a signal is named (SIGUSR1) or given by its number`,
    at,
  );
}

function readPattern(args: Args, { code }: EventFilter): string | null {
  const colon = args.text[args.position] === ':';
  if (colon) args.position++;
  if (args.done) return colon ? '' : null;
  if (!PATTERNED.has(code)) args.fail(args.next);
  return args.quoted() ?? args.rest();
}

/** `sxe`, `sxd`, `sxn`, `sxi`, `sx-`. */
async function setFilter(context: CommandContext, args: Args): Promise<Control | undefined> {
  const status = STATUS[context.name.slice(2).toLowerCase()];
  const change = readChange(args);
  const { filter, pattern, handling } = readEvent(context, args);
  args.expectEnd();
  if (status !== undefined) {
    if (change.handling || handling) setHandling(filter, status === 'break');
    else {
      filter.status = statusFor(filter, status);
      filter.pattern = pattern ?? '';
    }
  }
  const commands = (text: string) => (text === '' ? null : { text, owner: context.caller });
  if (change.first !== undefined) filter.first = commands(change.first);
  if (change.second !== undefined) filter.second = commands(change.second);
  await applyToAll(context);
  return undefined;
}

function setHandling(filter: EventFilter, handled: boolean): void {
  if (filter.handled === null)
    throw engineErrors.badArgument(`${filter.title} is no exception: there is nothing to handle`, 0);
  filter.handled = handled;
}

/** What is no exception has no second chance: it is told then. */
function statusFor({ handled }: EventFilter, status: BreakStatus): BreakStatus {
  return handled === null && status === 'second' ? 'output' : status;
}

async function applyToAll({ state }: CommandContext): Promise<void> {
  for (const system of state.systems) await applyFilters(state, system);
}

async function list(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const all = context.state.filters.all();
  const rest = all.filter(({ code }) => code === '*');
  const parts = [
    all.filter(({ handled }) => handled === null),
    all.filter((filter) => filter.handled !== null && !rest.includes(filter)),
    rest,
  ];
  context.print(parts.map((filters) => filters.flatMap(filterLines).join('\n')).join('\n\n'));
  return undefined;
}

function filterLines({ code, title, status, handled, pattern, first, second }: EventFilter): string[] {
  const goesOn = handled === null ? '' : ` - ${handled ? 'handled' : 'not handled'}`;
  const apart = Object.entries(ALIASES).find(([, alias]) => alias.code === code)?.[0];
  return [
    `${code.padStart(4)} - ${title} - ${SAID[status]}${apart === undefined ? goesOn : ''}`,
    ...(apart === undefined ? [] : [`${apart.padStart(4)} - ${title} continue${goesOn}`]),
    ...(pattern === '' ? [] : [`       (only for ${pattern})`]),
    ...(first === null ? [] : [`       Command: "${first.text}"`]),
    ...(second === null ? [] : [`       Second command: "${second.text}"`]),
  ];
}

async function reset(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  context.state.filters.reset();
  await applyToAll(context);
  return undefined;
}

const common = { family: 'Execution', needs: 'none', secure: 'allowed', threads: 'none' } as const;
const OPTIONS = '[-c "Commands"] [-c2 "Commands"] [-h] Event';
const EVENTS =
  'Event is a code that `sx` lists (`ld`, `ud`, `cpr`, `epr` and `out` with a pattern behind a colon or a blank: `ld:plug*`), a signal by name or by its number in the current base, or `*` for all signals without an entry of their own.';
const COMMANDS =
  '`-c` gives commands that run at the first chance whether it stops or not, `-c2` those of the second. `-h` sets, in place of whether it stops, what `g` does: with `sxe -h` the event is taken for handled, with the others the program gets its signal.';

export const eventCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'sx',
    differences:
      'Exceptions are signals and C++ exceptions; signals without a code of WinDbg’s are listed by their own names.',
    syntax: ['sx'],
    summary: 'Lists events: whether they stop the target, and who handles them.',
    help: 'Exceptions are signals and C++ exceptions. A signal is reported before the program gets it; that nobody would handle it is its second chance.',
    example: 'sx',
    run: list,
  },
  {
    ...common,
    name: 'sxe',
    syntax: [`sxe ${OPTIONS}`],
    summary: 'Stops at an event, for exceptions at the first chance.',
    help: `${EVENTS} ${COMMANDS} \`cpr\` is a fork or another program (exec); at \`epr\` the program stands at the end, before it is gone. Threads and output are seen a moment late: the target is then told to stop.`,
    example: 'sxe ld:libm*',
    run: setFilter,
  },
  {
    ...common,
    name: 'sxd',
    differences:
      'Whether a C++ exception will be caught cannot be known before; where it is not, the program aborts (asrt).',
    syntax: [`sxd ${OPTIONS}`],
    summary: 'Stops at an exception only when nobody handles it.',
    help: `Its first chance is told. What is no exception is told and does not stop. Nobody but the program can say whether a C++ exception will be caught: where it is not, the program aborts (\`asrt\`). ${EVENTS} ${COMMANDS}`,
    example: 'sxd av',
    run: setFilter,
  },
  {
    ...common,
    name: 'sxn',
    syntax: [`sxn ${OPTIONS}`],
    summary: 'Tells an event without a stop.',
    help: `${EVENTS} ${COMMANDS}`,
    example: 'sxn SIGUSR1',
    run: setFilter,
  },
  {
    ...common,
    name: 'sxi',
    syntax: [`sxi ${OPTIONS}`],
    summary: 'Does not even tell an event.',
    help: `A signal without commands then costs no stop at all. ${EVENTS} ${COMMANDS}`,
    example: 'sxi ld',
    run: setFilter,
  },
  {
    ...common,
    name: 'sx-',
    glue: /^\s/,
    syntax: ['sx- [-c "Commands"] [-c2 "Commands"] Event'],
    summary: 'Sets the commands of an event and nothing else.',
    help: `Empty quotes take them away. ${EVENTS}`,
    example: 'sx- -c "k 3" av',
    run: setFilter,
  },
  {
    ...common,
    name: 'sxr',
    syntax: ['sxr'],
    summary: 'Sets all events back to what they were at the start.',
    help: 'Their commands go too.',
    example: 'sxr',
    run: reset,
  },
];
