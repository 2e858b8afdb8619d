import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { mayHoldCommands } from '../flow/frame.ts';
import { expectHostAccess, readHostText } from '../host-files.ts';
import { countedStringAt, stringAt } from '../memory/strings.ts';

type ReadValue = (context: CommandContext, args: Args) => Promise<string>;

const SWITCHES: Readonly<Record<string, ReadValue>> = {
  e: async (context, args) => {
    const at = args.next;
    const name = args.word() ?? args.fail(at);
    args.expectEnd();
    expectHostAccess(context.state, context.caller, 'as /e');
    const value = process.env[name];
    if (value === undefined) throw engineErrors.badArgument(`There is no environment variable ${name}`, at);
    return value;
  },
  f: async (context, args) => {
    const at = args.next;
    const path = args.quoted() ?? args.rest();
    return (await readHostText(context.state, context.caller, path, 'as /f', at)).replace(/\r?\n$/, '');
  },
  x: async (context, args) => {
    const value = await context.evaluate(args);
    args.expectEnd();
    return `0x${value.toString(16)}`;
  },
  c: async (context, args) => {
    const at = args.next;
    const commands = args.quoted() ?? args.rest();
    if (commands === '') args.fail(at);
    return (await context.capture(commands)).replace(/\n$/, '');
  },
  ma: (context, args) => inMemory(context, args, (at) => stringAt(context, at, 1)),
  mu: (context, args) => inMemory(context, args, (at) => stringAt(context, at, 2)),
  msa: (context, args) => inMemory(context, args, (at) => countedStringAt(context, at, 1)),
  msu: (context, args) => inMemory(context, args, (at) => countedStringAt(context, at, 2)),
};

async function inMemory(
  context: CommandContext,
  args: Args,
  read: (address: bigint) => Promise<string>,
): Promise<string> {
  const address = await context.evaluate(args);
  args.expectEnd();
  return read(address);
}

/** `as Name RestOfLine`, `aS Name Phrase`, and either with a switch. */
async function setAlias(context: CommandContext, args: Args): Promise<Control | undefined> {
  const option = args.match(/\/(\w+)(?=\s)/y);
  const at = args.next;
  const name = aliasName(args) ?? args.fail(at);
  if (/^(?:as|aS|ad|al)/.test(name))
    throw engineErrors.badArgument('The name of an alias cannot begin with as, aS, ad or al', at);
  const { aliases } = context.state;
  const trusted = context.caller.role === 'owner';
  if (option) {
    const letter = option[1] ?? '';
    const read = Object.hasOwn(SWITCHES, letter) ? SWITCHES[letter] : undefined;
    if (!read) args.fail(at - option[0].length - 1);
    const value = await read(context, args);
    // What comes from the target, or a file, was written by nobody that is known.
    aliases.set(name, value, trusted && !mayHoldCommands(value));
    return undefined;
  }
  if (args.done) args.fail(args.end);
  const value = context.name === 'aS' ? (args.quoted() ?? args.rest()) : args.rest();
  aliases.set(name, value, trusted);
  return undefined;
}

/** `${/v:Name}` stands for the name, so that it can be written where aliases are replaced. */
function aliasName(args: Args): string | null {
  return args.match(/\$\{\/v:([^\s{}]+)\}/y)?.[1] ?? args.match(/[^\s;"]+/y)?.[0] ?? null;
}

async function deleteAlias(context: CommandContext, args: Args): Promise<Control | undefined> {
  const quiet = args.match(/\/q(?=\s)/y) !== null;
  const at = args.next;
  const name = aliasName(args) ?? args.fail(at);
  args.expectEnd();
  const { aliases } = context.state;
  if (name === '*') aliases.clear();
  else if (!aliases.delete(name) && !quiet)
    throw engineErrors.badArgument(`There is no alias '${name}'; al lists them`, at);
  return undefined;
}

const NAME_WIDTH = 16;

async function listAliases(context: CommandContext, args: Args): Promise<Control | undefined> {
  args.expectEnd();
  const all = context.state.aliases.all();
  if (all.length === 0) {
    context.print('No aliases');
    return undefined;
  }
  const lines = all.map(([name, value]) => ` ${name.padEnd(NAME_WIDTH)} ${value} `);
  context.print(['  Alias            Value  ', ' -------          ------- ', ...lines].join('\n'));
  return undefined;
}

const common = { family: 'Control flow', needs: 'none', secure: 'allowed' } as const;
const SWITCH_HELP =
  'A switch takes the text from elsewhere: /x the value of an expression (0x…), /ma and /mu the 8-bit and 16-bit string at an ' +
  'address (/msa and /msu that of a counted string structure, as Wine has them), /c what commands print, /f a file and /e an environment variable of the machine where the engine runs; these ' +
  'forms end at a semicolon.';
const EXPANSION =
  'A name is replaced before the line is read, where it stands by itself between blanks, semicolons, quotes and the ends of the ' +
  'line or block; `${Name}` is replaced anywhere. A new value counts from the next line or block on (.block). A line that ' +
  'begins with as, aS, ad or al keeps its names as they are.';

export const aliasCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'as',
    differences:
      'A file that cannot be read says why, where WinDbg says Out of memory. Files and the environment are the owner’s.',
    syntax: [
      'as Name Text',
      'as /x Name Expression',
      'as {/ma|/mu|/msa|/msu} Name Address',
      'as /c Name Commands',
      'as /f Name File',
      'as /e Name Variable',
    ],
    summary: 'Sets an alias to the rest of the line, semicolons and quotes included.',
    help: `${SWITCH_HELP} ${EXPANSION} \`\${/v:Name}\` as its name keeps it from being replaced.`,
    example: 'as table db loop!g_table L10; .echo shown',
    wholeLine: /^\s+(?!\/)/,
    run: setAlias,
  },
  {
    ...common,
    name: 'aS',
    differences: 'As for as.',
    syntax: ['aS Name Text', 'aS Name "Text"', 'aS {/x|/ma|/mu|/msa|/msu|/c|/f|/e} Name …'],
    summary: 'Sets an alias to a text that ends at the next semicolon, or stands in quotes.',
    help: `${SWITCH_HELP} ${EXPANSION} \`\${/d:Name}\` is 1 where there is such an alias and 0 otherwise, \`\${/f:Name}\` its text or nothing, \`\${/n:Name}\` its name, \`\${/v:Name}\` is never replaced.`,
    example: 'aS where "? @rip"',
    run: setAlias,
  },
  {
    ...common,
    name: 'ad',
    syntax: ['ad [/q] Name', 'ad *'],
    summary: 'Deletes an alias, or all of them.',
    help: 'With /q it says nothing where there is none. $u0 to $u9 cannot be deleted: `r $.u0 =` empties one.',
    example: 'ad *',
    run: deleteAlias,
  },
  {
    ...common,
    name: 'al',
    syntax: ['al'],
    summary: 'Lists the aliases.',
    help: 'Those with names of their own; $u0 to $u9 are set by `r $.u0 = Text` and replaced wherever they stand, before the others.',
    example: 'al',
    run: listAliases,
  },
];
