import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { helpList, helpOf } from '../help/list.ts';

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

export const outputCommands: readonly CommandEntry[] = [
  {
    name: '.help',
    family: 'Output and help',
    syntax: ['.help', '.help Command'],
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
];
