import { escapeDml, parseDml } from '../../dml/parse.ts';
import { engineErrors } from '../../errors.ts';
import type { OutputKind } from '../../protocol/session.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { helpList, helpOf } from '../help/list.ts';
import { formatted } from '../output/printf.ts';

async function help(context: CommandContext, args: Args): Promise<Control | undefined> {
  const at = args.position;
  const wanted = args.rest();
  if (wanted === '') {
    context.print(helpList(context.commands));
    return undefined;
  }
  const entry =
    context.commands.find((each) => [each.name, ...(each.aliases ?? [])].includes(wanted)) ??
    context.commands.find((each) => each.name.replace(/^\./, '') === wanted.toLowerCase());
  if (!entry) throw engineErrors.badArgument(`There is no command '${wanted}'`, at);
  context.print(helpOf(entry));
  return undefined;
}

async function echo(context: CommandContext, args: Args): Promise<Control | undefined> {
  const text = args.peekRest();
  context.print(/^"(?:[^"\\]|\\.)*"$/.test(text) ? text.slice(1, -1).replace(/\\"/g, '"') : text);
  return undefined;
}

/** The letters of `/o`. */
const KINDS: Readonly<Record<string, OutputKind>> = {
  d: 'debuggee',
  D: 'debuggee',
  e: 'error',
  n: 'normal',
  p: 'normal',
  P: 'prompt-registers',
  s: 'verbose',
  v: 'verbose',
  w: 'warning',
};

async function printf(context: CommandContext, args: Args): Promise<Control | undefined> {
  let kind: OutputKind = 'normal';
  let marked = false;
  const option = /\/(?:(D)|o([dDenpPsvw]))(?=[\s"])/y;
  for (let match = args.match(option); match; match = args.match(option)) {
    if (match[1]) marked = true;
    else kind = KINDS[match[2] ?? 'n'] ?? 'normal';
  }
  if (marked) {
    // What an argument brings, from the target above all, is text whatever it looks like.
    const source = await formatted(context, args, escapeDml);
    const { text, links } = parseDml(source, context.caller.client?.id ?? 0);
    context.host.output(kind, text, links);
  } else context.host.output(kind, await formatted(context, args));
  return undefined;
}

export const outputCommands: readonly CommandEntry[] = [
  {
    name: '.help',
    differences: '.hh shows the same as text: there is no help file to open.',
    aliases: ['.hh'],
    family: 'Output and help',
    syntax: ['.help', '.help Command', '.hh Command'],
    summary: 'Lists the commands, or explains one.',
    help: 'The same text is in the command reference.',
    example: '.help bp',
    needs: 'none',
    run: help,
  },
  {
    name: '.echo',
    family: 'Output and help',
    syntax: ['.echo Text', '.echo "Text"'],
    summary: 'Prints its text, to everybody in the session.',
    help: 'The text ends at a semicolon unless it stands in quotes.',
    example: '.echo "found it; look at frame 2"',
    needs: 'none',
    run: echo,
  },
  {
    name: '.printf',
    differences:
      'l is the target’s long, 64 bits where Windows has 32; %s and %S take the string at an address; marks of DML are left out.',
    family: 'Output and help',
    needs: 'none',
    secure: 'allowed',
    syntax: ['.printf [/D] [/oX] "Format"[, Argument, …]'],
    summary: 'Prints a text with values in it, as printf in C does.',
    help:
      'Conversions are those of C (%d %i %u %o %x %X %c %e %f %g, with width, precision and flags), and %p (a pointer), %ma and ' +
      '%mu (the 8-bit or 16-bit string at an address; %s and %S do the same), %msa and %msu (that of a counted string ' +
      'structure), %y (symbol), %ly (symbol and source line), %N. Integers have 32 bits, with l as many as a long of the target, with I64 or ll ' +
      '64. Of a number without a type, floating-point conversions take 32 bits for a float, with l 64 for a double; ' +
      '`@@c++(…)` has its own. Escapes such as \\n are to be written. /D takes marks of DML in the format: <exec cmd="…">text</exec> is a link that runs a command; /o and a letter (d e n p P s v w) choose the kind of text.',
    example: '.printf "%d of %x at %y\\n", 0n10, 0n10, loop!work',
    run: printf,
  },
];
