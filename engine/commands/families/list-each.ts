import type { TypedValue } from '../../backend/types.ts';
import { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { readNumber } from '../memory/read.ts';

interface ListOptions {
  /** `Module!Type`. */
  type: string;
  /** `Field.Sub`. */
  field: string;
  commands: string;
  /** What follows the commands and the address. */
  behind: string;
  echo: boolean;
  most: bigint | null;
}

/** `!list -t [Module!]Type.Field[.Sub] [-x "Commands"] [-a "Arguments"] [-e] [-m Max] Start`; all of it may stand in quotes. */
async function list(context: CommandContext, line: Args): Promise<Control> {
  const whole = line.quoted();
  if (whole !== null) line.expectEnd();
  const args = whole === null ? line : new Args(whole, 0, whole.length);
  const options = await readOptions(context, args);
  const start = await context.evaluate(args);
  args.expectEnd();
  const link = await readLink(context, options);
  return walk(context, options, link, BigInt.asUintN(64, start));
}

async function readOptions(context: CommandContext, args: Args): Promise<ListOptions> {
  const options: ListOptions = { type: '', field: '', commands: 'dp', behind: '', echo: false, most: null };
  for (let option = readOption(args); option !== null; option = readOption(args)) {
    if (option === 'x') options.commands = args.quoted() ?? args.word() ?? args.fail();
    else if (option === 'a') options.behind = args.quoted() ?? args.word() ?? args.fail();
    else if (option === 'm') options.most = await evaluateWord(context, args);
    else if (option === 'e') options.echo = true;
    else {
      const named = args.match(/([^\s"]*[^\s".])\.([A-Za-z_][\w.]*)/y) ?? args.fail();
      options.type = named[1]?.includes('.') ? args.fail() : (named[1] ?? '');
      options.field = named[2] ?? '';
    }
  }
  return options.type === '' ? args.fail() : options;
}

/** `-m 2 -e`: the next option is not taken off the number. */
async function evaluateWord(context: CommandContext, args: Args): Promise<bigint> {
  const [start, word] = [args.next, args.word() ?? args.fail()];
  return context.evaluate(new Args(args.line, start, start + word.length));
}

const readOption = (args: Args): string | null => args.match(/[-/]([txaem])(?=[\s"]|$)/y)?.[1] ?? null;

/** Where an element has its link, and what to take off the link to come to the next element; in bytes. */
interface Link {
  readonly offset: bigint;
  readonly inside: bigint;
}

/** A link that points to its like in the next element, as a `list_head` does, lies within that element. */
async function readLink(context: CommandContext, { type, field }: ListOptions): Promise<Link> {
  const typed = (text: string): Promise<TypedValue> => context.typed(new Args(text, 0, text.length), 0);
  const link = await typed(`&((${type} *)0)->${field}`);
  const offset = link.integer ?? 0n;
  const holderName = field.slice(0, Math.max(0, field.lastIndexOf('.')));
  if (holderName === '') return { offset, inside: 0n };
  const holder = await typed(`&((${type} *)0)->${holderName}`);
  const leadsTo = link.type.target?.target?.canonicalName;
  const isEmbedded = leadsTo !== undefined && leadsTo === holder.type.target?.canonicalName;
  return { offset, inside: isEmbedded ? (holder.integer ?? 0n) : 0n };
}

/** Until a link is null or leads to an element that was shown. */
async function walk(
  context: CommandContext,
  options: ListOptions,
  link: Link,
  start: bigint,
): Promise<Control> {
  const { state } = context;
  const seen = new Set<bigint>();
  let leave = false;
  for (let element = start; element !== 0n && !seen.has(element); ) {
    if (options.most !== null && BigInt(seen.size) >= options.most) break;
    state.cancel.check();
    seen.add(element);
    state.extensionResult = element;
    const commands = commandsFor(options, element);
    if (options.echo) context.print(commands);
    leave = (await context.run(commands)).leave === true || leave;
    context.print('');
    const next = await readNumber(context.target, element + link.offset, state.pointerSize);
    element = next === 0n ? 0n : BigInt.asUintN(64, next - link.inside);
  }
  return { leave };
}

function commandsFor({ commands, behind }: ListOptions, element: bigint): string {
  const address = /\$extret\b/i.test(commands) ? '' : ` 0x${element.toString(16)}`;
  return `${commands}${address}${behind === '' ? '' : ` ${behind}`}`;
}

export const listCommands: readonly CommandEntry[] = [
  {
    name: '!list',
    family: 'Control flow',
    needs: 'any',
    secure: 'allowed',
    syntax: ['!list -t [Module!]Type.Field [-x "Commands"] [-a "Arguments"] [-e] [-m Max] Start'],
    summary: 'Runs commands once for each element of a linked list.',
    help: '-t names the type of the elements and the field that leads to the next one (`node.next`, `node.links.next`). `@$extret` in the commands (`dp` without -x) is the address of the element; without it the address is put behind them. -a is put behind that; -e shows the commands; at most Max elements. All arguments may stand in one pair of quotes.',
    differences:
      'A link that leads to its like within the next element (`struct list_head`) is taken back to where that element begins. It stops at every element that was there before, not only at the first one: a list that runs into itself ends.',
    example: '!list -t loop!node.next -x "dp" -a "L2" poi(loop!g_head)',
    run: list,
  },
];
