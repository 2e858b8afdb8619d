import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { gdbExpression, integerOf } from '../evaluate/cpp.ts';
import { showTyped } from '../evaluate/typed.ts';
import { masmValue } from '../scope.ts';

async function call(context: CommandContext, args: Args): Promise<undefined> {
  const { state, target } = context;
  const at = args.next;
  args.match(/\/v(?=\s)/y);
  if (args.match(/\/[cC](?=\s|$)/y)) throw engineErrors.badArgument('There is no call to abandon', at);
  if (args.match(/\/s(?=\s)/y))
    throw engineErrors.unsupported(
      '.call /s',
      'prototypes come from debug information only',
      'Cast the address: .call ((int (*)(int))0x401136)(3).',
    );
  const expression = args.rest();
  if (!/\)\s*$/.test(expression)) args.fail(at);
  const translated = await gdbExpression(state, expression, (text) => masmValue(state, text), true);
  const abort = new AbortController();
  const work = target.call(translated, state.context, 1, abort.signal);
  const value = await state.cancel.during(work, () => abort.abort());
  state.forgetCode();
  if (value === null) {
    context.print('.call returns:\n<void>');
    return;
  }
  if (value.integer !== undefined) state.callResult = integerOf(value);
  context.print('.call returns:');
  await showTyped(context, value);
}

export const callCommands: readonly CommandEntry[] = [
  {
    name: '.call',
    family: 'Execution',
    needs: 'live',
    once: true,
    threads: 'none',
    secure: 'allowed',
    syntax: ['.call [/v] Function(Arguments)'],
    summary: 'Calls a function of the target.',
    help: 'Arguments are C++ expressions. The other threads stand still and breakpoints are out meanwhile; a signal or a break-in ends the call, and everything is as it was before. What it returns is shown, and kept in $callret.',
    example: '.call helper(3)',
    differences: 'It runs at once; WinDbg’s runs at the next g. So there is nothing to abandon (/c, /C).',
    run: call,
  },
];
