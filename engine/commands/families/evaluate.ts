import type { Radix } from '../../expressions/numbers.ts';
import { hex64 } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { helpList } from '../help/list.ts';

async function question(context: CommandContext, args: Args): Promise<Control | undefined> {
  if (args.done) {
    context.print(helpList(context.commands));
    return undefined;
  }
  const value = await context.evaluate(args);
  args.expectEnd();
  context.state.lastExpression = value;
  context.print(`Evaluate expression: ${BigInt.asIntN(64, value)} = ${hex64(value)}`);
  return undefined;
}

async function radix(context: CommandContext, args: Args): Promise<Control | undefined> {
  const wanted = args.match(/(8|10|16)\b/y)?.[1];
  if (wanted !== undefined) context.state.radix = Number(wanted) as Radix;
  else if (!args.done) args.fail(args.position);
  args.expectEnd();
  context.print(`base is ${context.state.radix}`);
  return undefined;
}

export const evaluateCommands: readonly CommandEntry[] = [
  {
    name: '?',
    family: 'Output and help',
    syntax: ['? Expression', '?'],
    summary: 'Evaluates an expression; alone it lists the commands.',
    help:
      'The value is shown as a signed decimal number and in hexadecimal. Numbers are hexadecimal unless ' +
      '`n` says otherwise (`0n` decimal, `0t` octal, `0y` binary); a symbol stands for its address, ' +
      '`poi(…)` and `by wo dwo qwo` for what is stored at one.',
    example: '? loop!g_count+4',
    needs: 'none',
    glue: /^/,
    run: question,
  },
  {
    name: 'n',
    family: 'Output and help',
    syntax: ['n [8|10|16]'],
    summary: 'Sets or shows the base that numbers without a prefix are read in.',
    help: 'It is 16 at the start. Line numbers, breakpoint ids and thread indexes are always decimal.',
    example: 'n 10',
    needs: 'none',
    glue: /^\d/,
    run: radix,
  },
];
