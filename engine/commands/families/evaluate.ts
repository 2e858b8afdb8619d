import type { Radix } from '../../expressions/numbers.ts';
import { resultText } from '../../format/address.ts';
import { formatsText } from '../../format/formats.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { integerOf, typeForCast } from '../evaluate/cpp.ts';
import { showTyped } from '../evaluate/typed.ts';
import { helpList } from '../help/list.ts';
import { typedValue } from '../scope.ts';

async function question(context: CommandContext, args: Args): Promise<Control | undefined> {
  if (args.done) {
    context.print(helpList(context.commands));
    return undefined;
  }
  const value = await context.evaluate(args);
  args.expectEnd();
  context.state.lastExpression = value;
  context.print(
    `Evaluate expression: ${BigInt.asIntN(64, value)} = ${resultText(value, context.state.pointerSize)}`,
  );
  return undefined;
}

async function typed(context: CommandContext, args: Args): Promise<Control | undefined> {
  const at = args.next;
  // All of it, commas too.
  const text = args.rest();
  if (text === '') args.fail(at);
  const value = await typedValue(context.state, text, 1);
  if (value.integer !== undefined) context.state.lastExpression = BigInt.asUintN(64, value.integer);
  await showTyped(context, value);
  return undefined;
}

async function formats(context: CommandContext, args: Args): Promise<Control | undefined> {
  const value = await context.evaluate(args);
  args.expectEnd();
  const isShort = context.state.pointerSize === 4 && value <= 0xffff_ffffn;
  context.print(formatsText(value, isShort ? 32 : 64));
  return undefined;
}

const EVALUATORS = {
  masm: 'MASM - Microsoft Assembler expressions',
  'c++': 'C++ - C++ source expressions',
} as const;

async function evaluator(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  if (args.match(/\/q(?=\s|$)/y))
    context.print(['Available expression evaluators:', ...Object.values(EVALUATORS)].join('\n'));
  else if (args.match(/\/s(?=\s)/y)) {
    const at = args.next;
    const wanted = args.word()?.toLowerCase();
    if (wanted !== 'masm' && wanted !== 'c++') args.fail(at);
    state.evaluator = wanted;
  }
  args.expectEnd();
  context.print(`Current expression evaluator: ${EVALUATORS[state.evaluator]}`);
  return undefined;
}

/** `r? $t0 = Expression`: with its type. */
async function setTyped(context: CommandContext, args: Args): Promise<Control | undefined> {
  const at = args.next;
  const index = Number(args.match(/@?\$t(\d{1,2})\s*=/iy)?.[1] ?? args.fail(at));
  const { temporaries, temporaryTypes } = context.state;
  if (index >= temporaries.length) args.fail(at);
  const value = await context.typed(args, 0);
  args.expectEnd();
  temporaries[index] = integerOf(value);
  temporaryTypes[index] = typeForCast(value.type);
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
    name: '??',
    differences:
      'GDB evaluates, in the language of the frame, and C++ where that fails. Functions of the target are not called.',
    changes: 'by assignment',
    family: 'Output and help',
    syntax: ['?? Expression'],
    summary: 'Evaluates a C++ expression, with its type.',
    help:
      'A symbol stands for its value. Numbers are decimal unless they begin with 0x (hexadecimal) or 0 (octal), whatever n says. ' +
      'Registers need their at-sign; `@@masm(…)` is an expression of the other kind. Of structures, and of what pointers to ' +
      'them point to, the members are shown. Assignments change the target; functions of the target cannot be called.',
    example: '?? g_head->value + sizeof(int)',
    needs: 'none',
    secure: 'allowed',
    glue: /^/,
    run: typed,
  },
  {
    name: '.formats',
    family: 'Output and help',
    syntax: ['.formats Expression'],
    summary: 'Shows a number in every notation.',
    help: 'As a time, up to 32 bits are seconds since 1970, and more are the ticks of Windows since 1601.',
    example: '.formats 5f3e2a10',
    needs: 'none',
    secure: 'allowed',
    run: formats,
  },
  {
    name: '.expr',
    family: 'Output and help',
    syntax: ['.expr', '.expr /s {masm|c++}', '.expr /q'],
    summary: 'Shows or sets which evaluator reads the expressions of commands.',
    help:
      'MASM at the start: numbers are hexadecimal, a symbol is its address. C++: numbers are decimal, a symbol is its value. ' +
      '`@@c++(…)` and `@@masm(…)` choose one within an expression, `@@(…)` is the other one. ?? is always C++.',
    example: '.expr /s masm',
    needs: 'none',
    secure: 'allowed',
    run: evaluator,
  },
  {
    name: 'r?',
    changes: 'by assignment',
    family: 'Registers and code',
    syntax: ['r? $tN = Expression'],
    summary: 'Sets a pseudo-register from $t0 to $t19 to a C++ expression, with its type.',
    help: 'In C++ expressions it has that type from then on: `?? @$t0->next`.',
    example: 'r? $t0 = g_head; ?? @$t0->value',
    needs: 'none',
    secure: 'allowed',
    glue: /^[\s@$]/,
    run: setTyped,
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
